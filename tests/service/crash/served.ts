/** `overwall serve` as a process of its own, to be killed. */
import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { expect } from 'vitest'

export interface Served {
  readonly url: string
  /** printed on the first start */
  readonly operatorKey: string | undefined
  /** with SIGKILL; resolves once the process is gone */
  readonly kill: () => Promise<void>
}

export async function serve(scenario: string, database: string, clock: string): Promise<Served> {
  const args = ['src/cli/main.ts', 'serve', scenario, '--db', database, '--clock', clock, '--port', '0']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const printed = { out: '', err: '' }
  child.stdout.on('data', (text: Buffer) => (printed.out += text.toString()))
  child.stderr.on('data', (text: Buffer) => (printed.err += text.toString()))
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  while (!/http:\/\/\S+?,/.test(printed.out)) {
    expect(child.exitCode, printed.err).toBe(null)
    await setTimeout(20)
  }
  const url = /http:\/\/[^\s,]+/.exec(printed.out)![0]
  await ready(url, child)
  const operatorKey = /Operator key, shown this once: (\S+)/.exec(printed.out)?.[1]
  return {
    url,
    operatorKey,
    kill: () => {
      child.kill('SIGKILL')
      return gone
    },
  }
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined)
    if (answer?.status === 200) return
    await setTimeout(20)
  }
}

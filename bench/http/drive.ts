/** The processes of the HTTP benchmarks from outside: started, asked what they used, and what they are sent. */
import { fork, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import type autocannon from 'autocannon'

export interface Usage {
  readonly cpu: { readonly user: number; readonly system: number }
  readonly held: { readonly maxMs: number; readonly p99Ms: number }
  readonly rss: number
}

export interface Served {
  readonly child: ChildProcess
  readonly url: string
  readonly operatorKey: string
  readonly keys: readonly string[]
  readonly zone: string
  readonly intervals: readonly string[]
  readonly nextInterval: string
}

export async function startServed(file: string, ...args: string[]): Promise<Served> {
  const child = fork(path.join(import.meta.dirname, file), args)
  const [said] = await new Promise<[Omit<Served, 'child'>]>((resolve, reject) => {
    child.once('message', (message) => resolve([message as Omit<Served, 'child'>]))
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)))
  })
  return { child, ...said }
}

export function usage({ child }: Served, ask: 'usage' | 'reset' = 'usage'): Promise<Usage> {
  return new Promise((resolve) => {
    child.once('message', (message) => resolve(message as Usage))
    child.send(ask)
  })
}

/** Bodies of a fixed mix of members, intervals and prices; each connection goes round in them. */
export function orderRequests({ keys, intervals, zone }: Served, size: number): autocannon.Request[] {
  return Array.from({ length: 400 }, (_, at) => {
    const order = (index: number) => ({
      interval: intervals[(at * 7 + index) % intervals.length]!,
      side: 'buy',
      price: (0.2 + ((at * 31 + index * 17) % 2500) / 10_000).toFixed(4),
      quantity: '0.001',
    })
    const body = size === 1 ? order(0) : Array.from({ length: size }, (__, index) => order(index % 4))
    return {
      method: 'POST',
      path: `/v1/zones/${zone}/orders`,
      headers: { authorization: `Bearer ${keys[at % keys.length]!}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
  })
}

/** Reads of the clearing of one interval, which is cleared by then. */
export function readRequests({ zone, keys, nextInterval }: Served): autocannon.Request[] {
  return keys.map((key) => ({
    method: 'GET',
    path: `/v1/zones/${zone}/clearings/${nextInterval}`,
    headers: { authorization: `Bearer ${key}` },
  }))
}

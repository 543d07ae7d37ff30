/**
 * `npm run soak`: the service under a steady load for ten minutes, OVERWALL_SOAK_SECONDS for less: orders, reads, a gate every
 * few seconds. Memory and refusals every ten seconds; at the end how much the resident memory of the last third lies above
 * that of the middle one.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import autocannon from 'autocannon'
import { orderRequests, startServed, usage } from './http/drive.ts'
import { digits, median } from './timing.ts'

const seconds = Number(process.env['OVERWALL_SOAK_SECONDS'] ?? 600)
const everySeconds = 10
const requestsPerSecond = 300

const folder = mkdtempSync(path.join(tmpdir(), 'overwall-soak-'))
const served = await startServed('served.ts', `sqlite:${path.join(folder, 'market.db')}`, '200')
try {
  const requests = [
    ...orderRequests(served, 1),
    ...orderRequests(served, 20).slice(0, 40),
    ...served.keys.map((key) => ({
      method: 'GET' as const,
      path: `/v1/zones/${served.zone}/intervals?limit=20`,
      headers: { authorization: `Bearer ${key}` },
    })),
  ]
  const load = autocannon({
    url: served.url,
    connections: 10,
    duration: seconds,
    overallRate: requestsPerSecond,
    requests,
  })
  const megabytes: number[] = []
  for (let passed = 0; passed < seconds; passed += everySeconds) {
    await setTimeout(everySeconds * 1000)
    megabytes.push((await usage(served)).rss / 2 ** 20)
    process.stdout.write(`${passed + everySeconds} s: ${Math.round(megabytes.at(-1)!)} MB\n`)
  }
  const { requests: done, non2xx, errors, latency } = await load
  const third = Math.floor(megabytes.length / 3)
  const [middle, last] = [megabytes.slice(third, 2 * third), megabytes.slice(-third)].map(median) as [
    number,
    number,
  ]
  const row = { seconds, requests: done.total, refused: non2xx, errors, p99Ms: latency.p99 }
  process.stdout.write(
    `${JSON.stringify({ ...row, middleMb: Math.round(middle), lastMb: Math.round(last), growth: digits(last / middle) })}\n`,
  )
} finally {
  served.child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
}

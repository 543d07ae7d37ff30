/** The service of the pilot in a process of its own, for the HTTP benchmark: `served.ts DATABASE CLOCK`. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { readFileSync } from 'node:fs'
import pino from 'pino'
import { readSeeds } from '../../src/cli/files.ts'
import { makeKeyFor } from '../../src/service/market/enter-members.ts'
import { intervalName } from '../../src/service/market/timeline.ts'
import { startService } from '../../src/service/server.ts'
import type { ClockChoice } from '../../src/service/clock.ts'

const [database, clockText] = process.argv.slice(2) as [string, string]
const file = 'scenarios/jindong-pilot.yaml'
const unlimited = { perKey: 1e12, perAddress: 1e12, wrongKeys: 1e12, delayMs: 1e6, waitingOrders: 100_000 }
const clock: ClockChoice =
  clockText === 'manual' ? { kind: 'manual' } : { kind: 'scaled', speed: Number(clockText) }

const { url, market, operatorKey } = await startService({
  scenario: { file, text: readFileSync(file, 'utf8'), seeds: readSeeds(), readData: () => undefined },
  database,
  clock,
  host: '127.0.0.1',
  port: 0,
  demo: false,
  log: pino({ level: 'warn' }),
  version: '0.0.0',
  limits: unlimited,
  saveUnproved: () => 'nowhere',
})
const buyers = market.members.all.filter(({ kind }) => kind === 'enterprise')
const keys = []
for (const { participant } of buyers)
  keys.push(await makeKeyFor(market.store.access, { id: participant }, 'bench', { atMs: market.clock.now() }))
await market.directory.refresh()

const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
process.on('message', (asked: 'usage' | 'reset') => {
  process.send!({
    cpu: process.cpuUsage(),
    held: { maxMs: delay.max / 1e6, p99Ms: delay.percentile(99) / 1e6 },
    rss: process.memoryUsage().rss,
  })
  if (asked === 'reset') delay.reset()
})
const { openFrom } = market.store.orders
process.send!({
  url,
  operatorKey,
  keys,
  zone: market.model.zone.scenario,
  // Far enough ahead that none closes while the benchmark runs, at a quarter-hour a second too.
  intervals: Array.from({ length: 300 }, (_, at) => intervalName(openFrom + 300 + at)),
  nextInterval: intervalName(openFrom),
})

/**
 * `npm run bench -- http`: the service on both databases under load, beside a bare Fastify that checks the same bodies with the
 * same schema and keeps nothing, by turns in one run. `ratio` is our requests a second over the floor's, `ofSqlite`
 * PostgreSQL's over SQLite's; `cpuRatio` the former by the CPU time of the two processes, which other work on the machine
 * disturbs less. Every turn takes some seconds; rows are medians of the turns.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import autocannon from 'autocannon'
import { startPostgres } from '../tests/store/postgres-server.ts'
import { orderRequests, readRequests, startServed, usage, type Served } from './http/drive.ts'
import { digits, median } from './timing.ts'

const seconds = 4
const turns = 3
const connections = 40

const databases = ['sqlite', 'postgres'] as const
type Database = (typeof databases)[number]
type Sides = { readonly floor: Served } & Readonly<Partial<Record<Database, Served>>>

export async function benchHttp(): Promise<object[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'overwall-bench-'))
  const postgres = await startPostgres({ durable: true })
  const floor = await startServed('floor.ts')
  const address = async (database: Database, name: string) =>
    database === 'sqlite' ? `sqlite:${path.join(folder, name)}` : postgres.database()
  const serving = async (
    clock: string,
    served: readonly Database[],
    bench: (sides: Sides) => Promise<object[]>,
  ) => {
    const sides: { floor: Served } & Partial<Record<Database, Served>> = { floor }
    for (const database of served)
      sides[database] = await startServed('served.ts', await address(database, `${clock}.db`), clock)
    try {
      return await bench(sides)
    } finally {
      for (const database of served) sides[database]!.child.kill('SIGKILL')
    }
  }
  try {
    const rows = await serving('manual', databases, atRest)
    // A quarter-hour a second: every second a gate closes, clears and settles. One market at a time has the machine.
    for (const database of databases) rows.push(...(await serving('900', [database], auctionRunning)))
    return rows
  } finally {
    floor.child.kill('SIGKILL')
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function atRest(sides: Sides): Promise<object[]> {
  return [
    ...(await compared('single-orders', sides, (served) => orderRequests(served, 1), 1)),
    ...(await compared('batches-of-100', sides, (served) => orderRequests(served, 100), 100)),
    await largeGate('sqlite', sides.sqlite!),
    await largeGate('postgres', sides.postgres!),
    ...(await compared('cached-reads', sides, readRequests, 1)),
  ]
}

async function auctionRunning(sides: Sides): Promise<object[]> {
  return [
    ...(await compared('single-orders-auction-running', sides, (served) => orderRequests(served, 1), 1)),
    ...(await compared('mix-auction-running', sides, mixed, 1)),
  ]
}

/** Of 26 requests twenty are single orders, five reads of a clearing, one a batch of 100 orders. */
function mixed(served: Served): autocannon.Request[] {
  const reads = readRequests(served)
  const batches = orderRequests(served, 100)
  return orderRequests(served, 1).flatMap((order, at) => [
    order,
    ...(at % 4 === 0 ? [reads[(at / 4) % reads.length]!] : []),
    ...(at % 20 === 0 ? [batches[at]!] : []),
  ])
}

const gateOrders = 200_000

/** A gate of many orders closes while single orders come in: how long the event loop is held, beside how long without. */
async function largeGate(database: Database, served: Served): Promise<object> {
  const { url, zone, keys, nextInterval, operatorKey } = served
  const post = async (path: string, key: string, body: unknown) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(await answer.text())
  }
  for (let batch = 0; batch < gateOrders / 1000; batch++) {
    const orders = Array.from({ length: 1000 }, (_, at) => ({
      interval: nextInterval,
      side: 'buy',
      price: (0.2 + ((batch * 37 + at * 17) % 2500) / 10_000).toFixed(4),
      quantity: '0.001',
    }))
    await post(`/v1/zones/${zone}/orders`, keys[batch % keys.length]!, orders)
  }
  const requests = orderRequests(served, 1)
  await usage(served, 'reset')
  await measure(served, requests)
  const before = (await usage(served, 'reset')).held
  const loading = measure(served, requests)
  const start = performance.now()
  await post('/v1/clock', operatorKey, { intervals: 1 })
  const gateMs = performance.now() - start
  await loading
  const { held } = await usage(served)
  return {
    bench: 'http',
    workload: `gate-of-${gateOrders}`,
    database,
    gateMs: digits(gateMs),
    heldMaxMs: digits(held.maxMs),
    heldMaxWithoutMs: digits(before.maxMs),
    heldP99Ms: digits(held.p99Ms),
    heldP99WithoutMs: digits(before.p99Ms),
  }
}

interface Measured {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly cpuUs: number
  readonly refused: number
}

async function measure(served: Served, requests: autocannon.Request[]): Promise<Measured> {
  const before = await usage(served)
  const result = await autocannon({ url: served.url, connections, duration: seconds, requests })
  const after = await usage(served)
  const cpuUs = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system
  const count = result.requests.total
  return {
    perSecond: count / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    cpuUs: cpuUs / count,
    refused: result.non2xx + result.errors,
  }
}

async function compared(
  workload: string,
  sides: Sides,
  requestsOf: (served: Served) => autocannon.Request[],
  ordersEach: number,
): Promise<object[]> {
  const measured: Record<'floor' | Database, Measured[]> = { floor: [], sqlite: [], postgres: [] }
  const served = databases.filter((database) => sides[database])
  for (let turn = 0; turn <= turns; turn++)
    for (const side of ['floor', ...served] as const) {
      // The floor lets every key in, and every interval.
      const requests = requestsOf(sides[side === 'floor' ? served[0]! : side]!)
      const each = await measure(sides[side]!, requests)
      // The first turn warms up.
      if (turn > 0) measured[side].push(each)
    }
  const of = (side: 'floor' | Database, field: keyof Measured) =>
    median(measured[side].map((each) => each[field]))
  const perSecond = (side: 'floor' | Database) => of(side, 'perSecond')
  return served.map((database) => ({
    bench: 'http',
    workload,
    database,
    ratio: digits(perSecond(database) / perSecond('floor')),
    // Of PostgreSQL most of the work is in processes of its own.
    ...(database === 'sqlite' ? { cpuRatio: digits(of('floor', 'cpuUs') / of(database, 'cpuUs')) } : {}),
    ...(database === 'postgres' && sides.sqlite
      ? { ofSqlite: digits(perSecond('postgres') / perSecond('sqlite')) }
      : {}),
    perSecond: Math.round(perSecond(database) * ordersEach),
    floorPerSecond: Math.round(perSecond('floor') * ordersEach),
    p99Ms: of(database, 'p99'),
    floorP99Ms: of('floor', 'p99'),
    refused: of(database, 'refused'),
  }))
}

/**
 * What the store acknowledges a second, on both databases, beside what the disk takes from a program that does nothing
 * else: 100 clients that ask again as soon as they are answered; a clearing of 200,000 orders; a start after 1,000,000.
 */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { DatabaseSync } from 'node:sqlite'
import { quarterStartMs } from '../src/base/quarter.ts'
import { openStore } from '../src/store/open.ts'
import type { MarketStore, NewOrder } from '../src/store/port.ts'
import { clearingOf } from '../tests/store/markets.ts'
import { startPostgres } from '../tests/store/postgres-server.ts'
import { digits, median } from './timing.ts'

const first = 1_998_336
const clients = 100
const bytesOfOrder = 41
const rounds = 3

interface Place {
  readonly database: 'sqlite' | 'postgres'
  address(): Promise<string>
}

export async function benchStore(): Promise<object[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'overwall-bench-'))
  const postgres = await startPostgres({ durable: true })
  let files = 0
  const places: readonly Place[] = [
    { database: 'sqlite', address: async () => `sqlite:${path.join(folder, `${files++}.db`)}` },
    { database: 'postgres', address: () => postgres.database() },
  ]
  const rows: object[] = []
  try {
    rows.push(...floors(folder))
    for (const place of places) {
      rows.push(await rate(place, { workload: 'single', batch: 1, orders: 100_000 }))
      rows.push(await rate(place, { workload: 'single-keyed', batch: 1, orders: 60_000, keyed: true }))
      rows.push(await rate(place, { workload: 'batch-100', batch: 100, orders: 1_000_000 }))
      rows.push(await changes(place))
      rows.push(await fullGate(place))
      rows.push(await recovery(place))
    }
  } finally {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return rows
}

/** The same bytes, written by nothing but the database or the file system. */
function floors(folder: string): object[] {
  const file = path.join(folder, 'floor.db')
  const db = new DatabaseSync(file)
  db.exec(
    'pragma journal_mode = wal; pragma synchronous = full; create table floor (seq integer primary key, bytes blob)',
  )
  const insert = db.prepare('insert into floor (bytes) values (?)')
  const log = openSync(path.join(folder, 'floor.log'), 'a')
  const floor = (workload: string, orders: number, write: (bytes: Uint8Array) => void) => {
    const bytes = new Uint8Array(orders * bytesOfOrder)
    const commits = 1_000
    const seconds = median(
      Array.from({ length: rounds }, () => {
        const start = performance.now()
        for (let commit = 0; commit < commits; commit++) write(bytes)
        return (performance.now() - start) / 1000
      }),
    )
    return { bench: 'store', workload, ordersPerSecond: Math.round((orders * commits) / seconds) }
  }
  try {
    return [
      floor('floor-sqlite-row', 1, (bytes) => insert.run(bytes)),
      floor('floor-sqlite-100', 100, (bytes) => insert.run(bytes)),
      floor('floor-file-100', 100, (bytes) => {
        writeSync(log, bytes)
        fdatasyncSync(log)
      }),
    ]
  } finally {
    db.close()
    closeSync(log)
  }
}

interface Workload {
  readonly workload: string
  /** orders a request */
  readonly batch: number
  readonly orders: number
  readonly keyed?: boolean
}

async function rate(place: Place, { workload, batch, orders, keyed = false }: Workload): Promise<object> {
  const runs: { ordersPerSecond: number; waits: number[]; cpu: number; busy: number }[] = []
  for (let round = 0; round < rounds; round++) {
    await using store = await openBench(place)
    const cpu = process.cpuUsage()
    const loop = performance.eventLoopUtilization()
    const { seconds, waits } = await ask(store, { batch, orders, keyed })
    const spent = process.cpuUsage(cpu)
    const busy = performance.eventLoopUtilization(loop).utilization
    runs.push({ ordersPerSecond: orders / seconds, waits, cpu: (spent.user + spent.system) / orders, busy })
  }
  const middle = runs.toSorted((a, b) => a.ordersPerSecond - b.ordersPerSecond)[rounds >> 1]!
  return {
    bench: 'store',
    workload,
    database: place.database,
    ordersPerSecond: Math.round(middle.ordersPerSecond),
    requestsPerSecond: Math.round(middle.ordersPerSecond / batch),
    ...percentiles(middle.waits),
    microsecondsPerOrder: digits(middle.cpu),
    eventLoop: digits(middle.busy, 2),
  }
}

async function ask(
  store: MarketStore,
  { batch, orders, keyed }: { batch: number; orders: number; keyed: boolean },
): Promise<{ seconds: number; waits: number[] }> {
  const waits: number[] = []
  let sent = 0
  const start = performance.now()
  const client = async (participant: number) => {
    while (sent < orders) {
      const asking = Array.from({ length: batch }, (_, index) => order(sent + index))
      sent += batch
      const began = performance.now()
      const idempotency = keyed && { key: `key-${sent}`, body: 'a request of some length '.repeat(7) }
      await store.orders.place({
        participant,
        origin: 0,
        orders: asking,
        ...(idempotency && { idempotency }),
      })
      waits.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, at) => client(at + 1)))
  return { seconds: (performance.now() - start) / 1000, waits }
}

/** Every order is replaced, then cancelled. */
async function changes(place: Place): Promise<object> {
  await using store = await openBench(place)
  const count = 20_000
  await ask(store, { batch: 100, orders: count, keyed: false })
  const owned = Array.from({ length: clients }, (_, at) =>
    [0, 1, 2, 3].flatMap((later) => store.orders.ofParticipant(at + 1, first + later)),
  )
  const start = performance.now()
  await Promise.all(
    owned.map(async (orders) => {
      for (const { key, participant, ...terms } of orders) {
        await store.orders.replace({ participant, key, expectedVersion: 1, terms })
        await store.orders.cancel({ participant, key, expectedVersion: 2 })
      }
    }),
  )
  const seconds = (performance.now() - start) / 1000
  return {
    bench: 'store',
    workload: 'changes',
    database: place.database,
    changesPerSecond: Math.round((2 * count) / seconds),
  }
}

/** A gate with 200,000 orders is closed and recorded while orders for the next one come in. */
async function fullGate(place: Place): Promise<object> {
  await using store = await openBench(place)
  const count = 200_000
  for (let sent = 0; sent < count; sent += 1_000)
    await store.orders.place({
      participant: 1 + (sent % 500),
      origin: 0,
      orders: Array.from({ length: 1_000 }, (_, index) => ({ ...order(sent + index), interval: first })),
    })
  const recording = new AbortController()
  const waits: number[] = []
  const trading = Array.from({ length: 20 }, async (_, at) => {
    while (!recording.signal.aborted) {
      const began = performance.now()
      await store.orders.place({
        participant: at,
        origin: 0,
        orders: [{ ...order(at), interval: first + 1 }],
      })
      waits.push(performance.now() - began)
    }
  })
  await new Promise((resolve) => setTimeout(resolve, 500))
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const start = performance.now()
  const by = { atMs: quarterStartMs(first + 1) }
  await store.intervals.close(first, by)
  const closedMs = performance.now() - start
  const record = clearingOf(first, store.orders.booked(first))
  await store.intervals.clear({ ...record, result: new Uint8Array(4_000_000) }, by)
  const clearedMs = performance.now() - start
  recording.abort()
  delay.disable()
  await Promise.all(trading)
  return {
    bench: 'store',
    workload: 'gate-200000',
    database: place.database,
    closedMs: digits(closedMs),
    clearedMs: digits(clearedMs),
    ordersMeanwhile: percentiles(waits),
    eventLoopHeldMs: digits(delay.max / 1e6),
  }
}

async function recovery(place: Place): Promise<object> {
  const address = await place.address()
  const orders = 1_000_000
  const store = await openBench({ ...place, address: async () => address })
  await ask(store, { batch: 100, orders, keyed: false })
  const { live } = store.orders.totals(first)
  await store.close()
  const seconds: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    await using again = await openBench({ ...place, address: async () => address })
    seconds.push((performance.now() - start) / 1000)
    if (again.orders.totals(first).live !== live) throw new Error('a start lost orders')
  }
  return { bench: 'store', workload: 'start-1e6', database: place.database, seconds: digits(median(seconds)) }
}

async function openBench(place: Place): Promise<MarketStore> {
  const create = { name: 'bench', definition: '{}', firstInterval: first }
  return openStore(await place.address(), { now: () => quarterStartMs(first), create, waitingEventsMax: 1e9 })
}

/** Four intervals, as of participants that bid for the next hour. */
function order(number: number): NewOrder {
  return {
    interval: first + (number % 4),
    side: (number & 1) as 0 | 1,
    bus: number % 50,
    limitTicks: 2_000 + (number % 5_000),
    quantityWh: 1_000 + (number % 400_000),
  }
}

function percentiles(waits: readonly number[]): { p50Ms: number; p99Ms: number; maxMs: number } {
  const sorted = waits.toSorted((a, b) => a - b)
  const at = (share: number) => digits(sorted[Math.floor(share * (sorted.length - 1))]!)
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) }
}

/** What is recorded about intervals. */
import { unpack } from '../../columns.ts'
import { StoreFault } from '../../fault.ts'
import { ordersLayout, outcomesLayout, postingsLayout, tradesLayout } from '../../layouts.ts'
import type {
  ClearingResult,
  IntervalRange,
  IntervalRecord,
  IntervalRow,
  SettlementRecord,
} from '../../port.ts'
import type { BookedOrders, Outcomes, Trades } from '../../records.ts'
import { type Database, first, sql } from '../query.ts'
import type { Tables } from '../tables.ts'

export const pageRows = 1000

/** Rows of closed intervals. */
export async function intervalRows(db: Database, range: IntervalRange): Promise<IntervalRow[]> {
  const { from, to, limit = pageRows } = range
  const rows = await db.all<Tables['interval']>(
    sql`select * from interval where interval >= ${from} and interval < ${to} order by interval limit ${limit}`,
  )
  return rows.map((row) => ({
    interval: row.interval,
    state: row.settled_ms !== null ? 'settled' : row.cleared_ms !== null ? 'cleared' : 'closed',
    closedMs: row.closed_ms,
    ...(row.cleared_ms !== null && { clearedMs: row.cleared_ms }),
    ...(row.settled_ms !== null && { settledMs: row.settled_ms }),
    settlements: row.settlements,
    ...(row.result_hash !== null && { resultHash: row.result_hash }),
  }))
}

export async function unsettledIntervals(db: Database, limit: number): Promise<number[]> {
  const rows = await db.all<{ interval: number }>(
    sql`select interval from interval where settlements = 0 and cleared_ms is not null
        order by interval limit ${limit}`,
  )
  return rows.map(({ interval }) => interval)
}

export async function clearingResults(db: Database, range: IntervalRange): Promise<ClearingResult[]> {
  const { from, to, limit = pageRows } = range
  return db.all(
    sql`select interval.interval, bytes as result, result_hash as hash, cleared_ms as "clearedMs"
          from interval join part on part.interval = interval.interval and round = 0 and name = 'result'
         where interval.interval >= ${from} and interval.interval < ${to}
         order by interval.interval limit ${limit}`,
  )
}

export async function ordersOf(
  db: Database,
  interval: number,
): Promise<{ orders: BookedOrders; outcomes: Outcomes } | undefined> {
  const parts = await partsOf(db, { interval, round: 0, names: ['orders', 'outcomes'] })
  if (!parts.orders || !parts.outcomes) return undefined
  return { orders: unpack(ordersLayout, parts.orders), outcomes: unpack(outcomesLayout, parts.outcomes) }
}

/** Trades of an interval with the orders they are between; of the last settlement if asked for and there is one. */
export async function tradesOf(
  db: Database,
  { interval, settled }: { interval: number; settled: boolean },
): Promise<{ orders: BookedOrders; trades: Trades } | undefined> {
  const { orders, trades } = await partsOf(db, { interval, round: 0, names: ['orders', 'trades'] })
  if (!orders || !trades) return undefined
  const last = settled ? await lastRound(db, interval) : 0
  const newer = last > 0 ? await partsOf(db, { interval, round: last, names: ['trades'] }) : {}
  return { orders: unpack(ordersLayout, orders), trades: unpack(tradesLayout, newer.trades ?? trades) }
}

export async function intervalRecord(db: Database, interval: number): Promise<IntervalRecord | undefined> {
  const [result] = await clearingResults(db, { from: interval, to: interval + 1 })
  if (!result) return undefined
  const part = await partsWhole(db, interval, 0)
  const { hash, clearedMs } = result
  return {
    interval,
    orders: unpack(ordersLayout, part('orders')),
    outcomes: unpack(outcomesLayout, part('outcomes')),
    trades: unpack(tradesLayout, part('trades')),
    postings: unpack(postingsLayout, part('postings')),
    result: result.result,
    hash,
    clearedMs,
    settlements: await settlementsOf(db, interval),
  }
}

async function settlementsOf(db: Database, interval: number): Promise<SettlementRecord[]> {
  const rounds = await db.all<Pick<Tables['settlement'], 'round' | 'meter_seq'>>(
    sql`select round, meter_seq from settlement where interval = ${interval} order by round`,
  )
  const records: SettlementRecord[] = []
  for (const { round, meter_seq } of rounds) {
    const part = await partsWhole(db, interval, round)
    const trades = unpack(tradesLayout, part('trades'))
    const postings = unpack(postingsLayout, part('postings'))
    records.push({ interval, round, meterSeq: meter_seq, trades, postings, result: part('result') })
  }
  return records
}

async function lastRound(db: Database, interval: number): Promise<number> {
  const row = await first<Pick<Tables['interval'], 'settlements'>>(
    db,
    sql`select settlements from interval where interval = ${interval}`,
  )
  return row?.settlements ?? 0
}

/** @returns finds a part by its name, and throws StoreFault `damaged` where it is gone */
async function partsWhole(
  db: Database,
  interval: number,
  round: number,
): Promise<(name: string) => Uint8Array> {
  const parts = await partsOf(db, { interval, round })
  return (name) => {
    const part = parts[name]
    if (part) return part
    throw new StoreFault('damaged', `the record of ${name} of interval ${interval}, round ${round}, is gone`)
  }
}

async function partsOf(
  db: Database,
  { interval, round, names }: { interval: number; round: number; names?: readonly string[] },
): Promise<Partial<Record<string, Uint8Array>>> {
  const which = names ? sql`name in ${names}` : sql`1 = 1`
  const rows = await db.all<Pick<Tables['part'], 'name' | 'bytes'>>(
    sql`select name, bytes from part where interval = ${interval} and round = ${round} and ${which}`,
  )
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes]))
}

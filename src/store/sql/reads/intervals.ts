/** What is recorded about intervals. */
import type { Kysely } from 'kysely'
import { assert } from '../../../base/errors.ts'
import { unpack } from '../../columns.ts'
import { ordersLayout, outcomesLayout, postingsLayout, tradesLayout } from '../../layouts.ts'
import type {
  ClearingResult,
  IntervalRange,
  IntervalRecord,
  IntervalRow,
  SettlementRecord,
} from '../../port.ts'
import type { BookedOrders, Outcomes, Trades } from '../../records.ts'
import type { Tables } from '../tables.ts'

export const pageRows = 1000

/** Rows of closed intervals. */
export async function intervalRows(db: Kysely<Tables>, range: IntervalRange): Promise<IntervalRow[]> {
  const rows = await db
    .selectFrom('interval')
    .selectAll()
    .where('interval', '>=', range.from)
    .where('interval', '<', range.to)
    .orderBy('interval')
    .limit(range.limit ?? pageRows)
    .execute()
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

export async function unsettledIntervals(db: Kysely<Tables>, limit: number): Promise<number[]> {
  const rows = await db
    .selectFrom('interval')
    .select('interval')
    .where('settlements', '=', 0)
    .where('cleared_ms', 'is not', null)
    .orderBy('interval')
    .limit(limit)
    .execute()
  return rows.map(({ interval }) => interval)
}

export async function clearingResults(db: Kysely<Tables>, range: IntervalRange): Promise<ClearingResult[]> {
  const rows = await db
    .selectFrom('interval')
    .innerJoin('part', 'part.interval', 'interval.interval')
    .select(['interval.interval', 'interval.result_hash', 'interval.cleared_ms', 'part.bytes'])
    .where('part.round', '=', 0)
    .where('part.name', '=', 'result')
    .where('interval.interval', '>=', range.from)
    .where('interval.interval', '<', range.to)
    .orderBy('interval.interval')
    .limit(range.limit ?? pageRows)
    .execute()
  return rows.map(({ interval, result_hash, cleared_ms, bytes }) => {
    assert(
      result_hash !== null && cleared_ms !== null,
      `interval ${interval} has a result and is not cleared`,
    )
    return { interval, result: bytes, hash: result_hash, clearedMs: cleared_ms }
  })
}

export async function ordersOf(
  db: Kysely<Tables>,
  interval: number,
): Promise<{ orders: BookedOrders; outcomes: Outcomes } | undefined> {
  const parts = await partsOf(db, { interval, round: 0, names: ['orders', 'outcomes'] })
  if (!parts.orders || !parts.outcomes) return undefined
  return { orders: unpack(ordersLayout, parts.orders), outcomes: unpack(outcomesLayout, parts.outcomes) }
}

/** Trades of an interval with the orders they are between; of the last settlement if asked for and there is one. */
export async function tradesOf(
  db: Kysely<Tables>,
  { interval, settled }: { interval: number; settled: boolean },
): Promise<{ orders: BookedOrders; trades: Trades } | undefined> {
  const { orders, trades } = await partsOf(db, { interval, round: 0, names: ['orders', 'trades'] })
  if (!orders || !trades) return undefined
  const last = settled ? await lastRound(db, interval) : 0
  const newer = last > 0 ? await partsOf(db, { interval, round: last, names: ['trades'] }) : {}
  return { orders: unpack(ordersLayout, orders), trades: unpack(tradesLayout, newer.trades ?? trades) }
}

export async function intervalRecord(
  db: Kysely<Tables>,
  interval: number,
): Promise<IntervalRecord | undefined> {
  const [result] = await clearingResults(db, { from: interval, to: interval + 1 })
  if (!result) return undefined
  const parts = await partsOf(db, { interval, round: 0 })
  const { hash, clearedMs } = result
  return {
    interval,
    orders: unpack(ordersLayout, parts.orders!),
    outcomes: unpack(outcomesLayout, parts.outcomes!),
    trades: unpack(tradesLayout, parts.trades!),
    postings: unpack(postingsLayout, parts.postings!),
    result: result.result,
    hash,
    clearedMs,
    settlements: await settlementsOf(db, interval),
  }
}

async function settlementsOf(db: Kysely<Tables>, interval: number): Promise<SettlementRecord[]> {
  const rounds = await db
    .selectFrom('settlement')
    .select(['round', 'meter_seq'])
    .where('interval', '=', interval)
    .orderBy('round')
    .execute()
  const records: SettlementRecord[] = []
  for (const { round, meter_seq } of rounds) {
    const parts = await partsOf(db, { interval, round })
    const trades = unpack(tradesLayout, parts.trades!)
    const postings = unpack(postingsLayout, parts.postings!)
    records.push({ interval, round, meterSeq: meter_seq, trades, postings, result: parts.result! })
  }
  return records
}

async function lastRound(db: Kysely<Tables>, interval: number): Promise<number> {
  const row = await db
    .selectFrom('interval')
    .select('settlements')
    .where('interval', '=', interval)
    .executeTakeFirst()
  return row?.settlements ?? 0
}

async function partsOf(
  db: Kysely<Tables>,
  { interval, round, names }: { interval: number; round: number; names?: readonly string[] },
): Promise<Partial<Record<string, Uint8Array>>> {
  let query = db
    .selectFrom('part')
    .select(['name', 'bytes'])
    .where('interval', '=', interval)
    .where('round', '=', round)
  if (names) query = query.where('name', 'in', [...names])
  const rows = await query.execute()
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes]))
}

/** Closing, clearing and settling, and what is recorded of it. */
import { hash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { assert } from '../../base/errors.ts'
import { packShared } from '../columns.ts'
import { StoreFault } from '../fault.ts'
import { clearedEvent, closedEvent } from '../journal/events.ts'
import type { GroupCommit } from '../journal/group-commit.ts'
import type { GateJob } from '../journal/jobs.ts'
import { JournalMemory } from '../journal/memory.ts'
import { bookedOf, type OpenOrders } from '../journal/open-orders.ts'
import { ordersLayout, outcomesLayout, postingsLayout, tradesLayout } from '../layouts.ts'
import type {
  By,
  ClearingRecord,
  ClearingResult,
  IntervalRange,
  IntervalRecord,
  IntervalRecords,
  IntervalRow,
  Market,
  SettlementRecord,
  TradePage,
  TradeQuery,
} from '../port.ts'
import type { BookedOrders, Outcomes, Postings } from '../records.ts'
import { type Engine, readWith } from './engine.ts'
import { writeBy } from './executor.ts'
import {
  clearingResults,
  intervalRecord,
  intervalRows,
  ordersOf,
  pageRows,
  unsettledIntervals,
} from './reads/intervals.ts'
import { journalRows } from './reads/journal.ts'
import { tradePage } from './reads/trades.ts'
import type { Watcher } from './watcher.ts'
import type { Write } from './writes.ts'

export interface IntervalRecordsOptions {
  readonly engine: Engine
  readonly market: Market
  readonly orders: OpenOrders
  readonly commit: GroupCommit
  readonly watcher: Watcher
}

export class SqlIntervalRecords implements IntervalRecords {
  readonly #engine: Engine
  readonly #market: Market
  readonly #orders: OpenOrders
  readonly #commit: GroupCommit
  readonly #watcher: Watcher

  constructor({ engine, market, orders, commit, watcher }: IntervalRecordsOptions) {
    this.#engine = engine
    this.#market = market
    this.#orders = orders
    this.#commit = commit
    this.#watcher = watcher
  }

  async close(interval: number, by: By): Promise<'closed' | 'late'> {
    const moved = await this.#moveGate(closedEvent, interval, () => ({
      name: 'closeInterval',
      args: { interval, by },
    }))
    return moved ? 'closed' : 'late'
  }

  async clear(record: ClearingRecord, by: By): Promise<'cleared' | 'late'> {
    const { interval, orders, outcomes, trades, postings, result, carried = {} } = record
    assert(outcomes.count === orders.count, () => `${outcomes.count} outcomes for ${orders.count} orders`)
    assertBalanced(postings)
    const parts = await inTurns({
      result: () => shared(result),
      orders: () => packShared(ordersLayout, orders),
      outcomes: () => packShared(outcomesLayout, outcomes),
      trades: () => packShared(tradesLayout, trades),
      postings: () => packShared(postingsLayout, postings),
    })
    const counts = { orders: orders.count, trades: trades.count }
    const args = { interval, hash: hash('sha256', result), parts, carried, counts, by }
    const moved = await this.#moveGate(clearedEvent, interval, (journalFrom) => ({
      name: 'clearInterval',
      args: { ...args, journalFrom },
    }))
    return moved ? 'cleared' : 'late'
  }

  async settle(record: SettlementRecord, by: By): Promise<'settled' | 'late'> {
    const { interval, round, meterSeq, trades, postings, result, carried = {} } = record
    assertBalanced(postings)
    const parts = await inTurns({
      result: () => shared(result),
      trades: () => packShared(tradesLayout, trades),
      postings: () => packShared(postingsLayout, postings),
    })
    const args = { interval, round, meterSeq, parts, carried, by }
    const settled = await writeBy(this.#engine.executor, 'settleInterval', args)
    this.#watcher.look()
    return settled ? 'settled' : 'late'
  }

  async list({ from, to, limit = pageRows }: IntervalRange): Promise<IntervalRow[]> {
    const { openFrom } = this.#orders
    const rows = await readWith(this.#engine, (db) => intervalRows(db, { from, to, limit }))
    for (let interval = Math.max(from, openFrom); interval < to && rows.length < limit; interval++)
      if ((rows.at(-1)?.interval ?? -1) < interval) rows.push({ interval, state: 'open', settlements: 0 })
    return rows
  }

  unsettled(limit: number): Promise<number[]> {
    return readWith(this.#engine, (db) => unsettledIntervals(db, limit))
  }

  async result(interval: number): Promise<ClearingResult | undefined> {
    const [result] = await this.results({ from: interval, to: interval + 1 })
    return result
  }

  results(range: IntervalRange): Promise<ClearingResult[]> {
    return readWith(this.#engine, (db) => clearingResults(db, range))
  }

  record(interval: number): Promise<IntervalRecord | undefined> {
    return readWith(this.#engine, (db) => intervalRecord(db, interval))
  }

  async *records({ from, to }: { from: number; to: number }): AsyncIterable<IntervalRecord> {
    const end = Math.min(to, this.#orders.clearFrom)
    for (let next = from; next < end;) {
      const rows = await readWith(this.#engine, (db) => intervalRows(db, { from: next, to: end }))
      for (const { interval } of rows) yield await this.#wholeRecord(interval)
      next = rows.length < pageRows ? end : rows.at(-1)!.interval + 1
    }
  }

  async #wholeRecord(interval: number): Promise<IntervalRecord> {
    const record = await this.record(interval)
    if (record) return record
    throw new StoreFault('damaged', `the result of interval ${interval} is gone`)
  }

  async *journaled(): AsyncIterable<{ interval: number; orders: BookedOrders }> {
    const { firstInterval } = this.#market
    const start = { openFrom: firstInterval, clearFrom: firstInterval, seq: 0, atMs: 0 }
    const memory = new JournalMemory(start, 0)
    const { orders } = memory
    for await (const row of journalRows(this.#engine, 0)) {
      const next = orders.openFrom
      memory.add(row)
      // A gate is a group of its own, so nothing else happened with its row.
      if (orders.openFrom > next) yield { interval: next, orders: bookedOf(orders, next) }
    }
  }

  orders(interval: number): Promise<{ orders: BookedOrders; outcomes: Outcomes } | undefined> {
    return readWith(this.#engine, (db) => ordersOf(db, interval))
  }

  trades(query: TradeQuery): Promise<TradePage> {
    return readWith(this.#engine, (db) => tradePage(db, query))
  }

  async #moveGate(
    event: GateJob['event'],
    interval: number,
    write: (journalFrom: number) => Write,
  ): Promise<boolean> {
    const moved = await new Promise<boolean>((resolve, reject) =>
      this.#commit.add({ kind: 'gate', event, interval, write, resolve, reject }),
    )
    this.#watcher.look()
    return moved
  }
}

/** Does one piece of work after another and lets others have the thread in between. */
async function inTurns(
  work: Readonly<Record<string, () => Uint8Array>>,
): Promise<Readonly<Record<string, Uint8Array>>> {
  const done: Record<string, Uint8Array> = {}
  for (const [name, piece] of Object.entries(work)) {
    done[name] = piece()
    await setImmediate()
  }
  return done
}

/** The same bytes in memory that threads share. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}

/** Money goes from one account to another: what it sums to is 0, or the program is wrong. */
function assertBalanced({ count, amountE11 }: Postings): void {
  // Halves of 32 bits add up exactly as floating-point numbers, for two million rows and more.
  const words = new Int32Array(amountE11.buffer, amountE11.byteOffset, count * 2)
  let low = 0
  let high = 0
  for (let word = 0; word < words.length; word += 2) {
    low += words[word]! >>> 0
    high += words[word + 1]!
  }
  assert(low + high * 2 ** 32 === 0 && high === -low / 2 ** 32, 'postings do not sum to 0')
}

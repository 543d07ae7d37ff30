/** A market on any engine: made or found, its orders brought back into memory, its records opened. */
import { hash } from 'node:crypto'
import { StoreFault } from '../fault.ts'
import { GroupCommit } from '../journal/group-commit.ts'
import { JournalMemory } from '../journal/memory.ts'
import type { Market, MarketAccess, MarketStore, StoreOptions } from '../port.ts'
import { type Engine, readWith } from './engine.ts'
import { writeBy } from './executor.ts'
import { SqlIntervalRecords } from './interval-records.ts'
import { JournalOrderDesk } from './order-desk.ts'
import { firstRowSince, journalRow, journalRows } from './reads/journal.ts'
import { readMarket, readStanding, type Standing } from './reads/market.ts'
import {
  accessRecords,
  auditRecords,
  clockRecords,
  eventRecords,
  meterRecords,
  runRecords,
  statementRecords,
  waysInto,
} from './small-records.ts'
import { Watcher } from './watcher.ts'

const dayMs = 86_400_000

/** @throws StoreFault `empty`, `other-market` */
export async function openMarket(engine: Engine, options: StoreOptions): Promise<MarketStore> {
  const market = await findOrMake(engine, options)
  const standing = await readWith(engine, readStanding)
  const memory = await recall(engine, standing, options)
  const { orders } = memory
  const { clockToleranceMs = 2_000 } = options
  const commit = new GroupCommit({
    executor: engine.executor,
    memory,
    now: options.now,
    clockToleranceMs,
    waitingEventsMax: options.waitingEventsMax ?? 100_000,
    readJournal: (afterSeq) => journalRows(engine, afterSeq),
  })
  const watcher = new Watcher({ engine, memory, commit, standing, pollMs: options.pollMs ?? 500 })
  const refresh = async () => {
    const { lastSeq } = await readWith(engine, readStanding)
    await watcher.catchUp(lastSeq)
  }
  const ways = waysInto(engine, () => watcher.look())
  const close = once(async () => {
    await watcher.close()
    await engine.close()
  })
  return {
    kind: engine.kind,
    market,
    orders: new JournalOrderDesk(orders, commit, refresh),
    intervals: new SqlIntervalRecords({ engine, market, orders, commit, watcher }),
    clock: clockRecords(ways, clockToleranceMs),
    access: accessRecords(ways),
    meters: meterRecords(ways),
    statements: statementRecords(ways),
    runs: runRecords(ways),
    events: eventRecords(ways),
    audit: auditRecords(ways),
    lead: () => engine.lead(),
    watch: (listener) => watcher.watch(listener),
    check: async () => {
      await writeBy(engine.executor, 'touch', undefined)
      await readWith(engine, readMarket)
    },
    backup: (file) => engine.backup(file),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** @throws StoreFault `empty` */
export async function accessOf(engine: Engine): Promise<MarketAccess> {
  const market = await findOrMake(engine, { now: () => 0 })
  // Nobody watches here; who watches elsewhere looks by itself.
  const ways = waysInto(engine, () => {})
  const close = once(() => engine.close())
  return {
    market,
    access: accessRecords(ways),
    clock: clockRecords(ways, 0),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function findOrMake(engine: Engine, { create, now }: StoreOptions): Promise<Market> {
  let market = await readWith(engine, readMarket)
  if (!market && create) {
    await writeBy(engine.executor, 'createMarket', { ...create, atMs: now() })
    market = await readWith(engine, readMarket)
  }
  if (!market) throw new StoreFault('empty', 'the database holds no market')
  if (create && hash('sha256', create.definition) !== market.hash)
    throw new StoreFault(
      'other-market',
      `the database holds the market ${market.name} with another definition than ${create.name} has now`,
    )
  return market
}

/** Orders of intervals that are not cleared and keys that are not forgotten, from the journal. */
async function recall(
  engine: Engine,
  { openFrom, clearFrom, journalFrom, clockMs, lastSeq }: Standing,
  { now, idempotencyMs = dayMs, readOnly }: StoreOptions,
): Promise<JournalMemory> {
  // A market's clock may lie years from the wall's, which is what there is before the market is open.
  const keysMs = Math.min(now(), clockMs) - idempotencyMs
  // Who takes no orders needs no keys.
  const keysFrom = readOnly ? journalFrom : await firstRowSince(engine, keysMs, lastSeq)
  const seq = Math.min(journalFrom, keysFrom) - 1
  const [last] = await journalRow(engine, seq)
  const memory = new JournalMemory({ openFrom, clearFrom, seq, atMs: last?.atMs ?? 0 }, idempotencyMs)
  for await (const row of journalRows(engine, seq)) memory.add(row)
  return memory
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => (done ??= work())
}

/** A market on any engine: made or found, its orders brought back into memory, its records opened. */
import { hash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { StoreFault } from '../fault.ts'
import { GroupCommit } from '../journal/group-commit.ts'
import { OpenOrders } from '../journal/open-orders.ts'
import type { Market, MarketStore, StoreOptions } from '../port.ts'
import { type Engine, readWith } from './engine.ts'
import { writeBy } from './executor.ts'
import { SqlIntervalRecords } from './interval-records.ts'
import { JournalOrderDesk } from './order-desk.ts'
import { readJournal, readMarket, readStanding, type Standing } from './reads/market.ts'
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
const journalPage = 500
const forgetEveryMs = 60_000
const forgetAtOnce = 5_000

/** @throws StoreFault `empty`, `other-market` */
export async function openMarket(engine: Engine, options: StoreOptions): Promise<MarketStore> {
  const market = await findOrMake(engine, options)
  const standing = await readWith(engine, readStanding)
  const orders = await recover(engine, standing)
  const commit = new GroupCommit({
    executor: engine.executor,
    orders,
    now: options.now,
    clockToleranceMs: options.clockToleranceMs ?? 2_000,
    waitingEventsMax: options.waitingEventsMax ?? 100_000,
    readJournal: (afterSeq) => readWith(engine, (db) => readJournal(db, { afterSeq, limit: journalPage })),
  })
  const watcher = new Watcher({ engine, orders, commit, standing, pollMs: options.pollMs ?? 500 })
  const refresh = async () => {
    const { lastSeq } = await readWith(engine, readStanding)
    await watcher.catchUp(lastSeq)
  }
  const ways = waysInto(engine, () => watcher.look())
  const forgetting = forgetEvery(engine, options)
  const close = once(async () => {
    clearInterval(forgetting)
    await watcher.close()
    await engine.close()
  })
  return {
    kind: engine.kind,
    market,
    orders: new JournalOrderDesk(orders, commit, refresh),
    intervals: new SqlIntervalRecords(engine, orders, commit, watcher),
    clock: clockRecords(ways),
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

/** The orders of intervals that are not cleared, from the journal. */
async function recover(engine: Engine, standing: Standing): Promise<OpenOrders> {
  const afterSeq = standing.journalFrom - 1
  const [last] = await readWith(engine, (db) => readJournal(db, { afterSeq: afterSeq - 1, limit: 1 }))
  const { openFrom, clearFrom } = standing
  const orders = new OpenOrders({
    openFrom,
    clearFrom,
    seq: afterSeq,
    atMs: last?.seq === afterSeq ? last.atMs : 0,
  })
  for (;;) {
    const { seq } = orders.position
    const rows = await readWith(engine, (db) => readJournal(db, { afterSeq: seq, limit: journalPage }))
    for (const row of rows) orders.add(row)
    if (rows.length < journalPage) return orders
    await setImmediate()
  }
}

function forgetEvery(
  engine: Engine,
  { now, idempotencyMs = dayMs, readOnly }: StoreOptions,
): NodeJS.Timeout | undefined {
  if (readOnly) return undefined
  const forget = async () => {
    const args = { beforeMs: now() - idempotencyMs, limit: forgetAtOnce }
    while ((await writeBy(engine.executor, 'forgetKeys', args)) >= forgetAtOnce);
  }
  // What cannot be forgotten now is forgotten later.
  return setInterval(() => void forget().catch(() => {}), forgetEveryMs).unref()
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => (done ??= work())
}

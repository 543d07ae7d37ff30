/** The market's one row: made once, its clock moved forward; and keys that have been remembered long enough. */
import { hash } from 'node:crypto'
import { quarterStartMs } from '../../../base/quarter.ts'
import { StoreFault } from '../../fault.ts'
import type { MarketDefinition } from '../../port.ts'
import { type Database, first, insert, sql } from '../query.ts'

export interface CreateArgs extends MarketDefinition {
  readonly atMs: number
}

/** Makes the market where there is none; whether an existing one is the right one is the reader's question. */
export async function createMarket(db: Database, args: CreateArgs): Promise<void> {
  const { name, definition, firstInterval, atMs } = args
  const row = insert('market', {
    id: 1,
    name,
    definition,
    hash: hash('sha256', definition),
    created_ms: atMs,
    first_interval: firstInterval,
    open_from: firstInterval,
    clear_from: firstInterval,
    journal_from: 1,
    clock_ms: quarterStartMs(firstInterval),
    access_version: 1,
  })
  await db.run(sql`${row} on conflict (id) do nothing`)
}

export async function advanceClock(db: Database, { toMs }: { toMs: number }): Promise<void> {
  const moved = await db.run(sql`update market set clock_ms = ${toMs} where clock_ms <= ${toMs}`)
  if (moved > 0) return
  const row = await first<{ clock_ms: number }>(db, sql`select clock_ms from market`)
  throw new StoreFault(
    'clock-backwards',
    `the market's clock stands at ${isoTime(row!.clock_ms)} and cannot go back to ${isoTime(toMs)}`,
  )
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}

/** Changes nothing, but could not if the database took no writes. */
export async function touch(db: Database): Promise<void> {
  await db.run(sql`update market set id = id`)
}

/** Forgets keys older than `beforeMs`, about `limit` at a time. @returns how many */
export async function forgetKeys(
  db: Database,
  { beforeMs, limit }: { beforeMs: number; limit: number },
): Promise<number> {
  const last = await first<{ at_ms: number }>(
    db,
    sql`select at_ms from idempotency where at_ms < ${beforeMs} order by at_ms limit 1 offset ${limit - 1}`,
  )
  return db.run(
    last
      ? sql`delete from idempotency where at_ms <= ${last.at_ms}`
      : sql`delete from idempotency where at_ms < ${beforeMs}`,
  )
}

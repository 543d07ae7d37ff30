/** The market's one row: made once, its clock moved forward. */
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

export interface AdvanceArgs {
  readonly toMs: number
  /** a clock that lies behind by no more changes nothing */
  readonly toleranceMs: number
}

export async function advanceClock(db: Database, { toMs, toleranceMs }: AdvanceArgs): Promise<void> {
  const moved = await db.run(sql`update market set clock_ms = ${toMs} where clock_ms <= ${toMs}`)
  if (moved > 0) return
  const row = await first<{ clock_ms: number }>(db, sql`select clock_ms from market`)
  if (toMs >= row!.clock_ms - toleranceMs) return
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

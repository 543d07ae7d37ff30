/** The market's one row: made once, its clock moved forward; and keys that have been remembered long enough. */
import { hash } from 'node:crypto'
import type { Kysely } from 'kysely'
import { quarterStartMs } from '../../../base/quarter.ts'
import { StoreFault } from '../../fault.ts'
import type { MarketDefinition } from '../../port.ts'
import type { Tables } from '../tables.ts'

export interface CreateArgs extends MarketDefinition {
  readonly atMs: number
}

/** Makes the market where there is none; whether an existing one is the right one is the reader's question. */
export async function createMarket(db: Kysely<Tables>, args: CreateArgs): Promise<void> {
  const { name, definition, firstInterval, atMs } = args
  const gates = {
    first_interval: firstInterval,
    open_from: firstInterval,
    clear_from: firstInterval,
    journal_from: 1,
  }
  const definedBy = { name, definition, hash: hash('sha256', definition) }
  await db
    .insertInto('market')
    .values({
      id: 1,
      ...definedBy,
      created_ms: atMs,
      ...gates,
      clock_ms: quarterStartMs(firstInterval),
      access_version: 1,
    })
    .onConflict((row) => row.column('id').doNothing())
    .execute()
}

export async function advanceClock(db: Kysely<Tables>, { toMs }: { toMs: number }): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('market')
    .set({ clock_ms: toMs })
    .where('clock_ms', '<=', toMs)
    .executeTakeFirst()
  if (numUpdatedRows > 0n) return
  const { clock_ms } = await db.selectFrom('market').select('clock_ms').executeTakeFirstOrThrow()
  throw new StoreFault(
    'clock-backwards',
    `the market's clock stands at ${new Date(clock_ms).toISOString()} and cannot go back to ${new Date(toMs).toISOString()}`,
  )
}

/** Changes nothing, but could not if the database took no writes. */
export async function touch(db: Kysely<Tables>): Promise<void> {
  await db
    .updateTable('market')
    .set((row) => ({ id: row.ref('id') }))
    .execute()
}

/** Forgets at most `limit` keys older than `beforeMs`. @returns how many */
export async function forgetKeys(
  db: Kysely<Tables>,
  { beforeMs, limit }: { beforeMs: number; limit: number },
): Promise<number> {
  const old = await db
    .selectFrom('idempotency')
    .select('at_ms')
    .where('at_ms', '<', beforeMs)
    .orderBy('at_ms')
    .limit(1)
    .offset(limit - 1)
    .executeTakeFirst()
  const { numDeletedRows } = await db
    .deleteFrom('idempotency')
    .where('at_ms', '<', beforeMs)
    .where('at_ms', '<=', old?.at_ms ?? beforeMs)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

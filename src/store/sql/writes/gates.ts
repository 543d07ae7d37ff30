/** Closing, clearing and settling an interval: what stands beside the journal's event in the same transaction. */
import type { Kysely } from 'kysely'
import { assert } from '../../../base/errors.ts'
import type { By } from '../../port.ts'
import type { Tables } from '../tables.ts'
import { addEvent, note } from './notes.ts'

export interface CloseArgs {
  readonly interval: number
  readonly by: By
}

export async function closeInterval(db: Kysely<Tables>, { interval, by }: CloseArgs): Promise<void> {
  const row = { interval, closed_ms: by.atMs, settlements: 0 }
  await db
    .insertInto('interval')
    .values({ ...row, cleared_ms: null, settled_ms: null, result_hash: null })
    .execute()
  await moveGate(db, 'open_from', interval)
  await addEvent(db, { kind: 'closed', interval, atMs: by.atMs, body: '{}' })
  await note(db, by, 'close', { interval })
}

export type Parts = Readonly<Record<string, Uint8Array>>

export interface ClearArgs {
  readonly interval: number
  readonly hash: string
  readonly parts: Parts
  readonly carried: Parts
  /** first journal row that a start must read from now on */
  readonly journalFrom: number
  readonly counts: { readonly orders: number; readonly trades: number }
  readonly by: By
}

export async function clearInterval(db: Kysely<Tables>, args: ClearArgs): Promise<void> {
  const { interval, hash, by } = args
  const { numUpdatedRows } = await db
    .updateTable('interval')
    .set({ cleared_ms: by.atMs, result_hash: hash })
    .where('interval', '=', interval)
    .where('cleared_ms', 'is', null)
    .executeTakeFirst()
  assert(numUpdatedRows === 1n, () => `interval ${interval} is not there to be cleared`)
  await addParts(db, { interval, round: 0 }, args.parts)
  await carry(db, interval, args.carried)
  await moveGate(db, 'clear_from', interval)
  await db.updateTable('market').set({ journal_from: args.journalFrom }).execute()
  await addEvent(db, { kind: 'cleared', interval, atMs: by.atMs, body: JSON.stringify({ hash }) })
  await note(db, by, 'clear', { interval, hash, ...args.counts })
}

export interface SettleArgs {
  readonly interval: number
  readonly round: number
  readonly meterSeq: number
  readonly parts: Parts
  readonly carried: Parts
  readonly by: By
}

/** @returns false where the round stands already */
export async function settleInterval(db: Kysely<Tables>, args: SettleArgs): Promise<boolean> {
  const { interval, round, by } = args
  const { numUpdatedRows } = await db
    .updateTable('interval')
    .set({ settled_ms: by.atMs, settlements: round })
    .where('interval', '=', interval)
    .where('cleared_ms', 'is not', null)
    .where('settlements', '=', round - 1)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  await db
    .insertInto('settlement')
    .values({ interval, round, meter_seq: args.meterSeq, at_ms: by.atMs })
    .execute()
  await addParts(db, { interval, round }, args.parts)
  await carry(db, interval, args.carried)
  await addEvent(db, { kind: 'settled', interval, atMs: by.atMs, body: JSON.stringify({ round }) })
  await note(db, by, 'settle', { interval, round, meterSeq: args.meterSeq })
  return true
}

async function moveGate(db: Kysely<Tables>, gate: 'open_from' | 'clear_from', passed: number): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('market')
    .set({ [gate]: passed + 1 })
    .where(gate, '=', passed)
    .executeTakeFirst()
  assert(numUpdatedRows === 1n, () => `${gate} does not stand at interval ${passed}`)
}

async function addParts(
  db: Kysely<Tables>,
  { interval, round }: { interval: number; round: number },
  parts: Parts,
): Promise<void> {
  for (const [name, bytes] of Object.entries(parts))
    await db.insertInto('part').values({ interval, round, name, bytes }).execute()
}

async function carry(db: Kysely<Tables>, interval: number, carried: Parts): Promise<void> {
  for (const [name, bytes] of Object.entries(carried))
    await db
      .insertInto('carried')
      .values({ name, interval, bytes })
      .onConflict((row) => row.column('name').doUpdateSet({ interval, bytes }))
      .execute()
}

/** Closing, clearing and settling an interval: what stands beside the journal's event in the same transaction. */
import { assert } from '../../../base/errors.ts'
import type { By } from '../../port.ts'
import { type Database, insert, sql } from '../query.ts'
import { addEvent, note } from './notes.ts'

export interface CloseArgs {
  readonly interval: number
  readonly by: By
}

export async function closeInterval(db: Database, { interval, by }: CloseArgs): Promise<void> {
  const later = { cleared_ms: null, settled_ms: null, settlements: 0, result_hash: null }
  await db.run(insert('interval', { interval, closed_ms: by.atMs, ...later }))
  const moved = await db.run(sql`update market set open_from = ${interval + 1} where open_from = ${interval}`)
  assert(moved === 1, () => `the gate does not stand at interval ${interval}`)
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

export async function clearInterval(db: Database, args: ClearArgs): Promise<void> {
  const { interval, hash, journalFrom, by } = args
  const cleared = await db.run(
    sql`update interval set cleared_ms = ${by.atMs}, result_hash = ${hash}
        where interval = ${interval} and cleared_ms is null`,
  )
  assert(cleared === 1, () => `interval ${interval} is not there to be cleared`)
  await addParts(db, { interval, round: 0 }, args.parts)
  await carry(db, interval, args.carried)
  const moved = await db.run(
    sql`update market set clear_from = ${interval + 1}, journal_from = ${journalFrom} where clear_from = ${interval}`,
  )
  assert(moved === 1, () => `interval ${interval} is not the next to be cleared`)
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
export async function settleInterval(db: Database, args: SettleArgs): Promise<boolean> {
  const { interval, round, meterSeq, by } = args
  const settled = await db.run(
    sql`update interval set settled_ms = ${by.atMs}, settlements = ${round}
        where interval = ${interval} and cleared_ms is not null and settlements = ${round - 1}`,
  )
  if (settled === 0) return false
  await db.run(insert('settlement', { interval, round, meter_seq: meterSeq, at_ms: by.atMs }))
  await addParts(db, { interval, round }, args.parts)
  await carry(db, interval, args.carried)
  await addEvent(db, { kind: 'settled', interval, atMs: by.atMs, body: JSON.stringify({ round }) })
  await note(db, by, 'settle', { interval, round, meterSeq })
  return true
}

async function addParts(
  db: Database,
  { interval, round }: { interval: number; round: number },
  parts: Parts,
): Promise<void> {
  for (const [name, bytes] of Object.entries(parts))
    await db.run(insert('part', { interval, round, name, bytes }))
}

async function carry(db: Database, interval: number, carried: Parts): Promise<void> {
  for (const [name, bytes] of Object.entries(carried)) {
    const row = insert('carried', { name, interval, bytes })
    await db.run(
      sql`${row} on conflict (name) do update set interval = excluded.interval, bytes = excluded.bytes`,
    )
  }
}

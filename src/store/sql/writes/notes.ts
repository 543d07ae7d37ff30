/** Events and audit lines, numbered without gaps in the order they are kept. */
import type { AuditLine, By, MarketEvent } from '../../port.ts'
import { type Database, first, insert, type Query, sql } from '../query.ts'

/** The number after the last one. Whoever writes holds the market's lock, so nobody else takes it. */
export async function nextNumber(db: Database, last: Query): Promise<number> {
  const row = await first<{ last: number | null }>(db, last)
  return (row?.last ?? 0) + 1
}

export async function addEvent(db: Database, event: Omit<MarketEvent, 'seq'>): Promise<number> {
  const seq = await nextNumber(db, sql`select max(seq) as last from event`)
  const { kind, interval = null, atMs, body } = event
  await db.run(insert('event', { seq, kind, interval, at_ms: atMs, body }))
  return seq
}

export async function addAudit(db: Database, line: Omit<AuditLine, 'seq'>): Promise<number> {
  const seq = await nextNumber(db, sql`select max(seq) as last from audit`)
  const { atMs, actor = null, action, detail } = line
  await db.run(insert('audit', { seq, at_ms: atMs, actor, action, detail }))
  return seq
}

/** An audit line about what `by` did. */
export async function note(db: Database, by: By, action: string, detail: object): Promise<void> {
  await addAudit(db, { ...by, action, detail: JSON.stringify(detail) })
}

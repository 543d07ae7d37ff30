/** Events and audit lines, numbered without gaps in the order they are kept. */
import type { Kysely } from 'kysely'
import type { AuditLine, By, MarketEvent } from '../../port.ts'
import type { Tables } from '../tables.ts'

/** The number after the last. Whoever writes holds the market's lock, so nobody else takes it. */
export async function nextSeq(db: Kysely<Tables>, table: 'event' | 'audit' | 'reading'): Promise<number> {
  const { last } = await db
    .selectFrom(table)
    .select((row) => row.fn.max('seq').as('last'))
    .executeTakeFirstOrThrow()
  return (last ?? 0) + 1
}

export async function addEvent(db: Kysely<Tables>, event: Omit<MarketEvent, 'seq'>): Promise<number> {
  const seq = await nextSeq(db, 'event')
  const { kind, interval = null, atMs, body } = event
  await db.insertInto('event').values({ seq, kind, interval, at_ms: atMs, body }).execute()
  return seq
}

export async function addAudit(db: Kysely<Tables>, line: Omit<AuditLine, 'seq'>): Promise<number> {
  const seq = await nextSeq(db, 'audit')
  const { atMs, actor = null, action, detail } = line
  await db.insertInto('audit').values({ seq, at_ms: atMs, actor, action, detail }).execute()
  return seq
}

/** An audit line about what `by` did. */
export async function note(db: Kysely<Tables>, by: By, action: string, detail: object): Promise<void> {
  await addAudit(db, { ...by, action, detail: JSON.stringify(detail) })
}

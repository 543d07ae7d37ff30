/** The market's row, the journal, events and the audit log. */
import type { Kysely } from 'kysely'
import type { JournalRow } from '../../journal/events.ts'
import type { AuditLine, Market, MarketEvent } from '../../port.ts'
import type { Tables } from '../tables.ts'

/** Where everything stands that another process may have moved. */
export interface Standing {
  readonly openFrom: number
  readonly clearFrom: number
  readonly journalFrom: number
  readonly clockMs: number
  readonly accessVersion: number
  readonly lastSeq: number
  readonly lastEvent: number
}

export async function readMarket(db: Kysely<Tables>): Promise<Market | undefined> {
  const row = await db
    .selectFrom('market')
    .select(['name', 'definition', 'hash', 'created_ms', 'first_interval'])
    .executeTakeFirst()
  if (!row) return undefined
  const { name, definition, hash, created_ms, first_interval } = row
  return { name, definition, hash, createdMs: created_ms, firstInterval: first_interval }
}

export async function readStanding(db: Kysely<Tables>): Promise<Standing> {
  const row = await db
    .selectFrom('market')
    .select(['open_from', 'clear_from', 'journal_from', 'clock_ms', 'access_version'])
    .select((market) => [
      market
        .selectFrom('journal')
        .select((journal) => journal.fn.max('seq').as('seq'))
        .as('last_seq'),
      market
        .selectFrom('event')
        .select((event) => event.fn.max('seq').as('seq'))
        .as('last_event'),
    ])
    .executeTakeFirstOrThrow()
  return {
    openFrom: row.open_from,
    clearFrom: row.clear_from,
    journalFrom: row.journal_from,
    clockMs: row.clock_ms,
    accessVersion: row.access_version,
    lastSeq: row.last_seq ?? 0,
    lastEvent: row.last_event ?? 0,
  }
}

/** At most `limit` journal rows after one, in order. */
export async function readJournal(
  db: Kysely<Tables>,
  { afterSeq, limit }: { afterSeq: number; limit: number },
): Promise<JournalRow[]> {
  const rows = await db
    .selectFrom('journal')
    .selectAll()
    .where('seq', '>', afterSeq)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map(({ seq, at_ms, bytes }) => ({ seq, atMs: at_ms, bytes }))
}

export async function readCarried(db: Kysely<Tables>, name: string): Promise<Uint8Array | undefined> {
  const row = await db.selectFrom('carried').select('bytes').where('name', '=', name).executeTakeFirst()
  return row?.bytes
}

export async function eventsAfter(db: Kysely<Tables>, seq: number, limit: number): Promise<MarketEvent[]> {
  const rows = await db
    .selectFrom('event')
    .selectAll()
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map(({ seq, kind, interval, at_ms, body }) => ({
    seq,
    kind,
    atMs: at_ms,
    body,
    ...(interval !== null && { interval }),
  }))
}

export async function auditAfter(db: Kysely<Tables>, seq: number, limit: number): Promise<AuditLine[]> {
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map(({ seq, at_ms, actor, action, detail }) => ({
    seq,
    atMs: at_ms,
    action,
    detail,
    ...(actor !== null && { actor }),
  }))
}

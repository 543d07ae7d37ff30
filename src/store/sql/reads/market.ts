/** The market's row, the journal, events and the audit log. */
import { assert } from '../../../base/errors.ts'
import type { JournalRow } from '../../journal/events.ts'
import type { AuditLine, Market, MarketEvent } from '../../port.ts'
import { type Database, first, sql } from '../query.ts'
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

export async function readMarket(db: Database): Promise<Market | undefined> {
  return first(
    db,
    sql`select name, definition, hash, created_ms as "createdMs", first_interval as "firstInterval" from market`,
  )
}

export async function readStanding(db: Database): Promise<Standing> {
  const standing = await first<Standing>(
    db,
    sql`select open_from as "openFrom", clear_from as "clearFrom", journal_from as "journalFrom",
               clock_ms as "clockMs", access_version as "accessVersion",
               coalesce((select max(seq) from journal), 0) as "lastSeq",
               coalesce((select max(seq) from event), 0) as "lastEvent"
          from market`,
  )
  assert(standing !== undefined, 'the market is gone')
  return standing
}

/** At most `limit` journal rows after one, in order. */
export async function readJournal(
  db: Database,
  { afterSeq, limit }: { afterSeq: number; limit: number },
): Promise<JournalRow[]> {
  return db.all(
    sql`select seq, at_ms as "atMs", bytes, keys from journal where seq > ${afterSeq} order by seq limit ${limit}`,
  )
}

export async function readCarried(db: Database, name: string): Promise<Uint8Array | undefined> {
  const row = await first<{ bytes: Uint8Array }>(db, sql`select bytes from carried where name = ${name}`)
  return row?.bytes
}

export async function eventsAfter(db: Database, after: number, limit: number): Promise<MarketEvent[]> {
  const rows = await db.all<Tables['event']>(
    sql`select * from event where seq > ${after} order by seq limit ${limit}`,
  )
  return rows.map(({ seq, kind, interval, at_ms, body }) => ({
    seq,
    kind,
    ...(interval !== null && { interval }),
    atMs: at_ms,
    body,
  }))
}

export async function auditAfter(db: Database, after: number, limit: number): Promise<AuditLine[]> {
  const rows = await db.all<Tables['audit']>(
    sql`select * from audit where seq > ${after} order by seq limit ${limit}`,
  )
  return rows.map(({ seq, at_ms, actor, action, detail }) => ({
    seq,
    atMs: at_ms,
    ...(actor !== null && { actor }),
    action,
    detail,
  }))
}

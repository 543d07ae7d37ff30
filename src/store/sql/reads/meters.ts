/** Meter readings and statements: the newest versions, and histories. */
import type { Corrected, CorrectedQuery, IntervalRange, Reading, Statement } from '../../port.ts'
import { type Database, first, sql } from '../query.ts'
import type { Tables } from '../tables.ts'
import { pageRows } from './intervals.ts'

type ReadingRow = Tables['reading']

export async function readingsOfInterval(
  db: Database,
  { interval, upToSeq = Number.MAX_SAFE_INTEGER }: { interval: number; upToSeq: number | undefined },
): Promise<Reading[]> {
  const rows = await db.all<ReadingRow>(
    sql`select * from reading where interval = ${interval} and seq <= ${upToSeq} order by participant, version`,
  )
  return rows.filter((row, at) => rows[at + 1]?.participant !== row.participant).map(readingOf)
}

export async function readingsOfParticipant(
  db: Database,
  participant: number,
  { from, to, limit = pageRows }: IntervalRange,
): Promise<Reading[]> {
  const rows = await db.all<ReadingRow>(
    sql`select * from reading
        where participant = ${participant} and interval >= ${from} and interval < ${to}
          and version = (select max(version) from reading as newest
                          where newest.interval = reading.interval and newest.participant = reading.participant)
        order by interval limit ${limit}`,
  )
  return rows.map(readingOf)
}

export async function readingHistory(
  db: Database,
  { participant, interval }: { participant: number; interval: number },
): Promise<Reading[]> {
  const rows = await db.all<ReadingRow>(
    sql`select * from reading where interval = ${interval} and participant = ${participant} order by version`,
  )
  return rows.map(readingOf)
}

/** Readings that are known from before are passed over, so that asking often costs little however many there are. */
export async function correctedAfterSettlement(
  db: Database,
  { from, afterSeq, limit }: CorrectedQuery,
): Promise<Corrected> {
  const newest = await first<{ seq: number }>(db, sql`select coalesce(max(seq), 0) as seq from reading`)
  const { seq } = newest!
  if (seq <= afterSeq) return { intervals: [], seq }
  const rows = await db.all<{ interval: number }>(
    sql`select interval.interval
          from interval
          join settlement on settlement.interval = interval.interval and settlement.round = interval.settlements
         where interval.interval in (select reading.interval from reading where reading.seq > ${afterSeq})
           and interval.interval >= ${from}
           and exists (select 1 from reading
                        where reading.interval = interval.interval and reading.seq > settlement.meter_seq)
         order by interval.interval limit ${limit}`,
  )
  const intervals = rows.map(({ interval }) => interval)
  return { intervals, seq: intervals.length < limit ? seq : afterSeq }
}

export async function newestStatement(
  db: Database,
  { participant, month }: { participant: number; month: string },
): Promise<Statement | undefined> {
  const row = await first<Tables['statement']>(
    db,
    sql`select * from statement where participant = ${participant} and month = ${month}
        order by version desc limit 1`,
  )
  return row && { participant, month, version: row.version, body: row.body, issuedMs: row.issued_ms }
}

export async function statementMonths(db: Database, participant: number): Promise<string[]> {
  const rows = await db.all<{ month: string }>(
    sql`select distinct month from statement where participant = ${participant} order by month`,
  )
  return rows.map(({ month }) => month)
}

function readingOf(row: ReadingRow): Reading {
  return {
    participant: row.participant,
    interval: row.interval,
    importWh: row.import_wh,
    exportWh: row.export_wh,
    version: row.version,
    seq: row.seq,
    atMs: row.at_ms,
    ...(row.sent_by !== null && { by: row.sent_by }),
  }
}

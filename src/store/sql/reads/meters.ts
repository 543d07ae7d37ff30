/** Meter readings and statements: the newest versions, and histories. */
import type { Kysely, Selectable } from 'kysely'
import type { IntervalRange, Reading, Statement } from '../../port.ts'
import type { Tables } from '../tables.ts'
import { pageRows } from './intervals.ts'

export async function readingsOfInterval(
  db: Kysely<Tables>,
  { interval, upToSeq = Number.MAX_SAFE_INTEGER }: { interval: number; upToSeq: number | undefined },
): Promise<Reading[]> {
  const rows = await db
    .selectFrom('reading')
    .selectAll()
    .where('interval', '=', interval)
    .where('seq', '<=', upToSeq)
    .orderBy('participant')
    .orderBy('version')
    .execute()
  return newest(rows, (row) => row.participant)
}

export async function readingsOfParticipant(
  db: Kysely<Tables>,
  participant: number,
  { from, to, limit = pageRows }: IntervalRange,
): Promise<Reading[]> {
  const rows = await db
    .selectFrom('reading')
    .selectAll()
    .where('participant', '=', participant)
    .where('interval', '>=', from)
    .where('interval', '<', to)
    .where((reading) =>
      reading(
        'version',
        '=',
        reading
          .selectFrom('reading as newest')
          .select((row) => row.fn.max('newest.version').as('version'))
          .whereRef('newest.interval', '=', 'reading.interval')
          .whereRef('newest.participant', '=', 'reading.participant'),
      ),
    )
    .orderBy('interval')
    .limit(limit)
    .execute()
  return rows.map(readingOf)
}

export async function readingHistory(
  db: Kysely<Tables>,
  { participant, interval }: { participant: number; interval: number },
): Promise<Reading[]> {
  const rows = await db
    .selectFrom('reading')
    .selectAll()
    .where('interval', '=', interval)
    .where('participant', '=', participant)
    .orderBy('version')
    .execute()
  return rows.map(readingOf)
}

/** Intervals whose last settlement does not know a reading, rising. */
export async function correctedAfterSettlement(db: Kysely<Tables>, limit: number): Promise<number[]> {
  const rows = await db
    .selectFrom('interval')
    .innerJoin('settlement', (join) =>
      join
        .onRef('settlement.interval', '=', 'interval.interval')
        .onRef('settlement.round', '=', 'interval.settlements'),
    )
    .innerJoin('reading', (join) =>
      join
        .onRef('reading.interval', '=', 'interval.interval')
        .onRef('reading.seq', '>', 'settlement.meter_seq'),
    )
    .select('interval.interval')
    .distinct()
    .orderBy('interval.interval')
    .limit(limit)
    .execute()
  return rows.map(({ interval }) => interval)
}

export async function newestStatement(
  db: Kysely<Tables>,
  { participant, month }: { participant: number; month: string },
): Promise<Statement | undefined> {
  const row = await db
    .selectFrom('statement')
    .selectAll()
    .where('participant', '=', participant)
    .where('month', '=', month)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { participant, month, version: row.version, body: row.body, issuedMs: row.issued_ms }
}

export async function statementMonths(db: Kysely<Tables>, participant: number): Promise<string[]> {
  const rows = await db
    .selectFrom('statement')
    .select('month')
    .distinct()
    .where('participant', '=', participant)
    .orderBy('month')
    .execute()
  return rows.map(({ month }) => month)
}

/** The last of each group's rows, which stand together by version. */
function newest(
  rows: readonly Selectable<Tables['reading']>[],
  group: (row: Selectable<Tables['reading']>) => number,
): Reading[] {
  return rows
    .filter((row, at) => at + 1 === rows.length || group(rows[at + 1]!) !== group(row))
    .map(readingOf)
}

function readingOf(row: Selectable<Tables['reading']>): Reading {
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

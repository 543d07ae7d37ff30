/** Meter readings with the history of their corrections, and monthly statements with theirs. */
import type { AddedReadings, By, IntervalRange, NewReading } from '../../port.ts'
import { type Database, first, insert, sql } from '../query.ts'
import type { Tables } from '../tables.ts'
import { nextNumber, note } from './notes.ts'

export interface AddReadingsArgs {
  readonly readings: readonly NewReading[]
  readonly by: By
  /** no reading is kept once one of these has statements */
  readonly months: readonly string[]
}

export async function addReadings(
  db: Database,
  { readings, by, months }: AddReadingsArgs,
): Promise<AddedReadings | 'late'> {
  for (const month of months) if (await isIssued(db, month)) return 'late'
  const done = { added: 0, corrected: 0, unchanged: 0 }
  let seq = await nextNumber(db, sql`select max(seq) as last from reading`)
  for (const reading of readings) {
    const known = await newestReading(db, reading)
    if (known?.import_wh === reading.importWh && known.export_wh === reading.exportWh) {
      done.unchanged++
      continue
    }
    done[known ? 'corrected' : 'added']++
    const { interval, participant, importWh, exportWh } = reading
    const place = { interval, participant, version: (known?.version ?? 0) + 1, seq: seq++ }
    const sent = { at_ms: by.atMs, sent_by: by.actor ?? null }
    await db.run(insert('reading', { ...place, import_wh: importWh, export_wh: exportWh, ...sent }))
  }
  if (done.corrected > 0) await note(db, by, 'correct-readings', done)
  return done
}

async function isIssued(db: Database, month: string): Promise<boolean> {
  return (await first(db, sql`select 1 from statement where month = ${month} limit 1`)) !== undefined
}

function newestReading(
  db: Database,
  { interval, participant }: NewReading,
): Promise<Pick<Tables['reading'], 'version' | 'import_wh' | 'export_wh'> | undefined> {
  return first(
    db,
    sql`select version, import_wh, export_wh from reading
        where interval = ${interval} and participant = ${participant} order by version desc limit 1`,
  )
}

export interface IssueArgs {
  readonly month: string
  readonly range: Pick<IntervalRange, 'from' | 'to'>
  readonly statements: readonly { readonly participant: number; readonly body: Uint8Array }[]
  readonly by: By
}

/** @returns how many are new or differ from their last version, `late` where a reading is not settled yet */
export async function issueStatements(
  db: Database,
  { month, range, statements, by }: IssueArgs,
): Promise<number | 'late'> {
  if (await hasUnsettled(db, range)) return 'late'
  let issued = 0
  for (const { participant, body } of statements) {
    const last = await first<Pick<Tables['statement'], 'version' | 'body'>>(
      db,
      sql`select version, body from statement where participant = ${participant} and month = ${month}
          order by version desc limit 1`,
    )
    if (last && Buffer.compare(last.body, body) === 0) continue
    issued++
    const version = (last?.version ?? 0) + 1
    await db.run(insert('statement', { participant, month, version, body, issued_ms: by.atMs }))
  }
  if (issued > 0) await note(db, by, 'issue-statements', { month, issued })
  return issued
}

/** Whether a settled interval has a reading newer than its last settlement. */
async function hasUnsettled(db: Database, { from, to }: IssueArgs['range']): Promise<boolean> {
  const found = await first(
    db,
    sql`select 1
          from interval
          join settlement on settlement.interval = interval.interval and settlement.round = interval.settlements
          join reading on reading.interval = interval.interval and reading.seq > settlement.meter_seq
         where interval.interval >= ${from} and interval.interval < ${to} limit 1`,
  )
  return found !== undefined
}

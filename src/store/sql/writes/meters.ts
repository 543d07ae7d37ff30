/** Meter readings with the history of their corrections, and monthly statements with theirs. */
import type { Kysely } from 'kysely'
import type { By, NewReading } from '../../port.ts'
import type { Tables } from '../tables.ts'
import { nextSeq, note } from './notes.ts'

export interface AddReadingsArgs {
  readonly readings: readonly NewReading[]
  readonly by: By
}

export async function addReadings(
  db: Kysely<Tables>,
  { readings, by }: AddReadingsArgs,
): Promise<{ added: number; corrected: number; unchanged: number }> {
  const done = { added: 0, corrected: 0, unchanged: 0 }
  let seq = await nextSeq(db, 'reading')
  for (const reading of readings) {
    const known = await newestReading(db, reading)
    if (known && known.import_wh === reading.importWh && known.export_wh === reading.exportWh) {
      done.unchanged++
      continue
    }
    done[known ? 'corrected' : 'added']++
    const { interval, participant, importWh, exportWh } = reading
    const energy = { import_wh: importWh, export_wh: exportWh }
    const version = (known?.version ?? 0) + 1
    await db
      .insertInto('reading')
      .values({
        interval,
        participant,
        version,
        seq: seq++,
        ...energy,
        at_ms: by.atMs,
        sent_by: by.actor ?? null,
      })
      .execute()
  }
  if (done.corrected > 0) await note(db, by, 'correct-readings', done)
  return done
}

function newestReading(db: Kysely<Tables>, { interval, participant }: NewReading) {
  return db
    .selectFrom('reading')
    .select(['version', 'import_wh', 'export_wh'])
    .where('interval', '=', interval)
    .where('participant', '=', participant)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export interface IssueArgs {
  readonly month: string
  readonly statements: readonly { readonly participant: number; readonly body: Uint8Array }[]
  readonly by: By
}

/** @returns how many are new or differ from their last version */
export async function issueStatements(
  db: Kysely<Tables>,
  { month, statements, by }: IssueArgs,
): Promise<number> {
  let issued = 0
  for (const { participant, body } of statements) {
    const last = await db
      .selectFrom('statement')
      .select(['version', 'body'])
      .where('participant', '=', participant)
      .where('month', '=', month)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (last && Buffer.compare(last.body, body) === 0) continue
    issued++
    const version = (last?.version ?? 0) + 1
    await db
      .insertInto('statement')
      .values({ participant, month, version, body, issued_ms: by.atMs })
      .execute()
  }
  if (issued > 0) await note(db, by, 'issue-statements', { month, issued })
  return issued
}

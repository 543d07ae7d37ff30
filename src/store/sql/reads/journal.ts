/** The journal from a row on, page by page. */
import { setImmediate } from 'node:timers/promises'
import type { JournalRow } from '../../journal/events.ts'
import { type Engine, readWith } from '../engine.ts'
import { readJournal } from './market.ts'

export const journalPage = 500

export async function* journalRows(engine: Engine, afterSeq: number): AsyncIterable<JournalRow> {
  for (let after = afterSeq; ;) {
    const rows = await readWith(engine, (db) => readJournal(db, { afterSeq: after, limit: journalPage }))
    yield* rows
    if (rows.length < journalPage) return
    after = rows.at(-1)!.seq
    // Reading a long journal holds the thread; between pages others may have it.
    await setImmediate()
  }
}

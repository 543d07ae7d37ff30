/** The journal row by row. */
import { setImmediate } from 'node:timers/promises'
import type { JournalRow } from '../../journal/events.ts'
import { type Engine, readWith } from '../engine.ts'
import { readJournal } from './market.ts'

const journalPage = 500

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

/** The row itself, or none. */
export async function journalRow(engine: Engine, seq: number): Promise<JournalRow[]> {
  const rows = await readWith(engine, (db) => readJournal(db, { afterSeq: seq - 1, limit: 1 }))
  return rows.filter((row) => row.seq === seq)
}

/** Number of the first row written at `sinceMs` or later; rows are in the order of their time, so halves will do. */
export async function firstRowSince(engine: Engine, sinceMs: number, lastSeq: number): Promise<number> {
  let from = 1
  let to = lastSeq + 1
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    const [row] = await journalRow(engine, middle)
    if (row && row.atMs >= sinceMs) to = middle
    else from = middle + 1
  }
  return from
}

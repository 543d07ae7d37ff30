/**
 * How anything is written, on both databases: one transaction after another, each holding the market's lock, so that
 * what is decided against the journal's end stays true until it is kept.
 */
import type { JournalRow } from '../journal/events.ts'
import type { Database } from './query.ts'
import { doWrite, type Write } from './writes.ts'

/** The one connection of a process that writes. */
export interface Writer {
  /** statements of the open transaction */
  readonly db: Database
  /**
   * Opens a transaction that keeps other writers out.
   * @param afterSeq names the journal rows to be returned; nothing when none is of interest
   */
  begin(afterSeq?: number): Promise<JournalRow[]>
  putJournal(row: JournalRow): Promise<void>
  /** @param tell other processes should look soon */
  commit(tell: boolean): Promise<void>
  /** Undoes what is open; nothing when nothing is. */
  rollback(): Promise<void>
  /**
   * Where a transaction takes several trips to a server: keeps one journal row in a single trip.
   * @returns false, and nothing is kept, when another process wrote a row meanwhile
   */
  append?(row: JournalRow): Promise<boolean>
  /** The fault an error of the database stands for; another error comes back as it is. */
  fault(error: unknown): unknown
  close(): Promise<void>
}

/** What is to be written together. */
export interface Group {
  /** last journal row that was known when it was decided */
  readonly after: number
  /** becomes row `after + 1`; nothing when every request was refused */
  readonly journal?: Omit<JournalRow, 'seq'>
  readonly writes: readonly Write[]
}

/** Decides a group anew, with the journal rows others wrote since. */
export type Again = (news: readonly JournalRow[]) => Group | Promise<Group>

/**
 * Writes a group; when others wrote meanwhile it is decided anew, while the lock keeps them out.
 * @returns results of its writes
 */
export async function writeGroup(writer: Writer, first: Group, again: Again): Promise<unknown[]> {
  if (await appended(writer, first)) return []
  return transaction(writer, first.after, async (news) => {
    const group = news.length > 0 ? await again(news) : first
    if (group.journal) await writer.putJournal(rowOf(group))
    return doWrites(writer, group.writes)
  })
}

/** A write that has no part in the journal. */
export async function writeAlone(writer: Writer, write: Write): Promise<unknown> {
  const [result] = await transaction(writer, undefined, () => doWrites(writer, [write]))
  return result
}

async function appended(writer: Writer, group: Group): Promise<boolean> {
  if (!writer.append || !group.journal || group.writes.length > 0) return false
  try {
    return await writer.append(rowOf(group))
  } catch (error) {
    throw writer.fault(error)
  }
}

function rowOf({ after, journal }: Group): JournalRow {
  return { seq: after + 1, ...journal! }
}

async function transaction(
  writer: Writer,
  afterSeq: number | undefined,
  work: (news: readonly JournalRow[]) => Promise<unknown[]>,
): Promise<unknown[]> {
  try {
    const results = await work(await writer.begin(afterSeq))
    await writer.commit(results.length > 0)
    return results
  } catch (error) {
    await writer.rollback().catch(() => {})
    throw writer.fault(error)
  }
}

async function doWrites(writer: Writer, writes: readonly Write[]): Promise<unknown[]> {
  const results: unknown[] = []
  for (const write of writes) results.push(await doWrite(writer.db, write))
  return results
}

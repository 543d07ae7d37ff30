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
  /** @returns those that were remembered already, with what was answered; then the transaction must be rolled back */
  putKeys(keys: NewKeys, row: { readonly seq: number; readonly atMs: number }): Promise<TakenKey[]>
  /** @param tell other processes should look soon */
  commit(tell: boolean): Promise<void>
  /** Undoes what is open; nothing when nothing is. */
  rollback(): Promise<void>
  /** The fault an error of the database stands for; another error comes back as it is. */
  fault(error: unknown): unknown
  close(): Promise<void>
}

/** Idempotency keys of a group, as columns. */
export interface NewKeys {
  readonly participant: readonly number[]
  readonly keyHash: readonly string[]
  readonly bodyHash: readonly string[]
  /** first event of the answer within the journal row */
  readonly first: readonly number[]
  readonly count: readonly number[]
}

export interface TakenKey {
  readonly participant: number
  readonly keyHash: string
  readonly bodyHash: string
  /** events of the journal row that were the answer */
  readonly first: number
  readonly count: number
  readonly row: JournalRow
}

/** What is to be written together. */
export interface Group {
  /** last journal row that was known when it was decided */
  readonly after: number
  /** becomes row `after + 1`; nothing when every request was refused */
  readonly journal?: Omit<JournalRow, 'seq'>
  readonly keys?: NewKeys
  readonly writes: readonly Write[]
}

/** What a group could not know when it was decided. */
export interface Found {
  /** journal rows others wrote since */
  readonly news: readonly JournalRow[]
  /** keys that were used before */
  readonly taken: readonly TakenKey[]
}

/** Decides a group anew. */
export type Again = (found: Found) => Group | Promise<Group>

/**
 * Writes a group, deciding it anew as long as there is something it did not know.
 * @returns results of its writes
 */
export async function writeGroup(writer: Writer, first: Group, again: Again): Promise<unknown[]> {
  let group = first
  for (;;) {
    const done = await transaction(writer, group.after, async (news) => {
      if (news.length > 0) group = await again({ news, taken: [] })
      const taken = await put(writer, group)
      return taken.length > 0 ? { taken } : { taken, results: await doWrites(writer, group.writes) }
    })
    if (done.results) return done.results
    group = await again({ news: [], taken: done.taken })
  }
}

/** A write that has no part in the journal. */
export async function writeAlone(writer: Writer, write: Write): Promise<unknown> {
  const { results } = await transaction(writer, undefined, async () => ({
    taken: [],
    results: await doWrites(writer, [write]),
  }))
  return results![0]
}

interface Done {
  readonly taken: readonly TakenKey[]
  /** only where no key was taken */
  readonly results?: unknown[]
}

/** Keeps what the work wrote, unless it found keys taken or failed. */
async function transaction(
  writer: Writer,
  afterSeq: number | undefined,
  work: (news: readonly JournalRow[]) => Promise<Done>,
): Promise<Done> {
  try {
    const done = await work(await writer.begin(afterSeq))
    await (done.results ? writer.commit(done.results.length > 0) : writer.rollback())
    return done
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

async function put(writer: Writer, group: Group): Promise<TakenKey[]> {
  if (!group.journal) return []
  const row = { seq: group.after + 1, ...group.journal }
  const taken = group.keys ? await writer.putKeys(group.keys, row) : []
  if (taken.length === 0) await writer.putJournal(row)
  return taken
}

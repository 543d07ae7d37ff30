/** The writing connection of a SQLite file. Its statements are prepared once: this is the path of every order. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { JournalRow } from '../journal/events.ts'
import type { NewKeys, TakenKey, Writer } from '../sql/writer.ts'
import { SqliteDatabase } from './database.ts'
import { sqliteFault } from './faults.ts'

export class SqliteWriter implements Writer {
  readonly db: SqliteDatabase
  readonly #file: DatabaseSync
  readonly #statements: Readonly<
    Record<'begin' | 'commit' | 'rollback' | 'news' | 'row' | 'key' | 'taken', StatementSync>
  >

  constructor(file: DatabaseSync) {
    this.#file = file
    this.db = new SqliteDatabase(file)
    this.#statements = {
      begin: file.prepare('begin immediate'),
      commit: file.prepare('commit'),
      rollback: file.prepare('rollback'),
      news: file.prepare('select seq, at_ms as atMs, bytes from journal where seq > ? order by seq'),
      row: file.prepare('insert into journal (seq, at_ms, bytes) values (?, ?, ?)'),
      key: file.prepare(
        'insert into idempotency (participant, key_hash, body_hash, seq, first, count, at_ms) values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing',
      ),
      taken: file.prepare(
        'select body_hash as bodyHash, first, count, seq, journal.at_ms as atMs, bytes from idempotency join journal using (seq) where participant = ? and key_hash = ?',
      ),
    }
  }

  async begin(afterSeq?: number): Promise<JournalRow[]> {
    this.#statements.begin.run()
    return afterSeq === undefined ? [] : (this.#statements.news.all(afterSeq) as unknown as JournalRow[])
  }

  async putJournal({ seq, atMs, bytes }: JournalRow): Promise<void> {
    this.#statements.row.run(seq, atMs, bytes)
  }

  async putKeys(keys: NewKeys, { seq, atMs }: { seq: number; atMs: number }): Promise<TakenKey[]> {
    const taken: TakenKey[] = []
    for (let key = 0; key < keys.keyHash.length; key++) {
      const named = [keys.participant[key]!, keys.keyHash[key]!] as const
      const answer = [seq, keys.first[key]!, keys.count[key]!] as const
      const { changes } = this.#statements.key.run(...named, keys.bodyHash[key]!, ...answer, atMs)
      if (changes === 0) taken.push(this.#taken(...named))
    }
    return taken
  }

  async commit(): Promise<void> {
    this.#statements.commit.run()
  }

  /** A failed statement may have ended the transaction already; then there is nothing left to undo. */
  async rollback(): Promise<void> {
    if (this.#file.isTransaction) this.#statements.rollback.run()
  }

  fault(error: unknown): unknown {
    return sqliteFault(error)
  }

  async close(): Promise<void> {
    if (this.#file.isOpen) this.#file.close()
  }

  #taken(participant: number, keyHash: string): TakenKey {
    type Row = Omit<TakenKey, 'row' | 'participant' | 'keyHash'> & JournalRow
    const found = this.#statements.taken.get(participant, keyHash) as unknown as Row
    const { bodyHash, first, count, ...row } = found
    return { participant, keyHash, bodyHash, first, count, row }
  }
}

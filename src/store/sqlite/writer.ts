/** The writing connection of a SQLite file. Its statements are prepared once: this is the path of every order. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { JournalRow } from '../journal/events.ts'
import type { Writer } from '../sql/writer.ts'
import { SqliteDatabase } from './database.ts'
import { sqliteFault } from './faults.ts'

export class SqliteWriter implements Writer {
  readonly db: SqliteDatabase
  readonly #file: DatabaseSync
  readonly #statements: Readonly<Record<'begin' | 'commit' | 'rollback' | 'news' | 'row', StatementSync>>

  constructor(file: DatabaseSync) {
    this.#file = file
    this.db = new SqliteDatabase(file)
    this.#statements = {
      begin: file.prepare('begin immediate'),
      commit: file.prepare('commit'),
      rollback: file.prepare('rollback'),
      news: file.prepare('select seq, at_ms as atMs, bytes, keys from journal where seq > ? order by seq'),
      row: file.prepare('insert into journal (seq, at_ms, bytes, keys) values (?, ?, ?, ?)'),
    }
  }

  async begin(afterSeq?: number): Promise<JournalRow[]> {
    this.#statements.begin.run()
    return afterSeq === undefined ? [] : (this.#statements.news.all(afterSeq) as unknown as JournalRow[])
  }

  async putJournal({ seq, atMs, bytes, keys }: JournalRow): Promise<void> {
    this.#statements.row.run(seq, atMs, bytes, keys)
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
}

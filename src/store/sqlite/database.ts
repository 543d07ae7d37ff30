/** Queries on a SQLite connection. Statements are prepared once and kept; the ones not used for long are let go. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Database, Query } from '../sql/query.ts'

const keptStatements = 100

export class SqliteDatabase implements Database {
  readonly #file: DatabaseSync
  readonly #kept = new Map<string, StatementSync>()

  constructor(file: DatabaseSync) {
    this.#file = file
  }

  async all<Row>({ text, values }: Query): Promise<Row[]> {
    return this.#prepared(text).all(...values) as Row[]
  }

  async run({ text, values }: Query): Promise<number> {
    return Number(this.#prepared(text).run(...values).changes)
  }

  async script(text: string): Promise<void> {
    this.#file.exec(text)
  }

  #prepared(text: string): StatementSync {
    const statement = this.#kept.get(text) ?? this.#file.prepare(text)
    this.#kept.delete(text)
    this.#kept.set(text, statement)
    if (this.#kept.size > keptStatements) this.#kept.delete(this.#kept.keys().next().value!)
    return statement
  }
}

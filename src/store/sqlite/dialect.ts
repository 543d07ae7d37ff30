/**
 * Kysely on Node's own SQLite: the few members its dialect asks for. Statements are prepared once and kept, the least
 * recently used ones are let go.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely'

const keptStatements = 200

export function kyselyOn<Tables>(db: DatabaseSync): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: adapted(db) }) })
}

function adapted(db: DatabaseSync): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>()
  return {
    close: () => db.close(),
    prepare: (text) => {
      const statement = kept.get(text) ?? wrapped(db.prepare(text))
      kept.delete(text)
      kept.set(text, statement)
      if (kept.size > keptStatements) kept.delete(kept.keys().next().value!)
      return statement
    },
  }
}

function wrapped(statement: StatementSync): SqliteStatement {
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)) as IterableIterator<unknown>,
  }
}

/** Brings a schema forward to what this program knows, and refuses one that is ahead of it. */
import { type Kysely, sql } from 'kysely'
import { StoreFault } from '../fault.ts'
import { type Engine, migrations } from './migrations.ts'

/**
 * To be called within a transaction that keeps others out; its end keeps all of it or nothing.
 *
 * @param steps the history to follow; tests have their own
 * @throws StoreFault `newer-schema`; `read-only` where a schema must be brought forward that may not be written
 */
export async function migrate(
  db: Kysely<unknown>,
  { engine, readOnly, steps = migrations }: MigrateOptions,
): Promise<void> {
  const version = await schemaVersion(db, engine)
  if (version === steps.length) return
  if (version > steps.length)
    throw new StoreFault(
      'newer-schema',
      `the database has schema ${version}, this program knows ${steps.length}: a newer version wrote it`,
    )
  if (readOnly)
    throw new StoreFault(
      'read-only',
      `schema ${version} must be brought to ${steps.length}, which needs writing`,
    )
  for (const step of steps.slice(version)) await step(db, engine)
  await sql`drop table if exists schema_version`.execute(db)
  await sql`create table schema_version (version ${sql.raw(engine === 'sqlite' ? 'integer' : 'bigint')} not null)`.execute(
    db,
  )
  await sql`insert into schema_version (version) values (${steps.length})`.execute(db)
}

export interface MigrateOptions {
  readonly engine: Engine
  readonly readOnly: boolean
  readonly steps?: typeof migrations
}

/** 0 for a database without a schema of ours. */
async function schemaVersion(db: Kysely<unknown>, engine: Engine): Promise<number> {
  const isThere =
    engine === 'sqlite'
      ? sql<{ found: unknown }>`select name as found from sqlite_schema where name = 'schema_version'`
      : sql<{ found: unknown }>`select to_regclass('schema_version') as found`
  const [table] = (await isThere.execute(db)).rows
  if (!table?.found) return 0
  const { rows } = await sql<{ version: number }>`select version from schema_version`.execute(db)
  return rows[0]?.version ?? 0
}

/** Brings a schema forward to what this program knows, and refuses one that is ahead of it. */
import { StoreFault } from '../fault.ts'
import { forPostgres, migrations } from './migrations.ts'
import { type Database, first, sql } from './query.ts'

export interface MigrateOptions {
  readonly kind: 'sqlite' | 'postgres'
  readonly readOnly: boolean
  /** a database without a schema of ours gets one; true by default, never where it is read only */
  readonly make?: boolean
  /** the history to follow; tests have their own */
  readonly steps?: readonly string[]
}

/**
 * To be called within a transaction that keeps others out; its end keeps all of it or nothing.
 *
 * @throws StoreFault `newer-schema`; `empty` without a schema where none shall be made; `read-only` where a schema must be brought forward that may not be written
 */
export async function migrate(
  db: Database,
  { kind, readOnly, make = !readOnly, steps = migrations }: MigrateOptions,
): Promise<void> {
  const version = await schemaVersion(db, kind)
  if (version === steps.length) return
  if (version === 0 && !make) throw new StoreFault('empty', 'the database holds no market')
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
  const text = steps.slice(version).join('\n') + note(steps.length)
  await db.script(kind === 'sqlite' ? text : forPostgres(text))
}

function note(version: number): string {
  return `
    drop table if exists schema_version;
    create table schema_version (version integer not null) strict;
    insert into schema_version (version) values (${version});`
}

/** 0 for a database without a schema of ours. */
async function schemaVersion(db: Database, kind: 'sqlite' | 'postgres'): Promise<number> {
  const isThere =
    kind === 'sqlite'
      ? sql`select name as found from sqlite_schema where name = 'schema_version'`
      : sql`select to_regclass('schema_version') as found`
  if (!(await first<{ found: unknown }>(db, isThere))?.found) return 0
  const row = await first<{ version: number }>(db, sql`select version from schema_version`)
  return row?.version ?? 0
}

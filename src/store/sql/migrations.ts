/**
 * The schema's history, forward only. A migration that has shipped is never edited: what changes is a new one. Each
 * runs in the transaction that also notes it, so a killed process leaves the former version whole.
 */
import { type ColumnDefinitionBuilder, type CreateTableBuilder, type Kysely, sql } from 'kysely'

export type Engine = 'sqlite' | 'postgres'

type Migration = (db: Kysely<unknown>, engine: Engine) => Promise<void>

export const migrations: readonly Migration[] = [firstSchema]

/** A column's type and whether it may be empty: `int?`. Names of types are ours, so that one text makes both schemas. */
type Kind = 'int' | 'int?' | 'real' | 'text' | 'text?' | 'bytes'

const types = {
  sqlite: { int: 'integer', real: 'real', text: 'text', bytes: 'blob' },
  postgres: { int: 'bigint', real: 'double precision', text: 'text', bytes: 'bytea' },
} as const

interface NewTable {
  readonly name: string
  readonly columns: Readonly<Record<string, Kind>>
  readonly key: readonly string[]
  /** SQLite keeps rows in the tree of their key: right for short ones that are found by several columns */
  readonly short?: boolean
}

async function table(
  { db, engine }: { db: Kysely<unknown>; engine: Engine },
  { name, columns, key, short }: NewTable,
): Promise<void> {
  const notNull = (column: ColumnDefinitionBuilder) => column.notNull()
  let builder: CreateTableBuilder<string, string> = db.schema.createTable(name)
  for (const [column, kind] of Object.entries(columns)) {
    const type = types[engine][kind.replace('?', '') as keyof (typeof types)[Engine]]
    builder = builder.addColumn(column, sql.raw(type), kind.endsWith('?') ? undefined : notNull)
  }
  builder = builder.addPrimaryKeyConstraint(`${name}_key`, key as [string])
  const end = short ? sql`strict, without rowid` : sql`strict`
  await (engine === 'sqlite' ? builder.modifyEnd(end) : builder).execute()
}

async function index(db: Kysely<unknown>, on: string, columns: readonly string[]): Promise<void> {
  await db.schema
    .createIndex(`${on}_by_${columns.join('_')}`)
    .on(on)
    .columns([...columns])
    .execute()
}

async function firstSchema(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const add = (made: NewTable) => table({ db, engine }, made)
  const market = { id: 'int', name: 'text', definition: 'text', hash: 'text', created_ms: 'int' } as const
  const gates = { first_interval: 'int', open_from: 'int', clear_from: 'int', journal_from: 'int' } as const
  await add({
    name: 'market',
    columns: { ...market, ...gates, clock_ms: 'int', access_version: 'int' },
    key: ['id'],
  })
  await add({ name: 'journal', columns: { seq: 'int', at_ms: 'int', bytes: 'bytes' }, key: ['seq'] })
  const asked = { participant: 'int', key_hash: 'text', body_hash: 'text' } as const
  await add({
    name: 'idempotency',
    columns: { ...asked, seq: 'int', first: 'int', count: 'int', at_ms: 'int' },
    key: ['participant', 'key_hash'],
    short: true,
  })
  await index(db, 'idempotency', ['at_ms'])
  await intervalTables(add)
  await accessTables(db, add)
  await meterTables(db, add)
  await runTables(db, add)
  const event = { kind: 'text', interval: 'int?', at_ms: 'int', body: 'text' } as const
  await add({ name: 'event', columns: { seq: 'int', ...event }, key: ['seq'] })
  const line = { at_ms: 'int', actor: 'int?', action: 'text', detail: 'text' } as const
  await add({ name: 'audit', columns: { seq: 'int', ...line }, key: ['seq'] })
}

type Add = (made: NewTable) => Promise<void>

async function intervalTables(add: Add): Promise<void> {
  const moments = { closed_ms: 'int', cleared_ms: 'int?', settled_ms: 'int?' } as const
  await add({
    name: 'interval',
    columns: { interval: 'int', ...moments, settlements: 'int', result_hash: 'text?' },
    key: ['interval'],
  })
  await add({
    name: 'part',
    columns: { interval: 'int', round: 'int', name: 'text', bytes: 'bytes' },
    key: ['interval', 'round', 'name'],
  })
  await add({
    name: 'settlement',
    columns: { interval: 'int', round: 'int', meter_seq: 'int', at_ms: 'int' },
    key: ['interval', 'round'],
    short: true,
  })
  await add({ name: 'carried', columns: { name: 'text', interval: 'int', bytes: 'bytes' }, key: ['name'] })
}

async function accessTables(db: Kysely<unknown>, add: Add): Promise<void> {
  const who = { id: 'int', name: 'text', role: 'text', bus: 'int?' } as const
  const told = { public_json: 'text', private_json: 'text', created_ms: 'int', retired_ms: 'int?' } as const
  await add({ name: 'participant', columns: { ...who, ...told }, key: ['id'] })
  await db.schema.createIndex('participant_by_name').on('participant').column('name').unique().execute()
  const key = { id: 'text', participant: 'int', hash: 'bytes', label: 'text' } as const
  await add({ name: 'access_key', columns: { ...key, created_ms: 'int', revoked_ms: 'int?' }, key: ['id'] })
}

async function meterTables(db: Kysely<unknown>, add: Add): Promise<void> {
  const which = { interval: 'int', participant: 'int', version: 'int', seq: 'int' } as const
  const energy = { import_wh: 'int', export_wh: 'int', at_ms: 'int', sent_by: 'int?' } as const
  await add({
    name: 'reading',
    columns: { ...which, ...energy },
    key: ['interval', 'participant', 'version'],
    short: true,
  })
  await index(db, 'reading', ['participant', 'interval'])
  await index(db, 'reading', ['seq'])
  await add({
    name: 'statement',
    columns: { participant: 'int', month: 'text', version: 'int', body: 'bytes', issued_ms: 'int' },
    key: ['participant', 'month', 'version'],
  })
}

async function runTables(db: Kysely<unknown>, add: Add): Promise<void> {
  const run = { id: 'text', participant: 'int', spec: 'text', state: 'text', progress: 'real' } as const
  const times = { worker: 'text?', created_ms: 'int', started_ms: 'int?', ended_ms: 'int?' } as const
  await add({ name: 'run', columns: { ...run, ...times, note: 'text?' }, key: ['id'] })
  await index(db, 'run', ['state', 'created_ms'])
  await add({
    name: 'run_file',
    columns: { run: 'text', name: 'text', media_type: 'text', content: 'bytes' },
    key: ['run', 'name'],
  })
}

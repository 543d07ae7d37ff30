/** PostgreSQL: one connection that writes, a few that read, one that listens. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Leadership } from '../port.ts'
import type { Engine, EngineOptions } from '../sql/engine.ts'
import { LocalExecutor } from '../sql/executor.ts'
import { migrate } from '../sql/migrate.ts'
import { copyMarket } from '../sql/copy.ts'
import { SqliteDatabase } from '../sqlite/database.ts'
import { makeFile } from '../sqlite/file.ts'
import { clientConfig, type ConnectOptions, schema } from './client.ts'
import { PostgresDatabase } from './database.ts'
import { postgresFault } from './faults.ts'
import { leadDatabase } from './lead.ts'
import { Listening } from './listen.ts'
import { PostgresWriter } from './writer.ts'

const readersMax = 4

export async function openPostgres(
  address: string,
  { create, readOnly = false, waitMs = 5_000 }: EngineOptions,
): Promise<Engine> {
  const token = randomUUID()
  const config = clientConfig({ address, readOnly, waitMs })
  const writer = await openPostgresWriter({
    address,
    readOnly,
    waitMs,
    token,
    make: create !== undefined && !readOnly,
  })
  const executor = new LocalExecutor(writer)
  const pool = new pg.Pool({ ...config, max: readersMax })
  // An idle connection that is cut is replaced by the next that is needed.
  pool.on('error', () => {})
  const leading = new Set<Leadership>()
  let listening: Listening | undefined
  return {
    kind: 'postgres',
    executor,
    reads: new PostgresDatabase(() => pool),
    fault: postgresFault,
    lead: async () => {
      const leadership = await leadDatabase(config).catch((error: unknown) => {
        throw postgresFault(error)
      })
      if (leadership) leading.add(leadership)
      return leadership
    },
    listen: (heard) => {
      listening = new Listening(config, token, heard)
    },
    backup: (file) => backUp(pool, file),
    close: async () => {
      await executor.close()
      await listening?.close()
      for (const leadership of leading) await leadership.release()
      await pool.end()
    },
  }
}

/** A copy in a SQLite file, of one moment. */
async function backUp(pool: pg.Pool, file: string): Promise<void> {
  await makeFile(file, async (db) => {
    const copy = new SqliteDatabase(db)
    await migrate(copy, { kind: 'sqlite', readOnly: false })
    const client = await pool.connect()
    try {
      await client.query('begin isolation level repeatable read read only')
      await copyMarket(new PostgresDatabase(() => client), copy)
      await client.query('commit')
    } catch (error) {
      throw postgresFault(error)
    } finally {
      // Whatever is still open is not worth going on with.
      client.release(true)
    }
  })
}

/**
 * A writing connection to a schema that is up to date. Bringing it forward happens under the market's lock, so that of
 * several processes that start at once one does it.
 */
export async function openPostgresWriter({
  token,
  make,
  ...options
}: ConnectOptions & {
  /** names this process in what it tells others */
  readonly token: string
  /** the schema may be made */
  readonly make: boolean
}): Promise<PostgresWriter> {
  const { readOnly } = options
  const writer = new PostgresWriter(options, token)
  try {
    await writer.begin()
    if (make) await writer.db.script(`create schema if not exists ${schema}`)
    await migrate(writer.db, { kind: 'postgres', readOnly, make })
    await writer.commit(false)
    return writer
  } catch (error) {
    await writer.close()
    throw postgresFault(error)
  }
}

/** PostgreSQL: one connection that writes, a few that read, one that listens. */
import { randomUUID } from 'node:crypto'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Leadership, StoreOptions } from '../port.ts'
import type { Engine } from '../sql/engine.ts'
import { LocalExecutor } from '../sql/executor.ts'
import { migrate } from '../sql/migrate.ts'
import type { Tables } from '../sql/tables.ts'
import { clientConfig, schema } from './client.ts'
import { postgresFault } from './faults.ts'
import { leadDatabase } from './lead.ts'
import { Listening } from './listen.ts'
import { PostgresWriter } from './writer.ts'

const readersMax = 4

export async function openPostgres(
  address: string,
  { readOnly = false }: Pick<StoreOptions, 'readOnly'>,
): Promise<Engine> {
  const token = randomUUID()
  const config = clientConfig({ address, readOnly })
  const writer = new PostgresWriter({ address, readOnly }, token)
  await bringForward(writer, readOnly)
  const executor = new LocalExecutor(writer)
  const pool = new pg.Pool({ ...config, max: readersMax })
  // An idle connection that is cut is replaced by the next that is needed.
  pool.on('error', () => {})
  const leading = new Set<Leadership>()
  let listening: Listening | undefined
  return {
    kind: 'postgres',
    executor,
    reads: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }),
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
    backup: () => Promise.reject(new Error('not yet')),
    close: async () => {
      await executor.close()
      await listening?.close()
      for (const leadership of leading) await leadership.release()
      await pool.end()
    },
  }
}

/** Under the market's lock, so that of several processes that start at once one does it. */
async function bringForward(writer: PostgresWriter, readOnly: boolean): Promise<void> {
  try {
    await writer.begin()
    if (!readOnly) await sql`create schema if not exists ${sql.id(schema)}`.execute(writer.db)
    await migrate(writer.db as unknown as Kysely<unknown>, { engine: 'postgres', readOnly })
    await writer.commit(false)
  } catch (error) {
    await writer.close()
    throw postgresFault(error)
  }
}

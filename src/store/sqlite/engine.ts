/** SQLite: a thread that writes, and a connection of this thread that reads. */
import type { Engine, EngineOptions } from '../sql/engine.ts'
import { SqliteDatabase } from './database.ts'
import { sqliteFault } from './faults.ts'
import { copyFile, openFile } from './file.ts'
import { leadFile } from './lead.ts'
import { WorkerExecutor } from './worker-executor.ts'

export async function openSqlite(
  file: string,
  { create, readOnly = false, waitMs = 5_000, bytesMax }: EngineOptions,
): Promise<Engine> {
  const executor = await WorkerExecutor.start({
    file,
    readOnly,
    make: create !== undefined && !readOnly,
    waitMs,
    bytesMax,
  })
  const db = openFile(file, { readOnly: true })
  const closing = new AbortController()
  return {
    kind: 'sqlite',
    executor,
    reads: new SqliteDatabase(db),
    fault: sqliteFault,
    lead: async () => leadFile(file, closing.signal),
    backup: (copy) => copyFile(db, copy),
    close: async () => {
      await executor.close()
      closing.abort()
      db.close()
    },
  }
}

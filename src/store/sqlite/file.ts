/** Opens and copies a market's SQLite file: durable settings, and a look at whose file it is. */
import { existsSync, renameSync, rmSync } from 'node:fs'
import { backup, DatabaseSync } from 'node:sqlite'
import { StoreFault } from '../fault.ts'
import { sqliteFault } from './faults.ts'

/** `ovrw`, in the file's header: this is a market of ours. */
const applicationId = 0x6f_76_72_77
const busyMs = 5_000

export interface FileOptions {
  readonly readOnly?: boolean
  /** the file grows no larger [bytes] */
  readonly bytesMax?: number | undefined
}

/**
 * A connection with every commit on disk before it returns.
 * @throws StoreFault `foreign`, `unreachable`, `busy`, `read-only`
 */
export function openFile(file: string, { readOnly = false, bytesMax }: FileOptions = {}): DatabaseSync {
  try {
    const db = new DatabaseSync(file, { readOnly, timeout: busyMs })
    try {
      if (!readOnly) {
        claim(db, file)
        db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 4000')
        if (bytesMax !== undefined) limitTo(db, bytesMax)
      }
      return db
    } catch (error) {
      db.close()
      throw error
    }
  } catch (error) {
    throw sqliteFault(error)
  }
}

/** Marks an empty file as ours; refuses one that is somebody else's. */
function claim(db: DatabaseSync, file: string): void {
  const id = numberOf(db, 'pragma application_id')
  if (id === applicationId) return
  if (id !== 0 || numberOf(db, 'select count(*) from sqlite_schema') > 0)
    throw new StoreFault('foreign', `${file} is a database of another program`)
  db.exec(`pragma application_id = ${applicationId}`)
}

function limitTo(db: DatabaseSync, bytesMax: number): void {
  db.exec(`pragma max_page_count = ${Math.floor(bytesMax / numberOf(db, 'pragma page_size'))}`)
}

/**
 * Copies what is committed now into a file of its own, off this thread. The copy appears under its name when it is whole.
 * @throws StoreFault `unreachable` where the file exists
 */
export async function copyFile(from: DatabaseSync, file: string): Promise<void> {
  refuseExisting(file)
  const unfinished = `${file}.unfinished`
  // All pages in one step: of a database that is being written, a copy in many steps would start over and over.
  try {
    await backup(from, unfinished, { rate: 2 ** 31 - 1 })
    renameSync(unfinished, file)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw sqliteFault(error)
  }
}

export function refuseExisting(file: string): void {
  if (existsSync(file)) throw new StoreFault('unreachable', `${file} exists already; nothing was written`)
}

function numberOf(db: DatabaseSync, query: string): number {
  return Number(Object.values(db.prepare(query).get()!)[0])
}

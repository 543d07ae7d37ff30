/** Opens and copies a market's SQLite file: durable settings, and a look at whose file it is. */
import { existsSync, rmSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { backup, DatabaseSync } from 'node:sqlite'
import { StoreFault } from '../fault.ts'
import { sqliteFault } from './faults.ts'

/** `ovrw`, in the file's header: this is a market of ours. */
const applicationId = 0x6f_76_72_77

export interface FileOptions {
  readonly readOnly?: boolean
  /** a file that is not there, or empty, becomes one of ours; true by default, never where it is read only */
  readonly make?: boolean
  /** for another process that writes [ms] */
  readonly waitMs?: number
  /** the file grows no larger [bytes] */
  readonly bytesMax?: number | undefined
}

/**
 * A connection with every commit on disk before it returns.
 * @throws StoreFault `empty`, `foreign`, `unreachable`, `busy`, `read-only`
 */
export function openFile(
  file: string,
  { readOnly = false, make = !readOnly, waitMs = 5_000, bytesMax }: FileOptions = {},
): DatabaseSync {
  if (!make && !existsSync(file)) throw new StoreFault('empty', `there is no file ${file}`)
  try {
    const db = new DatabaseSync(file, { readOnly, timeout: waitMs })
    try {
      if (!isOurs(db, file)) claim(db, { file, make })
      if (!readOnly) {
        db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 4000')
        if (bytesMax !== undefined) limitTo(db, bytesMax)
      }
      return db
    } catch (error) {
      db.close()
      throw error
    }
  } catch (error) {
    throw named(sqliteFault(error), file)
  }
}

/** What is wrong with a file says which. */
function named(error: unknown, file: string): unknown {
  const isOfFile = error instanceof StoreFault && !error.message.includes(file)
  return isOfFile ? new StoreFault(error.code, `${file}: ${error.message}`, error.cause) : error
}

/** @returns false for an empty file; somebody else's is refused */
function isOurs(db: DatabaseSync, file: string): boolean {
  const id = numberOf(db, 'pragma application_id')
  if (id === applicationId) return true
  if (id !== 0 || numberOf(db, 'select count(*) from sqlite_schema') > 0)
    throw new StoreFault('foreign', `${file} is a database of another program`)
  return false
}

function claim(db: DatabaseSync, { file, make }: { file: string; make: boolean }): void {
  if (!make) throw new StoreFault('empty', `${file} holds no market`)
  db.exec(`pragma application_id = ${applicationId}`)
}

function limitTo(db: DatabaseSync, bytesMax: number): void {
  db.exec(`pragma max_page_count = ${Math.floor(bytesMax / numberOf(db, 'pragma page_size'))}`)
}

/**
 * Copies what is committed now into a file of its own, off this thread. The copy appears under its name when it is whole.
 * @throws StoreFault `unreachable` where the file exists
 */
export function copyFile(from: DatabaseSync, file: string): Promise<void> {
  // All pages in one step: of a database that is being written, a copy in many steps would start over and over.
  return writeWhole(file, async (unfinished) => {
    await backup(from, unfinished, { rate: 2 ** 31 - 1 })
  })
}

/**
 * A new market file, filled by others.
 * @param fill within a transaction
 * @throws StoreFault `unreachable` where the file exists
 */
export function makeFile(file: string, fill: (db: DatabaseSync) => Promise<void>): Promise<void> {
  return writeWhole(file, async (unfinished) => {
    const db = openFile(unfinished)
    try {
      // A file that is not whole is thrown away, so nothing on the way needs to be durable.
      db.exec('pragma journal_mode = off; pragma synchronous = off; begin')
      await fill(db)
      db.exec('commit; pragma journal_mode = wal')
    } finally {
      db.close()
    }
  })
}

/** The file appears under its name when it is written and on disk. */
async function writeWhole(file: string, write: (unfinished: string) => Promise<void>): Promise<void> {
  if (existsSync(file)) throw new StoreFault('unreachable', `${file} exists already; nothing was written`)
  const unfinished = `${file}.unfinished`
  try {
    rmSync(unfinished, { force: true })
    await write(unfinished)
    const written = await open(unfinished, 'r+')
    await written.sync()
    await written.close()
    await rename(unfinished, file)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw sqliteFault(error)
  }
}

function numberOf(db: DatabaseSync, query: string): number {
  return Number(Object.values(db.prepare(query).get()!)[0])
}

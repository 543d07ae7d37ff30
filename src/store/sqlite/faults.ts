/** SQLite's errors as faults of the store. */
import { StoreFault, type StoreFaultCode } from '../fault.ts'

/** by primary result code, see https://sqlite.org/rescode.html */
const faults: Readonly<Record<number, readonly [StoreFaultCode, string]>> = {
  5: ['busy', 'another process holds the database'],
  6: ['busy', 'another connection holds a table'],
  8: ['read-only', 'the database takes no writes'],
  10: ['io', 'the disk reports an error'],
  11: ['damaged', 'the database is damaged'],
  13: ['full', 'no room is left for the database'],
  14: ['unreachable', 'the database file cannot be opened'],
  26: ['foreign', 'the file is no SQLite database'],
}

/** The fault an error stands for; an error that is none comes back as it is. */
export function sqliteFault(error: unknown): unknown {
  const code = (error as { errcode?: unknown } | undefined)?.errcode
  if (typeof code !== 'number') return error
  const fault = faults[code & 0xff]
  return fault ? new StoreFault(fault[0], `${fault[1]} (SQLite: ${(error as Error).message})`, error) : error
}

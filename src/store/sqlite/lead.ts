/**
 * The leader's place among processes on one file: a lock of the operating system on a file beside it, held by an open
 * transaction. It falls with the process that holds it, however that ends.
 */
import { DatabaseSync } from 'node:sqlite'
import { StoreFault } from '../fault.ts'
import type { Leadership } from '../port.ts'
import { sqliteFault } from './faults.ts'

export function leadFile(file: string, closing: AbortSignal): Leadership | undefined {
  const lock = new DatabaseSync(`${file}-leader`, { timeout: 0 })
  try {
    // Nothing is written, so nothing needs a journal that a killed process would leave behind.
    lock.exec('pragma journal_mode = memory; begin exclusive')
  } catch (error) {
    lock.close()
    const fault = sqliteFault(error)
    if (fault instanceof StoreFault && fault.code === 'busy') return undefined
    throw fault
  }
  const release = () => {
    if (lock.isOpen) lock.close()
  }
  closing.addEventListener('abort', release, { once: true })
  return { lost: closing, release: async () => release() }
}

/** What the serving thread and the writing thread say to each other. */
import { StoreFault, type StoreFaultCode } from '../fault.ts'
import type { JournalRow } from '../journal/events.ts'
import type { Group } from '../sql/writer.ts'
import type { Write } from '../sql/writes.ts'

export interface WorkerStart {
  readonly file: string
  readonly readOnly: boolean
  readonly make: boolean
  readonly waitMs: number
  readonly bytesMax: number | undefined
}

export type ToWorker =
  | { readonly id: number; readonly group: Group }
  | { readonly id: number; readonly write: Write }
  /** finish what was asked for and end */
  | { readonly close: true }
  /** the answer to a question */
  | { readonly question: number; readonly group?: Group; readonly failure?: Failure }

export type FromWorker =
  | { readonly ready: true }
  | { readonly failed: Failure }
  | { readonly id: number; readonly results: unknown }
  | { readonly id: number; readonly failure: Failure }
  /** a group has to be decided anew; the market's lock waits for the answer */
  | { readonly question: number; readonly of: number; readonly news: readonly JournalRow[] }

/** An error on its way between threads. */
export interface Failure {
  readonly code?: StoreFaultCode
  readonly message: string
  readonly stack?: string | undefined
}

export function failureOf(error: unknown): Failure {
  if (error instanceof StoreFault) return { code: error.code, message: error.message }
  if (error instanceof Error) return { message: `${error.name}: ${error.message}`, stack: error.stack }
  return { message: String(error) }
}

export function errorOf(failure: Failure): Error {
  if (failure.code) return new StoreFault(failure.code, failure.message)
  const error = new Error(failure.message)
  if (failure.stack) error.stack = failure.stack
  return error
}

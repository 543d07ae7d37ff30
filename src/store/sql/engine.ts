/** What a database must bring for the store to stand on it. */
import type { Leadership, StoreOptions } from '../port.ts'
import type { Executor } from './executor.ts'
import type { Database } from './query.ts'

/** Without `create` a database that holds no market is refused as it is, and nothing is made in it. */
export type EngineOptions = Pick<StoreOptions, 'create' | 'readOnly' | 'waitMs' | 'bytesMax'>

export interface Engine {
  readonly kind: 'sqlite' | 'postgres'
  /** the schema is up to date */
  readonly executor: Executor
  /** sees what is committed, takes no writes */
  readonly reads: Database
  /** The fault an error of the database stands for; another error comes back as it is. */
  readonly fault: (error: unknown) => unknown
  lead(): Promise<Leadership | undefined>
  /** Calls when another process may have written; nothing where only looking tells. */
  listen?(heard: () => void): void
  backup(file: string): Promise<void>
  close(): Promise<void>
}

/** A read whose errors are faults. */
export async function readWith<Value>(
  { reads, fault }: Engine,
  read: (db: Database) => Promise<Value>,
): Promise<Value> {
  try {
    return await read(reads)
  } catch (error) {
    throw fault(error)
  }
}

/** Who does the writing: this process itself (PostgreSQL), or a thread of it (SQLite), one job after another. */
import { StoreFault } from '../fault.ts'
import { type Again, type Group, writeAlone, writeGroup, type Writer } from './writer.ts'
import type { Write, WriteArgs, WriteName, WriteResult } from './writes.ts'

export interface Executor {
  group(group: Group, again: Again): Promise<unknown[]>
  write(write: Write): Promise<unknown>
  /** After what was asked for is done. */
  close(): Promise<void>
}

/** Asks for one write and knows what it answers. */
export function writeBy<Name extends WriteName>(
  executor: Executor,
  name: Name,
  args: WriteArgs<Name>,
): Promise<WriteResult<Name>> {
  return executor.write({ name, args }) as Promise<WriteResult<Name>>
}

export class LocalExecutor implements Executor {
  readonly #writer: Writer
  #last: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(writer: Writer) {
    this.#writer = writer
  }

  group(group: Group, again: Again): Promise<unknown[]> {
    return this.#next(() => writeGroup(this.#writer, group, again))
  }

  write(write: Write): Promise<unknown> {
    return this.#next(() => writeAlone(this.#writer, write))
  }

  close(): Promise<void> {
    const closing = this.#next(() => this.#writer.close())
    this.#closed = true
    return closing
  }

  #next<Value>(job: () => Promise<Value>): Promise<Value> {
    if (this.#closed) return Promise.reject(new StoreFault('closed', 'the store was closed'))
    const done = this.#last.then(job)
    this.#last = done.catch(() => {})
    return done
  }
}

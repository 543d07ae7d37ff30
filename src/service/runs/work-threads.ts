/** Threads for what would hold up requests: books to clear, scenarios to check and to run. Started when first needed. */
import { MessageChannel } from 'node:worker_threads'
import { Piscina } from 'piscina'
import type { Fault } from '../../base/errors.ts'
import { Refusal } from '../refusal.ts'
import type { ClearAnswer } from './clear-thread.ts'
import type { RunAnswer, RunSource, RunTask } from './run-thread.ts'

export interface ThreadCounts {
  /** books that wait for their clearing */
  readonly waitingBooks: number
  /** runs at one time */
  readonly runs: number
}

export class WorkThreads {
  readonly #counts: ThreadCounts
  #clears: Piscina<Uint8Array, ClearAnswer> | null = null
  #runs: Piscina<RunTask, RunAnswer> | null = null

  constructor(counts: ThreadCounts) {
    this.#counts = counts
  }

  /** @throws Refusal `overloaded` when too many wait */
  async clear(bytes: Uint8Array): Promise<ClearAnswer> {
    return this.#free().run(bytes)
  }

  /** @throws Refusal `overloaded` when too many wait */
  async check(source: RunSource): Promise<readonly Fault[]> {
    const filename = new URL('./run-thread.ts', import.meta.url).href
    return this.#free().run(source as never, { filename, name: 'check' }) as never
  }

  /** The thread of books, which checks scenarios too: runs may keep theirs for minutes. */
  #free(): Piscina<Uint8Array, ClearAnswer> {
    const { waitingBooks } = this.#counts
    this.#clears ??= pool('./clear-thread.ts', { maxThreads: 1, maxQueue: waitingBooks })
    if (this.#clears.queueSize < waitingBooks) return this.#clears
    throw new Refusal('overloaded', { came: `${waitingBooks} books and scenarios wait`, retryAfterS: 2 })
  }

  run(
    task: Omit<RunTask, 'progress'>,
    onProgress: (share: number) => void,
    signal: AbortSignal,
  ): Promise<RunAnswer> {
    this.#runs ??= pool('./run-thread.ts', { maxThreads: this.#counts.runs })
    const { port1, port2 } = new MessageChannel()
    port1.on('message', onProgress)
    return this.#runs
      .run({ ...task, progress: port2 }, { signal, transferList: [port2] as never })
      .finally(() => port1.close())
  }

  async close(): Promise<void> {
    await Promise.all([this.#clears?.destroy(), this.#runs?.destroy()])
  }
}

function pool<Task, Answer>(
  file: string,
  options: { maxThreads: number; maxQueue?: number },
): Piscina<Task, Answer> {
  const filename = new URL(file, import.meta.url).href
  return new Piscina({ filename, minThreads: 0, idleTimeout: 10_000, ...options })
}

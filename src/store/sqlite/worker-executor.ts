/** The serving thread's end of the thread that writes. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { StoreFault } from '../fault.ts'
import type { Executor } from '../sql/executor.ts'
import type { Again, Group } from '../sql/writer.ts'
import type { Write } from '../sql/writes.ts'
import { errorOf, failureOf, type FromWorker, type ToWorker, type WorkerStart } from './messages.ts'

interface Waiting {
  readonly resolve: (results: unknown) => void
  readonly reject: (error: Error) => void
  readonly again?: Again
}

type Job = { readonly group: Group } | { readonly write: Write }

export class WorkerExecutor implements Executor {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #jobs = 0
  /** why nothing can be asked for any more */
  #ended: Error | undefined

  readonly #ready = Promise.withResolvers<void>()

  private constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (message: FromWorker) => this.#hear(message))
    worker.on('error', (error) => this.#end(error as Error))
    worker.on('exit', () => this.#end(new StoreFault('closed', 'the store was closed')))
  }

  /** Starts the thread, which opens the file and brings its schema forward. */
  static async start(start: WorkerStart): Promise<WorkerExecutor> {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: start })
    const executor = new WorkerExecutor(worker)
    await executor.#ready.promise
    return executor
  }

  group(group: Group, again: Again): Promise<unknown[]> {
    const own = group.journal ? [group.journal.bytes.buffer as ArrayBuffer] : []
    return this.#ask({ group }, again, own) as Promise<unknown[]>
  }

  write(write: Write): Promise<unknown> {
    return this.#ask({ write })
  }

  async close(): Promise<void> {
    if (this.#ended) return
    const ended = once(this.#worker, 'exit')
    this.#worker.postMessage({ close: true } satisfies ToWorker, [])
    await ended
  }

  #ask(job: Job, again?: Again, transfer: ArrayBuffer[] = []): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended)
    const id = ++this.#jobs
    this.#worker.postMessage({ id, ...job } satisfies ToWorker, transfer)
    return new Promise((resolve, reject) =>
      this.#waiting.set(id, { resolve, reject, ...(again && { again }) }),
    )
  }

  #hear(message: FromWorker): void {
    if ('ready' in message) return this.#ready.resolve()
    if ('failed' in message) return this.#ready.reject(errorOf(message.failed))
    if ('question' in message) return void this.#decide(message)
    const { resolve, reject } = this.#waiting.get(message.id)!
    this.#waiting.delete(message.id)
    if ('failure' in message) reject(errorOf(message.failure))
    else resolve(message.results)
  }

  async #decide({ question, of, news }: Extract<FromWorker, { question: number }>): Promise<void> {
    const answer = await Promise.resolve(news)
      .then(this.#waiting.get(of)!.again!)
      .then(
        (group) => ({ question, group }),
        (error: unknown) => ({ question, failure: failureOf(error) }),
      )
    this.#worker.postMessage(answer satisfies ToWorker, [])
  }

  #end(error: Error): void {
    this.#ended ??= error
    this.#ready.reject(error)
    for (const { reject } of this.#waiting.values()) reject(this.#ended)
    this.#waiting.clear()
  }
}

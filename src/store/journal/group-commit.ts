/**
 * Group commit: requests that come while a group is being written are written together in the next one. A promise is
 * kept once its group is on disk, and the orders in memory change then and not before.
 */
import { randomFillSync } from 'node:crypto'
import { StoreFault } from '../fault.ts'
import type { Executor } from '../sql/executor.ts'
import type { Found, Group, TakenKey } from '../sql/writer.ts'
import { decideGate, decideOrders, keyName } from './decide.ts'
import { EventBuffer, type JournalRow } from './events.ts'
import { eventsOf, type GateJob, type Job, type OrderJob } from './jobs.ts'
import type { OpenOrders } from './open-orders.ts'

export interface GroupCommitOptions {
  readonly executor: Executor
  readonly orders: OpenOrders
  readonly now: () => number
  readonly clockToleranceMs: number
  readonly waitingEventsMax: number
  /** journal rows after this one */
  readonly readJournal: (afterSeq: number) => Promise<readonly JournalRow[]>
}

/** A group takes no more; one request may be larger. */
const groupEventsMax = 20_000
/** Groups start at least so far apart, so that many small requests share what a commit costs. [ms] */
const paceMs = 1

export class GroupCommit {
  readonly #with: GroupCommitOptions
  readonly #events = new EventBuffer()
  readonly #randomRequest = requestSource()
  readonly #waiting: Job[] = []
  #waitingEvents = 0
  #running = false
  #startedMs = -Infinity
  #atMs = 0

  constructor(options: GroupCommitOptions) {
    this.#with = options
  }

  /** @throws StoreFault `overloaded` */
  add(job: Job): void {
    const events = isOrderJob(job) ? eventsOf(job) : 0
    if (events > 0 && this.#waitingEvents + events > this.#with.waitingEventsMax)
      throw new StoreFault('overloaded', `${this.#waitingEvents} order events wait for the disk already`)
    this.#waitingEvents += events
    this.#waiting.push(job)
    if (this.#running) return
    this.#running = true
    // What came with the same turn of the event loop belongs into the same group.
    setImmediate(() => void this.#run())
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#pace()
      const jobs = this.#take()
      await this.#write(jobs)
    }
    this.#running = false
  }

  async #pace(): Promise<void> {
    const early = this.#startedMs + paceMs - performance.now()
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    this.#startedMs = performance.now()
  }

  /** The next jobs that may be written together: orders, or one of any other kind. */
  #take(): readonly Job[] {
    let end = 0
    let events = 0
    for (const job of this.#waiting) {
      if (!isOrderJob(job) || events >= groupEventsMax) break
      events += eventsOf(job)
      end++
    }
    this.#waitingEvents -= events
    return this.#waiting.splice(0, Math.max(1, end))
  }

  async #write(jobs: readonly Job[]): Promise<void> {
    try {
      if (jobs[0]!.kind === 'catch-up') await this.#catchUp()
      else await this.#writeGroup(jobs as readonly (OrderJob | GateJob)[])
    } catch (error) {
      for (const { reject } of jobs) reject(error)
      return
    }
    for (const job of jobs) (job.resolve as (answer: unknown) => void)(job.answer)
  }

  async #catchUp(): Promise<void> {
    const { orders, readJournal } = this.#with
    for (const row of await readJournal(orders.position.seq)) orders.add(row)
  }

  async #writeGroup(jobs: readonly (OrderJob | GateJob)[]): Promise<void> {
    const { executor, orders } = this.#with
    const taken = new Map<string, TakenKey>()
    const decide = (found: Found): Group => {
      for (const row of found.news) orders.add(row)
      for (const key of found.taken) taken.set(keyName(key), key)
      return this.#decide(jobs, taken)
    }
    await executor.group(decide({ news: [], taken: [] }), decide)
    if (this.#events.count > 0)
      orders.apply(this.#events.events(), { seq: orders.position.seq + 1, atMs: this.#atMs })
  }

  #decide(jobs: readonly (OrderJob | GateJob)[], taken: ReadonlyMap<string, TakenKey>): Group {
    const { orders } = this.#with
    const events = this.#events
    events.clear()
    this.#atMs = this.#moment()
    const after = orders.position.seq
    const first = jobs[0]!
    if (first.kind === 'gate') {
      decideGate(first, { orders, events })
      const writes = first.answer ? [first.write(orders.firstSeqNeeded(first.interval + 1))] : []
      return { after, ...this.#journal(), writes }
    }
    const context = { orders, events, atMs: this.#atMs, taken, randomRequest: this.#randomRequest }
    const keys = decideOrders(jobs as readonly OrderJob[], context)
    return { after, ...this.#journal(), ...(keys.keyHash.length > 0 && { keys }), writes: [] }
  }

  #journal(): Pick<Group, 'journal'> {
    if (this.#events.count === 0) return {}
    return { journal: { atMs: this.#atMs, bytes: this.#events.bytes() } }
  }

  /** Now, but not before what is written already. */
  #moment(): number {
    const { orders, now, clockToleranceMs } = this.#with
    const [nowMs, lastMs] = [now(), orders.position.atMs]
    if (nowMs < lastMs - clockToleranceMs)
      throw new StoreFault(
        'clock-backwards',
        `the clock says ${new Date(nowMs).toISOString()}, orders were written at ${new Date(lastMs).toISOString()} already`,
      )
    return Math.max(nowMs, lastMs)
  }
}

function isOrderJob(job: Job): job is OrderJob {
  return job.kind === 'place' || job.kind === 'change'
}

/** Random numbers of requests (50 bits, see `order-id.ts`), drawn from the system a thousand at a time. */
function requestSource(): () => number {
  const words = new Uint32Array(2048)
  let next = words.length
  return () => {
    if (next === words.length) {
      randomFillSync(words)
      next = 0
    }
    return (words[next++]! >>> 14) * 2 ** 32 + words[next++]!
  }
}

/**
 * Group commit: requests that come while a group is being written are written together in the next one. A promise is
 * kept once its group is on disk, and the orders in memory change then and not before.
 */
import { randomFillSync } from 'node:crypto'
import { StoreFault } from '../fault.ts'
import type { Executor } from '../sql/executor.ts'
import type { Group } from '../sql/writer.ts'
import { answerOf, decideGate, decideOrders, isNext } from './decide.ts'
import { EventBuffer, type JournalRow } from './events.ts'
import { eventsOf, type GateJob, type Job, type OrderJob } from './jobs.ts'
import type { JournalMemory } from './memory.ts'
import type { NewKey } from './remembered-keys.ts'

export interface GroupCommitOptions {
  readonly executor: Executor
  readonly memory: JournalMemory
  readonly now: () => number
  readonly clockToleranceMs: number
  readonly waitingEventsMax: number
  /** journal rows after this one */
  readonly readJournal: (afterSeq: number) => AsyncIterable<JournalRow>
}

/** A group takes no more; one request may be larger. */
const groupEventsMax = 20_000
/** Groups start at least so far apart, so that many small requests share what a commit costs. [ms] */
const paceMs = 1

export class GroupCommit {
  readonly #with: GroupCommitOptions
  readonly #randomRequest = requestSource()
  readonly #waiting: Job[] = []
  #waitingEvents = 0
  #running = false
  #startedMs = -Infinity
  /** what the group that is being written adds to the journal */
  readonly #events = new EventBuffer()
  #keys: readonly NewKey[] = []
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
      await this.#write(this.#take())
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
    for (const job of jobs) this.#answer(job)
  }

  #answer(job: Job): void {
    if (job.kind === 'catch-up') job.resolve()
    else if (job.kind === 'gate') job.resolve(job.answer!)
    else if (job.kind === 'change') job.resolve(job.answer!)
    else if (job.kind === 'recall' && !job.answer) job.resolve(undefined)
    else if ('outcome' in job.answer!) job.resolve(job.answer)
    else {
      const part = job.answer!
      this.#readRow(part.seq).then((row) => job.resolve(answerOf(row, part)), job.reject)
    }
  }

  async #readRow(seq: number): Promise<JournalRow> {
    for await (const row of this.#with.readJournal(seq - 1)) return row
    throw new StoreFault('damaged', `journal row ${seq} is gone`)
  }

  async #catchUp(): Promise<void> {
    const { memory, readJournal } = this.#with
    for await (const row of readJournal(memory.seq)) memory.add(row)
  }

  async #writeGroup(jobs: readonly (OrderJob | GateJob)[]): Promise<void> {
    const { executor, memory } = this.#with
    const first = jobs[0]!
    // Whoever asks may have heard of a gate before this store did.
    if (first.kind === 'gate' && !isNext(first, memory.orders)) await this.#catchUp()
    await executor.group(this.#decide(jobs), (news) => {
      for (const row of news) memory.add(row)
      return this.#decide(jobs)
    })
    if (this.#events.count > 0) memory.addOwn(this.#events.events(), this.#keys, this.#atMs)
  }

  #decide(jobs: readonly (OrderJob | GateJob)[]): Group {
    const { memory } = this.#with
    const { orders } = memory
    const events = this.#events
    events.clear()
    this.#keys = []
    this.#atMs = this.#moment()
    const first = jobs[0]!
    if (first.kind === 'gate') {
      decideGate(first, orders, events)
      const writes = first.answer ? [first.write(orders.firstSeqNeeded(first.interval + 1))] : []
      return { after: memory.seq, ...this.#journal(), writes }
    }
    const context = { memory, events, atMs: this.#atMs, randomRequest: this.#randomRequest }
    this.#keys = decideOrders(jobs as readonly OrderJob[], context)
    return { after: memory.seq, ...this.#journal(), writes: [] }
  }

  #journal(): Pick<Group, 'journal'> {
    if (this.#events.count === 0) return {}
    const keys = this.#keys.length > 0 ? JSON.stringify(this.#keys) : null
    return { journal: { atMs: this.#atMs, bytes: this.#events.bytes(), keys } }
  }

  /** Now, but not before what is written already. */
  #moment(): number {
    const { memory, now, clockToleranceMs } = this.#with
    const [nowMs, lastMs] = [now(), memory.orders.position.atMs]
    if (nowMs < lastMs - clockToleranceMs)
      throw new StoreFault(
        'clock-backwards',
        `the clock says ${new Date(nowMs).toISOString()}, orders were written at ${new Date(lastMs).toISOString()} already`,
      )
    return Math.max(nowMs, lastMs)
  }
}

function isOrderJob(job: Job): job is OrderJob {
  return job.kind === 'place' || job.kind === 'recall' || job.kind === 'change'
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

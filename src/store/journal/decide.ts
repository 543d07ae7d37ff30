/**
 * Decides what a group of requests may write, against the journal so far: nothing enters a closed interval, a change
 * finds the version it was made against, a repeated request finds its first answer. Decisions see those before them in
 * the same group.
 */
import { assert } from '../../base/errors.ts'
import { unpack } from '../columns.ts'
import { journalLayout } from '../layouts.ts'
import { orderId } from '../order-id.ts'
import type { ChangeAnswer, NewOrder, Placed, PlaceAnswer, StoredOrder } from '../port.ts'
import { closedEvent, type EventBuffer, type JournalRow } from './events.ts'
import type { ChangeJob, GateJob, OrderJob, PlaceJob, RecallJob } from './jobs.ts'
import type { JournalMemory } from './memory.ts'
import type { OpenOrders } from './open-orders.ts'
import { nameOf, type NewKey, type RememberedKey, type RowPart } from './remembered-keys.ts'

export interface Deciding {
  readonly memory: JournalMemory
  /** takes the events; empty at the beginning */
  readonly events: EventBuffer
  readonly atMs: number
  readonly randomRequest: () => number
}

/** Gives every job its answer. @returns the keys to be remembered */
export function decideOrders(jobs: readonly OrderJob[], deciding: Deciding): NewKey[] {
  const seen: Seen = { keys: [], placed: new Map(), changed: new Map() }
  for (const job of jobs)
    if (job.kind === 'place') job.answer = decidePlace(job, deciding, seen)
    else if (job.kind === 'recall') job.answer = formerAnswer(job, deciding, seen)
    else job.answer = decideChange(job, deciding, seen)
  return seen.keys
}

/** Whether the gate has come to the interval. */
export function isNext({ event, interval }: GateJob, { openFrom, clearFrom }: OpenOrders): boolean {
  return event === closedEvent ? interval <= openFrom : interval <= clearFrom && interval < openFrom
}

/** @throws RangeError when the gate has not come to the interval */
export function decideGate(job: GateJob, orders: OpenOrders, events: EventBuffer): void {
  const { event, interval } = job
  const gate = event === closedEvent ? orders.openFrom : orders.clearFrom
  if (!isNext(job, orders)) {
    const act = event === closedEvent ? 'closed' : 'cleared'
    throw new RangeError(`interval ${interval} cannot be ${act}: ${gate} is next`)
  }
  job.answer = interval === gate
  if (job.answer) events.gate(event, interval)
}

/** What was answered when part of a journal row was written. */
export function answerOf(row: JournalRow, { first, count }: RowPart): Placed {
  const events = unpack(journalLayout, row.bytes)
  const orders: NewOrder[] = []
  for (let event = first; event < first + count; event++)
    orders.push({
      interval: events.interval[event]!,
      side: events.side[event]! as 0 | 1,
      bus: events.bus[event]!,
      limitTicks: events.limitTicks[event]!,
      quantityWh: events.quantityWh[event]!,
    })
  return { outcome: 'placed', request: events.request[first]!, orders, atMs: row.atMs, repeated: true }
}

/** What the group decided so far. */
interface Seen {
  readonly keys: NewKey[]
  /** by name of their key */
  readonly placed: Map<string, PlaceJob>
  /** by id */
  readonly changed: Map<string, Pick<StoredOrder, 'version' | 'state'>>
}

function decidePlace(job: PlaceJob, deciding: Deciding, seen: Seen): PlaceAnswer | RememberedKey {
  const { request } = job
  const { participant } = request
  const former = job.key && formerAnswer({ participant, key: job.key }, deciding, seen)
  if (former) return former
  const { orders } = deciding.memory
  const { openFrom } = orders
  const late = request.orders.find(({ interval }) => interval < openFrom)
  if (late) return { outcome: 'closed', interval: late.interval, openFrom }
  const number = freshRequest(request.orders, orders, deciding.randomRequest)
  const first = deciding.events.count
  const by = { request: number, participant, origin: request.origin }
  for (let index = 0; index < request.orders.length; index++)
    deciding.events.place(by, index, request.orders[index]!)
  if (job.key) remember(job, first, seen)
  return { outcome: 'placed', request: number, orders: request.orders, atMs: deciding.atMs, repeated: false }
}

function formerAnswer(
  { participant, key: { keyHash, bodyHash } }: Pick<RecallJob, 'participant' | 'key'>,
  { memory, atMs }: Deciding,
  { placed }: Seen,
): RecallJob['answer'] {
  const before = memory.keys.find(participant, keyHash, atMs)
  if (before) return before.bodyHash === bodyHash ? before : { outcome: 'key-reused' }
  const inGroup = placed.get(nameOf(participant, keyHash))
  if (!inGroup) return undefined
  if (inGroup.key!.bodyHash !== bodyHash) return { outcome: 'key-reused' }
  const answer = inGroup.answer!
  assert('outcome' in answer && answer.outcome === 'placed', 'only what was placed is remembered')
  return { ...answer, repeated: true }
}

function freshRequest(placing: readonly NewOrder[], orders: OpenOrders, random: () => number): number {
  for (;;) {
    const request = random()
    if (!placing.some(({ interval }) => orders.interval(interval)?.has(request))) return request
  }
}

function remember(job: PlaceJob, first: number, { keys, placed }: Seen): void {
  const { keyHash, bodyHash } = job.key!
  const { participant, orders } = job.request
  placed.set(nameOf(participant, keyHash), job)
  keys.push([participant, keyHash, bodyHash, first, orders.length])
}

function decideChange(job: ChangeJob, { memory, events, atMs }: Deciding, { changed }: Seen): ChangeAnswer {
  const { key, participant, expectedVersion } = job.request
  const { orders } = memory
  const closed = { outcome: 'closed', interval: key.interval, openFrom: orders.openFrom } as const
  if (key.interval < orders.clearFrom) return closed
  const stored = orders.find(key)
  if (!stored || stored.participant !== participant) return { outcome: 'unknown' }
  if (key.interval < orders.openFrom) return closed
  const name = orderId(key)
  const now = changed.get(name) ?? stored
  if (now.state === 'cancelled') return { outcome: 'cancelled' }
  if (now.version !== expectedVersion) return { outcome: 'conflict', version: now.version }
  const version = expectedVersion + 1
  changed.set(name, { version, state: job.terms ? 'live' : 'cancelled' })
  if (job.terms) events.replace(key, version, job.terms)
  else events.cancel(key, version)
  return { outcome: 'changed', version, atMs }
}

/**
 * Decides what a group of requests may write, against the journal so far: nothing enters a closed interval, a change
 * finds the version it was made against, a repeated request finds its first answer. Decisions see those before them in
 * the same group.
 */
import { assert } from '../../base/errors.ts'
import { unpack } from '../columns.ts'
import { journalLayout } from '../layouts.ts'
import { orderId } from '../order-id.ts'
import type { ChangeAnswer, NewOrder, PlaceAnswer, StoredOrder } from '../port.ts'
import type { NewKeys, TakenKey } from '../sql/writer.ts'
import { clearedEvent, closedEvent, type EventBuffer } from './events.ts'
import type { ChangeJob, GateJob, OrderJob, PlaceJob } from './jobs.ts'
import type { OpenOrders } from './open-orders.ts'

export interface Deciding {
  readonly orders: OpenOrders
  /** takes the events; empty at the beginning */
  readonly events: EventBuffer
  readonly atMs: number
  /** keys known to be used, by {@link keyName} */
  readonly taken: ReadonlyMap<string, TakenKey>
  readonly randomRequest: () => number
}

export type GroupKeys = { readonly [Column in keyof NewKeys]: NewKeys[Column][number][] }

/** Gives every job its answer. @returns the keys to be remembered */
export function decideOrders(jobs: readonly OrderJob[], deciding: Deciding): GroupKeys {
  const keys: GroupKeys = { participant: [], keyHash: [], bodyHash: [], first: [], count: [] }
  const seen: Seen = { keys, placed: new Map(), changed: new Map() }
  for (const job of jobs)
    if (job.kind === 'place') job.answer = decidePlace(job, deciding, seen)
    else job.answer = decideChange(job, deciding, seen)
  return keys
}

/** @throws RangeError when the gate does not stand at the interval yet */
export function decideGate(job: GateJob, { orders, events }: Pick<Deciding, 'orders' | 'events'>): void {
  const { event, interval } = job
  const gate = event === closedEvent ? orders.openFrom : orders.clearFrom
  const ready = event === closedEvent || interval < orders.openFrom
  if (interval > gate || !ready)
    throw new RangeError(
      `interval ${interval} cannot be ${event === clearedEvent ? 'cleared' : 'closed'} before ${gate}`,
    )
  job.answer = interval === gate
  if (job.answer) events.gate(event, interval)
}

export function keyName({ participant, keyHash }: { participant: number; keyHash: string }): string {
  return `${participant} ${keyHash}`
}

/** What the group decided so far. */
interface Seen {
  readonly keys: GroupKeys
  readonly placed: Map<string, PlaceJob>
  readonly changed: Map<string, Pick<StoredOrder, 'version' | 'state'>>
}

function decidePlace(job: PlaceJob, deciding: Deciding, seen: Seen): PlaceAnswer {
  const { request } = job
  const former = job.key && formerAnswer(job, deciding, seen)
  if (former) return former
  const { openFrom } = deciding.orders
  const late = request.orders.find(({ interval }) => interval < openFrom)
  if (late) return { outcome: 'closed', interval: late.interval, openFrom }
  const number = freshRequest(request.orders, deciding)
  const first = deciding.events.count
  const by = { request: number, participant: request.participant, origin: request.origin }
  for (let index = 0; index < request.orders.length; index++)
    deciding.events.place(by, index, request.orders[index]!)
  if (job.key) remember(job, { first, count: request.orders.length }, seen)
  return { outcome: 'placed', request: number, orders: request.orders, atMs: deciding.atMs, repeated: false }
}

function formerAnswer(job: PlaceJob, { taken }: Deciding, { placed }: Seen): PlaceAnswer | undefined {
  const { keyHash, bodyHash } = job.key!
  const name = keyName({ participant: job.request.participant, keyHash })
  const inGroup = placed.get(name)
  const before = taken.get(name)
  if (!inGroup && !before) return undefined
  if ((before?.bodyHash ?? inGroup!.key!.bodyHash) !== bodyHash) return { outcome: 'key-reused' }
  const answer = before ? answerOf(before) : inGroup!.answer!
  assert(answer.outcome === 'placed', 'only what was placed is remembered')
  return { ...answer, repeated: true }
}

/** What was answered when the journal row was written. */
function answerOf({ first, count, row }: TakenKey): PlaceAnswer {
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

function freshRequest(placing: readonly NewOrder[], { orders, randomRequest }: Deciding): number {
  for (;;) {
    const request = randomRequest()
    if (!placing.some(({ interval }) => orders.interval(interval)?.has(request))) return request
  }
}

function remember(job: PlaceJob, answer: { first: number; count: number }, { keys, placed }: Seen): void {
  const { keyHash, bodyHash } = job.key!
  const { participant } = job.request
  placed.set(keyName({ participant, keyHash }), job)
  keys.participant.push(participant)
  keys.keyHash.push(keyHash)
  keys.bodyHash.push(bodyHash)
  keys.first.push(answer.first)
  keys.count.push(answer.count)
}

function decideChange(job: ChangeJob, { orders, events, atMs }: Deciding, { changed }: Seen): ChangeAnswer {
  const { key, participant, expectedVersion } = job.request
  const { openFrom } = orders
  const closed = { outcome: 'closed', interval: key.interval, openFrom } as const
  if (key.interval < orders.clearFrom) return closed
  const stored = orders.find(key)
  if (!stored || stored.participant !== participant) return { outcome: 'unknown' }
  if (key.interval < openFrom) return closed
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

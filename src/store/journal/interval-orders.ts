/** The orders of one interval that is not cleared yet, as columns: what the journal's events add up to. */
import { ColumnBuffer } from '../column-buffer.ts'
import { ordersLayout } from '../layouts.ts'
import {
  fromApi,
  type Held,
  type OrderKey,
  type OrderTotals,
  type Origin,
  type StoredOrder,
} from '../port.ts'
import type { BookedOrders, StandingOrders } from '../records.ts'
import { bookedFrom, gone, live } from './booked-orders.ts'
import type { Events } from './events.ts'

const types = {
  ...ordersLayout.types,
  state: Uint8Array,
  /** the participant's order before this one, -1 for its first */
  previous: Int32Array,
} as const

/** What one participant has in the interval. */
interface Owner extends Held {
  readonly participant: number
  lastRow: number
  readonly standingWh: [number, number]
  placed: number
}

export const holdsNothing: Held = { standingWh: [0, 0], placed: 0 }

export class IntervalOrders {
  readonly interval: number
  /** journal row that first touched this interval */
  readonly firstSeq: number
  readonly #rows = new ColumnBuffer(types, 64, SharedArrayBuffer)
  /** first row of a request; its rows follow one another with rising index */
  readonly #requests = new Map<number, number>()
  readonly #owners = new Map<number, Owner>()
  /** the one whose order came last: the orders of a request have one owner */
  #lastOwner: Owner | undefined
  #events = 0
  #live = 0
  #replaced = false
  readonly #totalWh = [0, 0]

  constructor(interval: number, firstSeq: number) {
    this.interval = interval
    this.firstSeq = firstSeq
  }

  has(request: number): boolean {
    return this.#requests.has(request)
  }

  place(events: Events, event: number): void {
    const row = this.#rows.add()
    const { columns } = this.#rows
    const request = events.request[event]!
    const participant = events.participant[event]!
    columns.request[row] = request
    columns.index[row] = events.index[event]!
    columns.participant[row] = participant
    columns.origin[row] = events.origin[event]!
    columns.version[row] = 1
    columns.state[row] = live
    const owner = this.#ownerOf(participant)
    columns.previous[row] = owner.lastRow
    owner.lastRow = row
    if (columns.origin[row] === fromApi) owner.placed++
    if (row === 0 || columns.request[row - 1] !== request) this.#requests.set(request, row)
    this.#live++
    this.#take(row, events, event)
  }

  replace(row: number, events: Events, event: number): void {
    const { columns } = this.#rows
    this.#replaced = true
    this.#count(row, -1)
    columns.version[row] = events.version[event]!
    this.#take(row, events, event)
  }

  cancel(row: number, version: number): void {
    const { columns } = this.#rows
    this.#count(row, -1)
    this.#live--
    this.#events++
    columns.version[row] = version
    columns.state[row] = gone
  }

  /** Row of an order, -1 where there is none. */
  row({ request, index }: OrderKey): number {
    const { columns, count } = this.#rows
    const first = this.#requests.get(request)
    if (first === undefined || index < columns.index[first]!) return -1
    // Orders of the same request for other intervals leave gaps in the index, so the row is here or before.
    let row = Math.min(count - 1, first + index - columns.index[first]!)
    while (columns.request[row] !== request || columns.index[row]! > index) row--
    return columns.index[row] === index ? row : -1
  }

  order(row: number): StoredOrder {
    const { columns } = this.#rows
    return {
      key: { interval: this.interval, request: columns.request[row]!, index: columns.index[row]! },
      interval: this.interval,
      participant: columns.participant[row]!,
      origin: columns.origin[row]! as Origin,
      side: columns.side[row]! as 0 | 1,
      bus: columns.bus[row]!,
      limitTicks: columns.limitTicks[row]!,
      quantityWh: columns.quantityWh[row]!,
      version: columns.version[row]!,
      state: columns.state[row] === live ? 'live' : 'cancelled',
      sequence: columns.sequence[row]!,
    }
  }

  ofParticipant(participant: number): StoredOrder[] {
    const orders: StoredOrder[] = []
    for (
      let row = this.#owners.get(participant)?.lastRow ?? -1;
      row >= 0;
      row = this.#rows.columns.previous[row]!
    )
      orders.push(this.order(row))
    return orders.reverse()
  }

  /** What a participant itself holds, its strategy's orders not counted. */
  heldBy(participant: number): Held {
    return this.#owners.get(participant) ?? holdsNothing
  }

  hasOrdersOf(participant: number): boolean {
    return this.#owners.has(participant)
  }

  totals(): OrderTotals {
    const [buyWh, sellWh] = this.#totalWh as [number, number]
    return { live: this.#live, cancelled: this.#rows.count - this.#live, buyWh, sellWh }
  }

  booked(): BookedOrders {
    return bookedFrom(this.standing())
  }

  /** Views of the rows; they change with the next event. */
  standing(): StandingOrders {
    const { columns, count } = this.#rows
    return {
      count,
      live: this.#live,
      isMoved: this.#replaced,
      state: columns.state.subarray(0, count),
      participant: columns.participant.subarray(0, count),
      side: columns.side.subarray(0, count),
      bus: columns.bus.subarray(0, count),
      limitTicks: columns.limitTicks.subarray(0, count),
      quantityWh: columns.quantityWh.subarray(0, count),
      request: columns.request.subarray(0, count),
      index: columns.index.subarray(0, count),
      version: columns.version.subarray(0, count),
      sequence: columns.sequence.subarray(0, count),
      origin: columns.origin.subarray(0, count),
    }
  }

  #take(row: number, events: Events, event: number): void {
    const { columns } = this.#rows
    columns.side[row] = events.side[event]!
    columns.bus[row] = events.bus[event]!
    columns.limitTicks[row] = events.limitTicks[event]!
    columns.quantityWh[row] = events.quantityWh[event]!
    columns.sequence[row] = this.#events++
    this.#count(row, 1)
  }

  #count(row: number, sign: 1 | -1): void {
    const { columns } = this.#rows
    const side = columns.side[row] === 0 ? 0 : 1
    const wh = sign * columns.quantityWh[row]!
    this.#totalWh[side]! += wh
    if (columns.origin[row] === fromApi) this.#ownerOf(columns.participant[row]!).standingWh[side] += wh
  }

  #ownerOf(participant: number): Owner {
    const last = this.#lastOwner
    if (last?.participant === participant) return last
    let owner = this.#owners.get(participant)
    if (!owner) {
      owner = { participant, lastRow: -1, standingWh: [0, 0], placed: 0 }
      this.#owners.set(participant, owner)
    }
    this.#lastOwner = owner
    return owner
  }
}

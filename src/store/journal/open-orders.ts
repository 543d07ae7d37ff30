/**
 * The orders of every interval that is not cleared, and where the gates stand: the journal so far, added up. It is the
 * same whoever reads the journal, and is made anew from it at every start.
 */
import { assert } from '../../base/errors.ts'
import type { Held, OrderKey, StoredOrder } from '../port.ts'
import type { BookedOrders, StandingOrders } from '../records.ts'
import {
  cancelledEvent,
  clearedEvent,
  closedEvent,
  type Events,
  type JournalRow,
  placedEvent,
  replacedEvent,
} from './events.ts'
import { holdsNothing, IntervalOrders } from './interval-orders.ts'

export interface JournalPosition {
  /** first interval that takes orders */
  readonly openFrom: number
  /** first interval that is not cleared */
  readonly clearFrom: number
  /** last row that was added up */
  readonly seq: number
  /** when it was written */
  readonly atMs: number
}

/** Live orders of an interval; none where nothing was placed. */
export function bookedOf(orders: OpenOrders, interval: number): BookedOrders {
  return ofInterval(orders, interval).booked()
}

export function standingOf(orders: OpenOrders, interval: number): StandingOrders {
  return ofInterval(orders, interval).standing()
}

function ofInterval(orders: OpenOrders, interval: number): IntervalOrders {
  return orders.interval(interval) ?? new IntervalOrders(interval, 0)
}

export class OpenOrders {
  #openFrom: number
  #clearFrom: number
  #seq: number
  #atMs: number
  readonly #intervals = new Map<number, IntervalOrders>()

  /** @param start gates as they stand after the whole journal; rows are then added from `seq` on */
  constructor(start: JournalPosition) {
    this.#openFrom = start.openFrom
    this.#clearFrom = start.clearFrom
    this.#seq = start.seq
    this.#atMs = start.atMs
  }

  get position(): JournalPosition {
    return { openFrom: this.#openFrom, clearFrom: this.#clearFrom, seq: this.#seq, atMs: this.#atMs }
  }

  get openFrom(): number {
    return this.#openFrom
  }

  get clearFrom(): number {
    return this.#clearFrom
  }

  interval(interval: number): IntervalOrders | undefined {
    return this.#intervals.get(interval)
  }

  find(key: OrderKey): StoredOrder | undefined {
    const orders = this.#intervals.get(key.interval)
    const row = orders?.row(key) ?? -1
    return row < 0 ? undefined : orders!.order(row)
  }

  held(participant: number, interval: number): Held {
    return this.#intervals.get(interval)?.heldBy(participant) ?? holdsNothing
  }

  intervalsOf(participant: number): number[] {
    return [...this.#intervals.values()]
      .filter((orders) => orders.hasOrdersOf(participant))
      .map((orders) => orders.interval)
      .sort((a, b) => a - b)
  }

  /**
   * First journal row that a start must read: rows before it touch no interval from `clearFrom` on.
   * @param clearFrom first interval that will not be cleared
   */
  firstSeqNeeded(clearFrom: number): number {
    let first = this.#seq + 1
    for (const orders of this.#intervals.values())
      if (orders.interval >= clearFrom) first = Math.min(first, orders.firstSeq)
    return first
  }

  /** Adds the events of the next row. */
  apply(events: Events, { seq, atMs }: Pick<JournalRow, 'seq' | 'atMs'>): void {
    assert(seq === this.#seq + 1, () => `journal row ${seq} came after ${this.#seq}`)
    this.#seq = seq
    this.#atMs = Math.max(this.#atMs, atMs)
    for (let event = 0; event < events.count; event++) this.#applyOne(events, event, seq)
  }

  #applyOne(events: Events, event: number, seq: number): void {
    const interval = events.interval[event]!
    const kind = events.kind[event]!
    if (kind === closedEvent) this.#openFrom = Math.max(this.#openFrom, interval + 1)
    else if (kind === clearedEvent) this.#clear(interval)
    else if (interval >= this.#clearFrom) this.#applyOrder(this.#opened(interval, seq), events, event)
  }

  #applyOrder(orders: IntervalOrders, events: Events, event: number): void {
    if (events.kind[event] === placedEvent) return orders.place(events, event)
    const row = orders.row({
      interval: orders.interval,
      request: events.request[event]!,
      index: events.index[event]!,
    })
    assert(row >= 0, 'the journal changes an order it never placed')
    if (events.kind[event] === replacedEvent) orders.replace(row, events, event)
    else {
      assert(events.kind[event] === cancelledEvent, () => `the journal has an event ${events.kind[event]}`)
      orders.cancel(row, events.version[event]!)
    }
  }

  #opened(interval: number, seq: number): IntervalOrders {
    let orders = this.#intervals.get(interval)
    if (!orders) this.#intervals.set(interval, (orders = new IntervalOrders(interval, seq)))
    return orders
  }

  #clear(interval: number): void {
    this.#intervals.delete(interval)
    this.#clearFrom = Math.max(this.#clearFrom, interval + 1)
  }
}

/** Orders and gates as plain objects, one request after another: the readable twin of journal and projection. */
import { orderId } from '../../src/store/order-id.ts'
import type {
  ChangeAnswer,
  Held,
  NewOrder,
  OrderKey,
  OrderTerms,
  Origin,
  StoredOrder,
} from '../../src/store/port.ts'

export class NaiveOrders {
  openFrom: number
  clearFrom: number
  readonly #orders = new Map<string, StoredOrder>()
  readonly #sequence = new Map<number, number>()

  constructor(firstInterval: number) {
    this.openFrom = firstInterval
    this.clearFrom = firstInterval
  }

  /** @returns the closed interval that stops it */
  place(
    { participant, origin }: { participant: number; origin: Origin },
    request: number,
    orders: readonly NewOrder[],
  ): number | undefined {
    const late = orders.find(({ interval }) => interval < this.openFrom)
    if (late) return late.interval
    for (const [index, order] of orders.entries()) {
      const key = { interval: order.interval, request, index }
      const sequence = this.#next(order.interval)
      const added = { ...order, key, participant, origin, version: 1, state: 'live', sequence } as const
      this.#orders.set(orderId(key), added)
    }
    return undefined
  }

  change(
    participant: number,
    key: OrderKey,
    expectedVersion: number,
    terms?: OrderTerms,
  ): ChangeAnswer['outcome'] {
    const order = this.#orders.get(orderId(key))
    if (key.interval < this.clearFrom) return 'closed'
    if (!order || order.participant !== participant) return 'unknown'
    if (key.interval < this.openFrom) return 'closed'
    if (order.state === 'cancelled') return 'cancelled'
    if (order.version !== expectedVersion) return 'conflict'
    const next = this.#next(key.interval)
    const changed = { ...order, version: expectedVersion + 1 }
    this.#orders.set(
      orderId(key),
      terms ? { ...changed, ...terms, sequence: next } : { ...changed, state: 'cancelled' },
    )
    return 'changed'
  }

  close(): void {
    this.openFrom++
  }

  clear(): void {
    for (const [id, { interval }] of this.#orders) if (interval === this.clearFrom) this.#orders.delete(id)
    this.clearFrom++
  }

  all(): StoredOrder[] {
    return [...this.#orders.values()]
  }

  /** Live orders of an interval by their last events. */
  booked(interval: number): StoredOrder[] {
    return this.all()
      .filter((order) => order.interval === interval && order.state === 'live')
      .sort((a, b) => a.sequence - b.sequence)
  }

  held(participant: number, interval: number): Held {
    const own = this.all().filter(
      (order) => order.participant === participant && order.interval === interval && order.origin === 0,
    )
    const standing = (side: 0 | 1) =>
      own
        .filter((order) => order.side === side && order.state === 'live')
        .reduce((total, { quantityWh }) => total + quantityWh, 0)
    return { standingWh: [standing(0), standing(1)], placed: own.length }
  }

  #next(interval: number): number {
    const sequence = this.#sequence.get(interval) ?? 0
    this.#sequence.set(interval, sequence + 1)
    return sequence
  }
}

/** The orders of a market: written by group commit, read from memory. */
import { assert } from '../../base/errors.ts'
import type { Book } from '../../market/book.ts'
import type { GroupCommit } from '../journal/group-commit.ts'
import { bookOf } from '../journal/booked-orders.ts'
import { hashesOf, type Job } from '../journal/jobs.ts'
import { bookedOf, standingOf, type OpenOrders } from '../journal/open-orders.ts'
import type {
  CancelRequest,
  ChangeAnswer,
  Held,
  OrderDesk,
  OrderKey,
  OrderTerms,
  OrderTotals,
  PlaceAnswer,
  PlaceRequest,
  RecallRequest,
  ReplaceRequest,
  StoredOrder,
} from '../port.ts'
import type { BookedOrders, StandingOrders } from '../records.ts'

export class JournalOrderDesk implements OrderDesk {
  readonly #orders: OpenOrders
  readonly #commit: GroupCommit
  readonly refresh: () => Promise<void>

  constructor(orders: OpenOrders, commit: GroupCommit, refresh: () => Promise<void>) {
    this.#orders = orders
    this.#commit = commit
    this.refresh = refresh
  }

  async place(request: PlaceRequest): Promise<PlaceAnswer> {
    const { orders, idempotency } = request
    assert(orders.length > 0 && orders.length <= 0xffff, () => `a request of ${orders.length} orders`)
    for (const order of orders) checkTerms(order)
    const key = idempotency && { key: hashesOf(idempotency) }
    return this.#promised((promise) => ({ kind: 'place', request, ...key, ...promise }))
  }

  async recall({ participant, idempotency }: RecallRequest): Promise<PlaceAnswer | undefined> {
    const key = hashesOf(idempotency)
    return this.#promised((promise) => ({ kind: 'recall', participant, key, ...promise }))
  }

  async replace({ terms, ...request }: ReplaceRequest): Promise<ChangeAnswer> {
    checkTerms(terms)
    return this.#promised((promise) => ({ kind: 'change', request, terms, ...promise }))
  }

  async cancel(request: CancelRequest): Promise<ChangeAnswer> {
    return this.#promised((promise) => ({ kind: 'change', request, ...promise }))
  }

  get openFrom(): number {
    return this.#orders.openFrom
  }

  get clearFrom(): number {
    return this.#orders.clearFrom
  }

  find(key: OrderKey): StoredOrder | undefined {
    return this.#orders.find(key)
  }

  ofParticipant(participant: number, interval: number): StoredOrder[] {
    return this.#orders.interval(interval)?.ofParticipant(participant) ?? []
  }

  held(participant: number, interval: number): Held {
    return this.#orders.held(participant, interval)
  }

  intervalsOf(participant: number): number[] {
    return this.#orders.intervalsOf(participant)
  }

  totals(interval: number): OrderTotals {
    return this.#orders.interval(interval)?.totals() ?? { live: 0, cancelled: 0, buyWh: 0, sellWh: 0 }
  }

  booked(interval: number): BookedOrders {
    return bookedOf(this.#orders, interval)
  }

  standing(interval: number): StandingOrders {
    assert(interval < this.openFrom, () => `interval ${interval} still takes orders`)
    return standingOf(this.#orders, interval)
  }

  book(interval: number): Book {
    return bookOf(this.booked(interval))
  }

  #promised<Answer>(
    job: (promise: { resolve: (answer: Answer) => void; reject: (error: unknown) => void }) => Job,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => this.#commit.add(job({ resolve, reject })))
  }
}

/** Columns would cut a number that does not fit without a word, so whoever calls must have checked. */
function checkTerms({
  side,
  bus,
  limitTicks,
  quantityWh,
  interval = 0,
}: OrderTerms & { interval?: number }): void {
  const fits =
    (side === 0 || side === 1) &&
    bus >>> 0 === bus &&
    (limitTicks | 0) === limitTicks &&
    Number.isSafeInteger(quantityWh) &&
    quantityWh > 0 &&
    interval >>> 0 === interval
  assert(fits, () => `an order of ${JSON.stringify({ side, bus, limitTicks, quantityWh, interval })}`)
}

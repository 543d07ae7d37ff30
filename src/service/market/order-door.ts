/** Orders at the market's door: what may enter a book is decided here, what is in it is the store's. */
import { ticksOf, whOf } from '../../contract/decimals.ts'
import type { ChangedOrder } from '../../contract/routes/orders.ts'
import { orderId, parseOrderId } from '../../store/order-id.ts'
import {
  fromApi,
  type ChangeAnswer,
  type Held,
  type Idempotency,
  type MarketStore,
  type PlaceAnswer,
  type Placed,
  type StoredOrder,
} from '../../store/port.ts'
import { Refusal } from '../refusal.ts'
import type { AskedOrders } from './asked-orders.ts'
import { withdrawalTicks } from './clearing-record.ts'
import { Holdings } from './holdings.ts'
import { segmentOf, type MarketModel } from './market-model.ts'
import type { Member, Members } from './members.ts'
import { OrderBatch, type IntervalTerms, type Rules } from './order-terms.ts'
import { RecentRequests } from './recent-requests.ts'
import { gateMs, instantText, intervalName } from './timeline.ts'

export interface DoorOptions {
  readonly model: MarketModel
  readonly members: Members
  readonly orders: MarketStore['orders']
  /** market time */
  readonly now: () => number
}

export class OrderDoor {
  readonly #options: DoorOptions
  readonly #holdings: Holdings
  readonly #recent = new RecentRequests()

  constructor(options: DoorOptions) {
    this.#options = options
    this.#holdings = new Holdings(options.orders)
  }

  /**
   * Places all orders of a request, or none.
   *
   * @throws Refusal naming everything that is wrong with them
   */
  async place(member: Member, asked: AskedOrders, idempotency?: Idempotency): Promise<Placed> {
    const repeated = idempotency && this.#recent.recall(member.participant, idempotency)
    if (repeated === 'other') throw new Refusal('idempotency-conflict')
    if (repeated) return repeated
    try {
      return await this.#placeAnew(member, asked, idempotency)
    } catch (error) {
      // What stands already, on its way or from before a restart, leaves no room for itself, and its gate may have closed.
      const before = idempotency && error instanceof Refusal && (await this.#recall(member, idempotency))
      if (before) return before
      throw error
    }
  }

  async #placeAnew(member: Member, asked: AskedOrders, idempotency?: Idempotency): Promise<Placed> {
    const batch = new OrderBatch(asked, member, this.#rules(member), (interval, path) =>
      this.#termsOf(member, interval, path),
    )
    const letGo = batch.hold(this.#holdings)
    try {
      const { participant } = member
      const request = {
        participant,
        origin: fromApi,
        orders: batch.orders,
        ...(idempotency ? { idempotency } : {}),
      } as const
      const answer = placedOf(await this.#options.orders.place(request))
      if (idempotency) this.#recent.keep(participant, idempotency, answer)
      return answer
    } finally {
      letGo()
    }
  }

  async #recall({ participant }: Member, idempotency: Idempotency): Promise<Placed | undefined> {
    const answer = await this.#options.orders.recall({ participant, idempotency })
    return answer && placedOf(answer)
  }

  /** @throws Refusal when the id is none of the member's orders in an interval that is not cleared */
  find(member: Member, id: string): StoredOrder | undefined {
    const key = parseOrderId(id)
    const order = key && this.#options.orders.find(key)
    return order?.participant === member.participant ? order : undefined
  }

  ofInterval(member: Member, interval: number): StoredOrder[] {
    return this.#options.orders.ofParticipant(member.participant, interval)
  }

  /** @param version the one that the change was made against */
  async change(member: Member, order: StoredOrder, version: number, asked: ChangedOrder): Promise<number> {
    const { participant } = member
    const { interval, side } = order
    const terms = this.#termsOf(member, interval, 'body.')
    const freed = { ...terms, held: without(terms.held, order), ownerStands: [false, false] as const }
    const quantityWh = whOf(asked.quantity)
    const changed = { interval, side, grossTicks: ticksOf(asked.price), quantityWh }
    const one = { orders: [changed], isList: false }
    const { orders } = new OrderBatch(one, member, this.#rules(member), () => freed)
    const moreWh = Math.max(0, quantityWh - order.quantityWh)
    const count = (wh: number) =>
      this.#holdings.add(participant, interval, { standingWh: side === 0 ? [wh, 0] : [0, wh], placed: 0 })
    count(moreWh)
    try {
      const request = { participant, key: order.key, expectedVersion: version, terms: orders[0]! }
      return versionOf(await this.#options.orders.replace(request), order)
    } finally {
      count(-moreWh)
    }
  }

  async cancel(member: Member, order: StoredOrder, version: number): Promise<number> {
    this.#termsOf(member, order.interval, '')
    const { participant } = member
    const request = { participant, key: order.key, expectedVersion: version }
    return versionOf(await this.#options.orders.cancel(request), order)
  }

  /** The member's own limit of an order, its connection's fee included. [ticks] */
  grossTicks(
    member: Member,
    { interval, side, limitTicks }: Pick<StoredOrder, 'interval' | 'side' | 'limitTicks'>,
  ): number {
    return side === 0 ? limitTicks + this.#withdrawal(member, interval) : limitTicks
  }

  #rules(member: Member): Rules {
    const { market, buses } = this.#options.model.zone
    return { market, busId: buses[member.bus]!.id }
  }

  #withdrawal(member: Member, interval: number): number {
    const { model } = this.#options
    return withdrawalTicks(model.wheeling, member, segmentOf(model, interval))
  }

  #termsOf(member: Member, interval: number, path: string): IntervalTerms {
    const { model, orders, now, members } = this.#options
    const nowMs = now()
    if (interval < model.timeline.first || interval >= model.timeline.openEnd(nowMs))
      throw new Refusal('interval-unknown', { came: intervalName(interval), path: `${path}interval` })
    if (interval < orders.openFrom || gateMs(interval) <= nowMs) throw gateClosed(interval, `${path}interval`)
    const ownerStands: [boolean, boolean] = [false, false]
    for (const { participant } of members.kin(member)) {
      const { standingWh } = this.#holdings.of(participant, interval)
      if (standingWh[0] > 0) ownerStands[0] = true
      if (standingWh[1] > 0) ownerStands[1] = true
    }
    return {
      interval,
      withdrawalTicks: this.#withdrawal(member, interval),
      held: this.#holdings.of(member.participant, interval),
      ownerStands,
    }
  }
}

/** What is held beside one order. */
function without({ standingWh: [buyWh, sellWh], placed }: Held, { side, quantityWh }: StoredOrder): Held {
  const standingWh =
    side === 0 ? ([buyWh - quantityWh, sellWh] as const) : ([buyWh, sellWh - quantityWh] as const)
  return { standingWh, placed: placed - 1 }
}

function placedOf(answer: PlaceAnswer): Placed {
  switch (answer.outcome) {
    case 'placed':
      return answer
    case 'closed':
      throw gateClosed(answer.interval)
    case 'key-reused':
      throw new Refusal('idempotency-conflict')
  }
}

function versionOf(answer: ChangeAnswer, order: StoredOrder): number {
  switch (answer.outcome) {
    case 'changed':
      return answer.version
    case 'closed':
      throw gateClosed(answer.interval)
    case 'unknown':
      throw new Refusal('order-unknown', { came: orderId(order.key) })
    case 'cancelled':
      throw new Refusal('order-final', { came: 'cancelled' })
    case 'conflict':
      throw new Refusal('order-changed', { wanted: `If-Match: "${answer.version}"` })
  }
}

export function gateClosed(interval: number, path?: string): Refusal {
  const name = intervalName(interval)
  return new Refusal('gate-closed', {
    ...(path === undefined ? {} : { path }),
    came: `${name}, closed since ${instantText(gateMs(interval))}`,
    interval: name,
  })
}

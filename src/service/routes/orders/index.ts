/** Orders, to their owner alone. */
import type { OrderAnswer } from '../../../contract/routes/orders.ts'
import { parseOrderId, requestText } from '../../../store/order-id.ts'
import type { Placed, StoredOrder } from '../../../store/port.ts'
import { Sent, tagged, type Handlers } from '../../answer.ts'
import { askedOf, canonicalText } from '../../market/asked-orders.ts'
import type { LiveMarket } from '../../market/live-market.ts'
import type { Member } from '../../market/members.ts'
import { gateClosed } from '../../market/order-door.ts'
import type { Metrics } from '../../plugins/metrics.ts'
import { Refusal } from '../../refusal.ts'
import { intervalName } from '../../market/timeline.ts'
import type { ClearingCache } from '../clearings/cache.ts'
import { intervalNamed, zoneNamed } from '../lookups.ts'
import { numberOf } from '../paging.ts'
import { clearedOrders, standingOrder } from './order-answer.ts'

export function orderRoutes(
  market: LiveMarket,
  { clearings, metrics }: { readonly clearings: ClearingCache; readonly metrics: Metrics },
): Handlers<'placeOrders' | 'listOrders' | 'getOrder' | 'changeOrder' | 'cancelOrder'> {
  const finder = new OrderFinder(market, clearings)
  return {
    placeOrders: async ({ params, headers, body, caller }) => {
      zoneNamed(market, params.zone)
      market.ready()
      const asked = 'isList' in body ? body : askedOf(body)
      const key = headers['idempotency-key']
      const idempotency = key === undefined ? undefined : { key, body: canonicalText(asked) }
      const placed = await market.door.place(market.memberOf(caller), asked, idempotency)
      if (!placed.repeated) metrics.orders.inc(asked.orders.length)
      return new Sent(acknowledgement(placed))
    },
    listOrders: async ({ params, query, caller }) => {
      zoneNamed(market, params.zone)
      const interval = intervalNamed(market, query.interval, 'query.interval')
      const all = await finder.ofInterval(market.memberOf(caller), interval)
      const from = query.cursor === undefined ? 0 : numberOf(query.cursor)
      const end = from + query.limit
      return { orders: all.slice(from, end), next: end < all.length ? String(end) : null }
    },
    getOrder: async ({ params, caller }) => {
      zoneNamed(market, params.zone)
      return orderSent(await finder.find(market.memberOf(caller), params.order))
    },
    changeOrder: async ({ params, headers, body, caller }) => {
      zoneNamed(market, params.zone)
      market.ready()
      const member = market.memberOf(caller)
      const order = await finder.findOpen(member, params.order)
      if (headers['if-match'] === undefined) throw new Refusal('if-match-missing')
      await market.door.change(member, order, versionMatching(order, headers['if-match']), body)
      return orderSent(await finder.find(member, params.order))
    },
    cancelOrder: async ({ params, headers, caller }) => {
      zoneNamed(market, params.zone)
      market.ready()
      const member = market.memberOf(caller)
      const order = await finder.findOpen(member, params.order)
      const match = headers['if-match']
      await market.door.cancel(
        member,
        order,
        match === undefined ? order.version : versionMatching(order, match),
      )
      return orderSent(await finder.find(member, params.order))
    },
  }
}

/**
 * The hottest answer there is, so it is written by hand: ids and names hold nothing that JSON would escape, and the ids of
 * a request differ in interval and position alone.
 */
function acknowledgement({ orders, request }: Placed): string {
  const code = requestText(request)
  let text = ''
  for (let index = 0; index < orders.length; index++) {
    const { interval } = orders[index]!
    const id = `${interval}-${code}-${index}`
    text += `${index === 0 ? '' : ','}{"id":"${id}","interval":"${intervalName(interval)}"}`
  }
  return `{"orders":[${text}]}`
}

/** The tag of an order that stands is its revision; what its gate and its clearing make of it are others. */
function orderSent(order: OrderAnswer): Sent {
  const { state, revision } = order
  return tagged(order, state === 'closed' || state === 'cleared' ? `${revision}-${state}` : String(revision))
}

/** @throws Refusal when the header names another version; the store decides between two that name the right one, or any */
function versionMatching(order: StoredOrder, ifMatch: string): number {
  if (ifMatch.trim() === '*') return order.version
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(ifMatch.trim())?.[1]
  if (version !== undefined && Number(version) === order.version) return order.version
  throw new Refusal('order-changed', { wanted: `If-Match: "${order.version}"`, came: ifMatch.slice(0, 100) })
}

class OrderFinder {
  readonly #market: LiveMarket
  readonly #clearings: ClearingCache

  constructor(market: LiveMarket, clearings: ClearingCache) {
    this.#market = market
    this.#clearings = clearings
  }

  async ofInterval(member: Member, interval: number): Promise<OrderAnswer[]> {
    const market = this.#market
    await market.store.orders.refresh()
    if (interval < market.store.orders.clearFrom)
      return clearedOrders(market, member, interval, await this.#clearings.book(interval))
    return market.door.ofInterval(member, interval).map((order) => standingOrder(market, member, order))
  }

  /** @throws Refusal for an id that is no order of the member */
  async find(member: Member, id: string): Promise<OrderAnswer> {
    const standing = await this.#findStanding(member, id)
    if (standing) return standingOrder(this.#market, member, standing)
    const cleared = await this.#findCleared(member, id)
    if (cleared) return cleared
    throw unknown(id)
  }

  /** @throws Refusal for an order whose gate has closed */
  async findOpen(member: Member, id: string): Promise<StoredOrder> {
    const standing = await this.#findStanding(member, id)
    if (standing) return standing
    if (await this.#findCleared(member, id)) throw gateClosed(parseOrderId(id)!.interval)
    throw unknown(id)
  }

  /** It may have been placed or changed at another process of the market a moment ago. */
  async #findStanding(member: Member, id: string): Promise<StoredOrder | undefined> {
    await this.#market.store.orders.refresh()
    return this.#market.door.find(member, id)
  }

  async #findCleared(member: Member, id: string): Promise<OrderAnswer | undefined> {
    const { store, model } = this.#market
    const key = parseOrderId(id)
    if (!key || key.interval < model.timeline.first || key.interval >= store.orders.clearFrom)
      return undefined
    const orders = await clearedOrders(
      this.#market,
      member,
      key.interval,
      await this.#clearings.book(key.interval),
    )
    return orders.find((order) => order.id === id)
  }
}

function unknown(id: string): Refusal {
  return new Refusal('order-unknown', { came: id.slice(0, 100) })
}

/** What clients were told by a service, so that it can be held to it when the service has been killed. */
import { expect } from 'vitest'
import type { TradeAnswer } from '../../../src/contract/routes/clearings.ts'
import { kwhText, priceText } from '../../../src/contract/decimals.ts'
import { intervalOf } from '../../../src/service/market/timeline.ts'
import { orderId, parseOrderId } from '../../../src/store/order-id.ts'
import type { MarketStore } from '../../../src/store/port.ts'

/** An order as it was last told, or as the request that got no answer may have left it. */
export interface NotedOrder {
  readonly id: string
  readonly revision: number
  readonly price: string
  readonly quantity: string
  readonly state: 'open' | 'cancelled'
}

export class Notebook {
  readonly orders = new Map<string, NotedOrder>()
  /** changes that were asked for and never answered */
  readonly unsure = new Map<string, NotedOrder>()
  readonly trades = new Map<string, readonly TradeAnswer[]>()
  /** ids in the sequence in which they were told */
  readonly ids: string[] = []

  placed(order: NotedOrder): void {
    this.orders.set(order.id, order)
    this.ids.push(order.id)
  }

  changed(order: NotedOrder): void {
    this.orders.set(order.id, order)
    this.unsure.delete(order.id)
  }

  get facts(): number {
    return this.orders.size + [...this.trades.values()].reduce((sum, trades) => sum + trades.length, 0)
  }

  /** Holds a store to everything that was told. */
  async check(store: MarketStore, feeOf: FeeOf): Promise<void> {
    for (const [interval, ids] of Map.groupBy(this.orders.keys(), (id) => parseOrderId(id)!.interval)) {
      const found = await ordersOf(store, interval, feeOf)
      for (const id of ids) this.#checkOrder(id, found.get(id))
    }
    for (const [name, trades] of this.trades)
      expect(await settledOf(store, name), name).toEqual(trades.map(({ id, settled }) => [id, settled]))
  }

  #checkOrder(id: string, found: Found | undefined): void {
    const told = this.orders.get(id)!
    const unsure = this.unsure.get(id)
    const possible = [told, ...(unsure ? [unsure] : [])].map(({ revision, price, quantity, state }) =>
      // A cancelled order is gone with its interval's clearing.
      state === 'cancelled' ? { state } : { state, revision, price, quantity },
    )
    expect(possible, `${id}: ${JSON.stringify(found)}`).toContainEqual(found ?? { state: 'cancelled' })
  }
}

type Found = Partial<Omit<NotedOrder, 'id'>>

/** Fee that a buy pays at its connection beside its limit in the store. [ticks] */
export type FeeOf = (participant: number, interval: number) => number

interface Kept {
  readonly participant: number
  readonly side: number
  readonly version: number
  readonly limitTicks: number
  readonly quantityWh: number
}

async function ordersOf(
  store: MarketStore,
  interval: number,
  feeOf: FeeOf,
): Promise<ReadonlyMap<string, Found>> {
  const foundOf = ({ participant, side, version, limitTicks, quantityWh }: Kept): Found => ({
    state: 'open',
    revision: version,
    price: priceText(limitTicks + (side === 0 ? feeOf(participant, interval) : 0)),
    quantity: kwhText(quantityWh),
  })
  if (interval < store.orders.clearFrom) {
    const { orders } = (await store.intervals.orders(interval))!
    const rows = Array.from({ length: orders.count }, (_, row): [string, Found] => {
      const at = (column: ArrayLike<number>) => column[row]!
      const id = orderId({ interval, request: at(orders.request), index: at(orders.index) })
      const { participant, side, version, limitTicks, quantityWh } = orders
      return [
        id,
        foundOf({
          participant: at(participant),
          side: at(side),
          version: at(version),
          limitTicks: at(limitTicks),
          quantityWh: at(quantityWh),
        }),
      ]
    })
    return new Map(rows)
  }
  const participants = await store.access.participants()
  const standing = participants.flatMap(({ id }) => store.orders.ofParticipant(id, interval))
  return new Map(
    standing.map((order) => [
      orderId(order.key),
      order.state === 'cancelled' ? { state: order.state } : foundOf(order),
    ]),
  )
}

async function settledOf(store: MarketStore, name: string): Promise<[string, string][]> {
  const interval = intervalOf(name)!
  const { trades } = await store.intervals.trades({
    from: interval,
    to: interval + 1,
    settled: true,
    limit: 10_000,
  })
  return trades.map(({ row, energyWh }) => [`${interval}.${row}`, kwhText(energyWh)])
}

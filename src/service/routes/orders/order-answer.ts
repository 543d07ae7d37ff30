/** An order as its owner sees it, before and after its clearing. */
import { divideHalfEven, formatScaled } from '../../../base/decimal.ts'
import { kwhText, priceText } from '../../../contract/decimals.ts'
import { reasons, type OrderAnswer, type Outcome } from '../../../contract/routes/orders.ts'
import { orderId } from '../../../store/order-id.ts'
import { fromApi, type StoredOrder, type TradeCursor, type TradeRow } from '../../../store/port.ts'
import type { ClearedBook } from '../../market/keeper.ts'
import type { LiveMarket } from '../../market/live-market.ts'
import type { Member } from '../../market/members.ts'
import { intervalName } from '../../market/timeline.ts'

export function outcomeWord(acceptedWh: number, quantityWh: number): Outcome['outcome'] {
  if (acceptedWh === 0) return 'not-accepted'
  return acceptedWh === quantityWh ? 'accepted' : 'partly-accepted'
}

/** An order of an interval that is not cleared. */
export function standingOrder(market: LiveMarket, member: Member, order: StoredOrder): OrderAnswer {
  const isOpen = order.interval >= market.store.orders.openFrom
  const isCancelled = order.state === 'cancelled'
  return {
    ...termsOf(market, member, order),
    id: orderId(order.key),
    origin: order.origin === fromApi ? 'own' : 'strategy',
    state: isCancelled ? 'cancelled' : isOpen ? 'open' : 'closed',
    revision: order.version,
    outcome: isCancelled ? cancelled : null,
  }
}

const cancelled: Outcome = {
  outcome: 'cancelled',
  reason: 'cancelled-by-owner',
  accepted: kwhText(0),
  price: null,
}

/** Orders of a participant in a cleared interval. */
export async function clearedOrders(
  market: LiveMarket,
  member: Member,
  interval: number,
  { orders, outcomes }: ClearedBook,
): Promise<OrderAnswer[]> {
  const rows = [...orders.participant.keys()].filter((row) => orders.participant[row] === member.participant)
  const prices =
    rows.length > 0 ? await meanPrices(market, member.participant, interval) : new Map<string, string>()
  return rows.map((row): OrderAnswer => {
    const id = orderId({ interval, request: orders.request[row]!, index: orders.index[row]! })
    const quantityWh = orders.quantityWh[row]!
    const acceptedWh = outcomes.acceptedWh[row]!
    const side = orders.side[row] === 0 ? 0 : 1
    return {
      ...termsOf(market, member, { interval, side, quantityWh, limitTicks: orders.limitTicks[row]! }),
      id,
      origin: orders.origin[row] === fromApi ? 'own' : 'strategy',
      state: 'cleared',
      revision: orders.version[row]!,
      outcome: {
        outcome: outcomeWord(acceptedWh, quantityWh),
        reason: reasons[outcomes.reason[row]!]!,
        accepted: kwhText(acceptedWh),
        price: prices.get(id) ?? null,
      },
    }
  })
}

type Terms = Pick<StoredOrder, 'interval' | 'side' | 'quantityWh' | 'limitTicks'>

function termsOf(market: LiveMarket, member: Member, terms: Terms) {
  return {
    interval: intervalName(terms.interval),
    side: terms.side === 0 ? ('buy' as const) : ('sell' as const),
    price: priceText(market.door.grossTicks(member, terms)),
    quantity: kwhText(terms.quantityWh),
    bus: market.model.zone.buses[member.bus]!.id,
  }
}

/** Mean over an order's trades, half to even at 7 places, by order id. [CNY/kWh] */
export async function meanPrices(
  { store }: LiveMarket,
  participant: number,
  interval: number,
): Promise<Map<string, string>> {
  const sums = new Map<string, { worth: bigint; wh: bigint }>()
  const add = (id: string, ticks: number, energyWh: number) => {
    const sum = sums.get(id) ?? { worth: 0n, wh: 0n }
    sums.set(id, { worth: sum.worth + BigInt(ticks) * BigInt(energyWh), wh: sum.wh + BigInt(energyWh) })
  }
  for await (const trade of tradesOf(store, participant, interval)) {
    if (trade.buyer === participant) add(orderId(trade.buyOrder), trade.buyerTicks, trade.energyWh)
    if (trade.seller === participant) add(orderId(trade.sellOrder), trade.sellerTicks, trade.energyWh)
  }
  return new Map(
    [...sums].map(([id, { worth, wh }]) => [id, formatScaled(divideHalfEven(worth * 1000n, wh), 7)]),
  )
}

async function* tradesOf(
  { intervals }: LiveMarket['store'],
  participant: number,
  interval: number,
): AsyncGenerator<TradeRow> {
  let after: TradeCursor | undefined
  do {
    const page = await intervals.trades({
      participant,
      from: interval,
      to: interval + 1,
      limit: 1000,
      ...(after ? { after } : {}),
    })
    yield* page.trades
    after = page.next
  } while (after)
}

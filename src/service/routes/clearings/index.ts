/** Clearings as they were published, the books behind them, and who traded with whom, to those two. */
import type { CurveAnswer, TradeAnswer } from '../../../contract/routes/clearings.ts'
import { kwhText, priceText } from '../../../contract/decimals.ts'
import { orderId } from '../../../store/order-id.ts'
import type { IntervalRange, TradeCursor, TradeRow } from '../../../store/port.ts'
import { tagged, type Handlers } from '../../answer.ts'
import type { Caller } from '../../access/directory.ts'
import type { LiveMarket } from '../../market/live-market.ts'
import { intervalName } from '../../market/timeline.ts'
import { Refusal } from '../../refusal.ts'
import { clearedNamed, zoneNamed } from '../lookups.ts'
import { pageOf, pairOf, rangeOf } from '../paging.ts'
import type { ClearedBook } from '../../market/keeper.ts'
import { answerOf, type ClearingCache } from './cache.ts'

export function clearingRoutes(
  market: LiveMarket,
  clearings: ClearingCache,
): Handlers<'listClearings' | 'getClearing' | 'getCurve' | 'getTrades' | 'listTrades' | 'publishAgain'> {
  const { store, model } = market
  return {
    listClearings: async ({ params, query }) => {
      zoneNamed(market, params.zone)
      const { from, to } = rangeOf(market, query, { from: model.timeline.first })
      const page = pageOf(query, from)
      const results = await store.intervals.results({ from: page.from, to, limit: page.limit })
      return {
        clearings: results.map(answerOf),
        next: page.nextAfter(
          results.map(({ interval }) => interval),
          Math.min(to, store.orders.clearFrom),
        ),
      }
    },
    getClearing: ({ params }) => {
      zoneNamed(market, params.zone)
      return clearings.sent(clearedNamed(market, params.interval))
    },
    getCurve: async ({ params, query }) => {
      zoneNamed(market, params.zone)
      const interval = clearedNamed(market, params.interval)
      const bus = query.bus === undefined ? null : busNamed(market, query.bus)
      const curve = curveOf(await clearings.book(interval), bus)
      const { hash } = (await store.intervals.result(interval))!
      const answer: CurveAnswer = { interval: params.interval, bus: query.bus ?? null, ...curve }
      return tagged(answer, `curve-${bus ?? 'all'}-${hash.slice(0, 32)}`, 'forever')
    },
    getTrades: ({ params, query, caller }) => {
      zoneNamed(market, params.zone)
      const interval = clearedNamed(market, params.interval)
      return tradesPage(
        market,
        caller,
        { from: interval, to: interval + 1, limit: query.limit },
        query.cursor,
      )
    },
    listTrades: ({ params, query, caller }) => {
      zoneNamed(market, params.zone)
      const range = rangeOf(market, query, { from: model.timeline.first })
      return tradesPage(market, caller, { ...range, limit: query.limit }, query.cursor)
    },
    publishAgain: async ({ params, caller }) => {
      zoneNamed(market, params.zone)
      const interval = clearedNamed(market, params.interval)
      const { actor, atMs } = market.by(caller)
      const seq = await store.events.add({ kind: 'published', interval, atMs, body: '{}' })
      const detail = JSON.stringify({ interval })
      await store.audit.add({
        atMs,
        ...(actor === undefined ? {} : { actor }),
        action: 'publish-again',
        detail,
      })
      return { interval: params.interval, event: String(seq) }
    },
  }
}

function busNamed({ model }: LiveMarket, id: string): number {
  const bus = model.zone.buses.findIndex((each) => each.id === id)
  if (bus >= 0) return bus
  throw new Refusal('invalid-request', { wanted: 'a bus of the zone', came: id, path: 'query.bus' })
}

/** Orders of one price are one step, so that nobody's order can be told apart from another's. */
function curveOf({ orders }: ClearedBook, bus: number | null): Pick<CurveAnswer, 'buy' | 'sell'> {
  const whAt = [new Map<number, number>(), new Map<number, number>()] as const
  for (let row = 0; row < orders.count; row++) {
    if (bus !== null && orders.bus[row] !== bus) continue
    const side = whAt[orders.side[row] === 0 ? 0 : 1]
    const ticks = orders.limitTicks[row]!
    side.set(ticks, (side.get(ticks) ?? 0) + orders.quantityWh[row]!)
  }
  const steps = (side: Map<number, number>, sign: 1 | -1) =>
    [...side]
      .toSorted(([a], [b]) => sign * (a - b))
      .map(([ticks, wh]) => ({ price: priceText(ticks), quantity: kwhText(wh) }))
  return { buy: steps(whAt[0], -1), sell: steps(whAt[1], 1) }
}

async function tradesPage(
  market: LiveMarket,
  { role, participant }: Caller,
  range: IntervalRange,
  cursor: string | undefined,
): Promise<{ trades: TradeAnswer[]; next: string | null }> {
  const own = role === 'participant' ? participant : undefined
  const query = {
    ...range,
    ...(own === undefined ? {} : { participant: own }),
    ...(cursor === undefined ? {} : { after: cursorOf(cursor) }),
  }
  const cleared = await market.store.intervals.trades(query)
  const settled = await settledOf(market, query, cleared.trades)
  const trades = cleared.trades.map((trade) => tradeAnswer(market, trade, own, settled.get(keyOf(trade))))
  return { trades, next: cleared.next ? textOf(cleared.next) : null }
}

const keyOf = ({ interval, row }: TradeCursor) => `${interval}.${row}`

/** A page of the store goes on after a row, or before the first of an interval; its cursor names the row that comes next. */
function textOf({ interval, row }: TradeCursor): string {
  return `${interval}.${row + 1}`
}

function cursorOf(cursor: string): TradeCursor {
  const [interval, row] = pairOf(cursor)
  return { interval, row: row - 1 }
}

/** What the meters supported of the same trades, where it is known. */
async function settledOf(
  { store }: LiveMarket,
  query: IntervalRange,
  trades: readonly TradeRow[],
): Promise<ReadonlyMap<string, number>> {
  const last = trades.at(-1)
  if (!last) return new Map()
  const rows = await store.intervals.list({ from: trades[0]!.interval, to: last.interval + 1, limit: 40_000 })
  const isSettled = new Set(rows.filter(({ state }) => state === 'settled').map(({ interval }) => interval))
  const page = await store.intervals.trades({ ...query, settled: true })
  return new Map(
    page.trades
      .filter(({ interval }) => isSettled.has(interval))
      .map((trade) => [keyOf(trade), trade.energyWh]),
  )
}

/** A participant sees its own side of a trade, the operator both. */
function tradeAnswer(
  { members }: LiveMarket,
  trade: TradeRow,
  own: number | undefined,
  settledWh: number | undefined,
): TradeAnswer {
  const sees = (participant: number) => own === undefined || own === participant
  const idOf = (participant: number) => members.byParticipant(participant).id
  const seller = sees(trade.seller)
  const buyer = sees(trade.buyer)
  return {
    id: `${trade.interval}.${trade.row}`,
    interval: intervalName(trade.interval),
    seller: seller ? idOf(trade.seller) : null,
    buyer: buyer ? idOf(trade.buyer) : null,
    sellOrder: seller ? orderId(trade.sellOrder) : null,
    buyOrder: buyer ? orderId(trade.buyOrder) : null,
    quantity: kwhText(trade.energyWh),
    sellerPrice: priceText(trade.sellerTicks),
    buyerPrice: priceText(trade.buyerTicks),
    wheelingFee: priceText(trade.feeTicks),
    settled: settledWh === undefined ? null : kwhText(settledWh),
  }
}

/** Pages of trades, taken out of the columns of one interval after another. */
import { setImmediate } from 'node:timers/promises'
import type { OrderKey, TradePage, TradeQuery, TradeRow } from '../../port.ts'
import type { BookedOrders, Trades } from '../../records.ts'
import type { Database } from '../query.ts'
import { intervalRows, pageRows, tradesOf } from './intervals.ts'

/** A page looks into so many intervals and no more, so that a query without trades ends too. */
const intervalsPerPage = 192

export async function tradePage(db: Database, query: TradeQuery): Promise<TradePage> {
  const limit = query.limit ?? pageRows
  const start = query.after ?? { interval: query.from, row: -1 }
  const from = Math.max(query.from, start.interval)
  const intervals = await intervalRows(db, { from, to: query.to, limit: intervalsPerPage })
  const found: TradeRow[] = []
  for (const { interval } of intervals) {
    // Decoding holds the thread; between intervals others may have it.
    await setImmediate()
    const recorded = await tradesOf(db, { interval, settled: query.settled ?? false })
    if (!recorded) continue
    const after = interval === start.interval ? start.row : -1
    for (const row of matching(recorded, query.participant, after)) {
      found.push(tradeRow(interval, row, recorded))
      if (found.length === limit) return { trades: found, next: { interval, row } }
    }
  }
  const last = intervals.at(-1)
  return intervals.length < intervalsPerPage
    ? { trades: found }
    : { trades: found, next: { interval: last!.interval + 1, row: -1 } }
}

interface Recorded {
  readonly orders: BookedOrders
  readonly trades: Trades
}

function* matching(
  { orders, trades }: Recorded,
  participant: number | undefined,
  after: number,
): Generator<number> {
  for (let row = after + 1; row < trades.count; row++)
    if (
      participant === undefined ||
      orders.participant[trades.buyRow[row]!] === participant ||
      orders.participant[trades.sellRow[row]!] === participant
    )
      yield row
}

function tradeRow(interval: number, row: number, { orders, trades }: Recorded): TradeRow {
  const [buy, sell] = [trades.buyRow[row]!, trades.sellRow[row]!]
  return {
    interval,
    row,
    buyer: orders.participant[buy]!,
    seller: orders.participant[sell]!,
    buyOrder: keyOf(interval, orders, buy),
    sellOrder: keyOf(interval, orders, sell),
    energyWh: trades.energyWh[row]!,
    buyerTicks: trades.buyerTicks[row]!,
    sellerTicks: trades.sellerTicks[row]!,
    feeTicks: trades.feeTicks[row]!,
  }
}

function keyOf(interval: number, orders: BookedOrders, row: number): OrderKey {
  return { interval, request: orders.request[row]!, index: orders.index[row]! }
}

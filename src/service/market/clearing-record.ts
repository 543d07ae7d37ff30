/** An auction as the store keeps it and as the world may read it. The same auction is always the same bytes. */
import { kwhText, moneyText, priceText } from '../../contract/decimals.ts'
import type { ClearingAnswer } from '../../contract/routes/clearings.ts'
import type { Certificate } from '../../market/certificate.ts'
import type { AuctionTerms } from '../../simulation/auction.ts'
import { enterpriseRow } from '../../simulation/order-rows.ts'
import type { Outcome } from '../../simulation/outcome.ts'
import type { WheelingSlots } from '../../simulation/wheeling-slots.ts'
import { sharedColumns } from '../../store/columns.ts'
import { outcomesLayout, tradesLayout } from '../../store/layouts.ts'
import type { BookedOrders, Outcomes, Trades } from '../../store/records.ts'
import { intervalName } from './timeline.ts'

/** Fee on a member's own connection in a segment, which its buys pay beside the path's; 0 for batteries. [ticks] */
export function withdrawalTicks(
  { withdrawalTicks: column, fillings }: WheelingSlots,
  { rowKind, who }: { readonly rowKind: number; readonly who: number },
  segment: number,
): number {
  return rowKind === enterpriseRow ? column[(segment * column.length) / fillings.length + who]! : 0
}

/** Pairs with what each side pays, the fee on the buyer's own connection included. */
export function tradesOf(
  { pairs, sellerTicks, buyerTicks }: Outcome,
  { participant }: BookedOrders,
  withdrawal: Int32Array,
): Trades {
  const { count } = pairs
  const trades = sharedColumns(tradesLayout, count)
  trades.buyRow.set(pairs.buy.subarray(0, count))
  trades.sellRow.set(pairs.sell.subarray(0, count))
  trades.energyWh.set(pairs.quantityWh.subarray(0, count))
  for (let pair = 0; pair < count; pair++) {
    const connection = withdrawal[participant[pairs.buy[pair]!]!]!
    trades.buyerTicks[pair] = buyerTicks[pair]! + connection
    trades.sellerTicks[pair] = sellerTicks[pair]!
    trades.feeTicks[pair] = pairs.pathFeeTicks[pair]! + connection
  }
  return trades
}

/** What became of each order. Its price is that of its trades where they have one price, else 0. */
export function outcomesOf({ rows, clearing }: Outcome, trades: Trades, reason: Uint8Array): Outcomes {
  const { count } = rows.book
  const outcomes = sharedColumns(outcomesLayout, count)
  outcomes.acceptedWh.set(clearing.acceptedWh.subarray(0, count))
  outcomes.reason.set(reason)
  const { priceTicks } = outcomes
  const priced = new Uint8Array(count)
  const note = (row: number, ticks: number) => {
    if (priced[row] === 0) priceTicks[row] = ticks
    else if (priceTicks[row] !== ticks) priceTicks[row] = 0
    priced[row] = 1
  }
  for (let pair = 0; pair < trades.count; pair++) {
    note(trades.buyRow[pair]!, trades.buyerTicks[pair]!)
    note(trades.sellRow[pair]!, trades.sellerTicks[pair]!)
  }
  return outcomes
}

/** What of a clearing is published and hashed; when it was cleared stands beside it. */
export type PublishedClearing = Omit<ClearingAnswer, 'cleared'>

export function publishedClearing(
  { market, buses }: AuctionTerms,
  interval: number,
  { clearing, busTicks, isHeld, rows }: Outcome,
  certificate: Certificate,
): PublishedClearing {
  const listed = isHeld ? buses : []
  return {
    interval: intervalName(interval),
    rule: market.rule,
    volume: kwhText(clearing.volumeWh),
    orders: rows.book.count,
    prices: listed.map(({ id }, bus) => ({
      bus: id,
      price: priceText(busTicks[bus]!),
      traded: clearing.traded[bus] === 1,
    })),
    flows: listed.map(({ id }, bus) => ({ bus: id, up: kwhText(clearing.flowUpWh[bus]! + 0) })),
    wheelingFees: moneyText(certificate.wheelingFees),
    certificate: { welfare: moneyText(certificate.welfare), dualBound: moneyText(certificate.dualBound) },
  }
}

/** Canonical bytes: the keys stand as `publishedClearing` writes them. */
export function resultBytes(result: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(result))
}

export function readPublished(bytes: Uint8Array): PublishedClearing {
  return JSON.parse(new TextDecoder().decode(bytes)) as PublishedClearing
}

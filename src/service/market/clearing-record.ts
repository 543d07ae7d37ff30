/** An auction as the store keeps it and as the world may read it. The same auction is always the same bytes. */
import { kwhText, moneyText, priceText } from '../../contract/decimals.ts'
import type { ClearingAnswer } from '../../contract/routes/clearings.ts'
import type { Zone } from '../../scenario/zone.ts'
import { enterpriseRow } from '../../simulation/order-rows.ts'
import type { Outcome } from '../../simulation/outcome.ts'
import type { WheelingSlots } from '../../simulation/wheeling-slots.ts'
import type { Outcomes, Trades } from '../../store/records.ts'
import type { Held } from './hold-auction.ts'
import { intervalName } from './timeline.ts'

/** Fee on a member's own connection in a segment, which its buys pay beside the path's; 0 for batteries. [ticks] */
export function withdrawalTicks(
  { withdrawalTicks: column, fillings }: WheelingSlots,
  { rowKind, who }: { readonly rowKind: number; readonly who: number },
  segment: number,
): number {
  return rowKind === enterpriseRow ? column[who * fillings.length + segment]! : 0
}

/** What became of each order. Its price is that of its trades where they have one price, else 0. */
export function outcomesOf({ outcome, reason }: Held, trades: Trades): Outcomes {
  const { count } = outcome.rows.book
  const priceTicks = new Int32Array(count)
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
  return { count, acceptedWh: outcome.clearing.acceptedWh.slice(0, count), priceTicks, reason }
}

/** Pairs with what each side pays, the fee on the buyer's own connection included. */
export function tradesOf(
  { rows, pairs, sellerTicks, buyerTicks }: Outcome,
  wheeling: WheelingSlots,
  segment: number,
): Trades {
  const { count } = pairs
  const connection = Int32Array.from({ length: count }, (_, pair) => {
    const buy = pairs.buy[pair]!
    return withdrawalTicks(wheeling, { rowKind: rows.kind[buy]!, who: rows.who[buy]! }, segment)
  })
  return {
    count,
    buyRow: Uint32Array.from(pairs.buy.subarray(0, count)),
    sellRow: Uint32Array.from(pairs.sell.subarray(0, count)),
    energyWh: pairs.quantityWh.slice(0, count),
    buyerTicks: connection.map((ticks, pair) => ticks + buyerTicks[pair]!),
    sellerTicks: Int32Array.from(sellerTicks.subarray(0, count)),
    feeTicks: connection.map((ticks, pair) => ticks + pairs.pathFeeTicks[pair]!),
  }
}

/** What of a clearing is published and hashed; when it was cleared stands beside it. */
export type PublishedClearing = Omit<ClearingAnswer, 'cleared'>

export function publishedClearing(
  zone: Pick<Zone, 'buses' | 'market'>,
  interval: number,
  held: Held,
): PublishedClearing {
  const { outcome, certificate } = held
  const { clearing, busTicks, isHeld, rows } = outcome
  const buses = isHeld ? zone.buses : []
  return {
    interval: intervalName(interval),
    rule: zone.market.rule,
    volume: kwhText(clearing.volumeWh),
    orders: rows.book.count,
    prices: buses.map(({ id }, bus) => ({
      bus: id,
      price: priceText(busTicks[bus]!),
      traded: clearing.traded[bus] === 1,
    })),
    flows: buses.map(({ id }, bus) => ({ bus: id, up: kwhText(clearing.flowUpWh[bus]! + 0) })),
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

/** Why an order trades what it does: how it stands to its price, what holds its rest back, and what it pays to whom. */
import { formatScaled } from '../../base/decimal.ts'
import { assert } from '../../base/errors.ts'
import { buySide, sellSide } from '../book.ts'
import type { ClearedBook } from '../clear-read.ts'
import type { Counterparts } from './counterparts.ts'
import type { OrderExplanation, Reason, Rest, StepExplanation, TradeExplanation } from './explanation.ts'
import { reducedReason } from './reduced-reason.ts'

/** @param step the step of its bus's curve that an order stands in; asked for orders at the price of their bus */
export function explainOrder(
  cleared: ClearedBook,
  row: number,
  counterparts: Counterparts,
  stepOf: (row: number) => StepExplanation,
): OrderExplanation {
  const { read, busTicks, settled } = cleared
  const { book } = read
  const bus = book.bus[row]!
  const gainTicks = gainAt(cleared, row)
  const reason = reducedReason(cleared, row) ?? reasonOf(cleared, row, gainTicks, stepOf)
  return {
    order: read.orderIds[row]!,
    bus: read.busIds[bus]!,
    side: book.side[row] === buySide ? 'buy' : 'sell',
    limitTicks: book.limitTicks[row]!,
    quantityWh: book.quantityWh[row]!,
    acceptedWh: settled.clearing.acceptedWh[row]!,
    nettedWh: read.nettedWh?.[row] ?? 0,
    priceTicks: busTicks[bus]!,
    gainCny: formatScaled(BigInt(Math.max(0, gainTicks)) * BigInt(book.quantityWh[row]!), 7),
    reason,
    rest: restOf(cleared, row, counterparts),
    trades: tradesOf(cleared, row),
  }
}

/** What a kWh of an order gains at the price of its bus [ticks]. */
export function gainAt({ read, busTicks }: ClearedBook, row: number): number {
  const { book } = read
  const above = book.limitTicks[row]! - busTicks[book.bus[row]!]!
  return book.side[row] === buySide ? above : 0 - above
}

/** By the optimum: prices that prove it leave an order out of the money with nothing and one in it with everything. */
function reasonOf(
  { read, clearing }: ClearedBook,
  row: number,
  gainTicks: number,
  stepOf: (row: number) => StepExplanation,
): Reason {
  const quantityWh = read.book.quantityWh[row]!
  const acceptedWh = clearing.acceptedWh[row]!
  if (quantityWh === 0) return { code: (read.nettedWh?.[row] ?? 0) > 0 ? 'netted' : 'no-quantity' }
  const fits = gainTicks > 0 ? acceptedWh === quantityWh : gainTicks === 0 || acceptedWh === 0
  assert(fits, () => `order ${row} gains ${gainTicks} a kWh and has ${acceptedWh} of ${quantityWh} Wh`)
  if (gainTicks > 0) return { code: 'in-the-money', gainTicks }
  if (gainTicks < 0) return { code: 'out-of-the-money', shortTicks: -gainTicks }
  return acceptedWh === quantityWh ? { code: 'at-the-price' } : marginReason(read.orderIds[row]!, stepOf(row))
}

function marginReason(order: string, { energyWh, acceptedWh, claimants }: StepExplanation): Reason {
  if (acceptedWh === 0) return { code: 'not-needed' }
  const others = claimants.filter((claimant) => !('order' in claimant) || claimant.order !== order)
  if (others.length === 0) return { code: 'marginal' }
  return { code: 'shared', stepWh: energyWh, stepAcceptedWh: acceptedWh, others }
}

function restOf(
  { read, clearing, settled }: ClearedBook,
  row: number,
  counterparts: Counterparts,
): Rest | null {
  const isServed = clearing.acceptedWh[row]! === read.book.quantityWh[row]!
  const isReduced = settled.reduction !== undefined && settled.reduction.buy >= 0
  return isServed || isReduced ? null : counterparts.restOf(row)
}

function tradesOf({ read, settled }: ClearedBook, row: number): TradeExplanation[] {
  const { pairs, sellerTicks, buyerTicks } = settled
  const sells = read.book.side[row] === sellSide
  const [own, other, ticks] = sells
    ? [pairs.sell, pairs.buy, sellerTicks]
    : [pairs.buy, pairs.sell, buyerTicks]
  const trades: TradeExplanation[] = []
  for (let pair = 0; pair < pairs.count; pair++) {
    if (own[pair] !== row) continue
    trades.push({
      counterpart: read.orderIds[other[pair]!]!,
      quantityWh: pairs.quantityWh[pair]!,
      priceTicks: ticks[pair]!,
      pathFeeTicks: pairs.pathFeeTicks[pair]!,
    })
  }
  return trades
}

import { kDenominator } from '../prices.ts'
import type { PriceRule } from './rule.ts'

/**
 * 高低匹配: each pair splits its own surplus.
 *
 *     seller gets  limit_sell + ⌊k · (limit_buy − path fee − limit_sell)⌋,   buyer pays that and the path fee
 */
export const highLow: PriceRule = ({ book, pairs, kNumerator }, out) => {
  for (let pair = 0; pair < pairs.count; pair++) {
    const sellerLimit = book.limitTicks[pairs.sell[pair]!]!
    const pathFee = pairs.pathFeeTicks[pair]!
    const surplus = book.limitTicks[pairs.buy[pair]!]! - pathFee - sellerLimit
    const price = highLowTicks(sellerLimit, surplus, kNumerator)
    out.sellerTicks[pair] = price
    out.buyerTicks[pair] = price + pathFee
  }
}

/** What the seller of a pair gets. */
export function highLowTicks(sellerLimitTicks: number, surplusTicks: number, kNumerator: number): number {
  return sellerLimitTicks + Math.floor((kNumerator * surplusTicks) / kDenominator)
}

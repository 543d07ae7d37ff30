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
    const price = sellerLimit + Math.floor((kNumerator * surplus) / kDenominator)
    out.sellerTicks[pair] = price
    out.buyerTicks[pair] = price + pathFee
  }
}

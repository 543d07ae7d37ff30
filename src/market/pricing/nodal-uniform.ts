import type { PriceRule } from './rule.ts'

/**
 * 边际统一出清, carried to a network: everyone trades at the price of its own bus. Between two buses the prices differ
 * by the fees of the path, and by congestion rent where an arc on it is full.
 */
export const nodalUniform: PriceRule = ({ book, pairs, busPriceTicks }, out) => {
  for (let pair = 0; pair < pairs.count; pair++) {
    out.sellerTicks[pair] = busPriceTicks[book.bus[pairs.sell[pair]!]!]!
    out.buyerTicks[pair] = busPriceTicks[book.bus[pairs.buy[pair]!]!]!
  }
}

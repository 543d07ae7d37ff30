import type { Network } from '../../grid/network.ts'
import type { Book } from '../book.ts'
import type { Clearing } from '../clear.ts'
import type { Pairs } from '../pairs.ts'

export interface PricedInput {
  readonly network: Network
  readonly book: Book
  readonly pairs: Pairs
  /** one price per bus, already mixed at k [ticks] */
  readonly busPriceTicks: Float64Array
  /** k as whole ten-thousandths */
  readonly kNumerator: number
  /** what the rule's own {@link PriceRule.reduce} made of the clearing */
  readonly reduction?: Reduction
}

/** Per pair [ticks]: what the seller gets, and what the buyer pays including the fees of the path. */
export interface PairPrices {
  readonly sellerTicks: Float64Array
  readonly buyerTicks: Float64Array
}

/** A clearing of which a rule gave something up, and the two orders that set the prices by it. */
export interface Reduction {
  /** what is left; the arrays are its own where they differ from those of the optimum */
  readonly clearing: Clearing
  /** rows of the orders given up whole, −1 where nothing was traded */
  readonly buy: number
  readonly sell: number
}

/**
 * Fills in the prices of the pairs. A rule that also changes quantities has `reduce`, which runs between clearing and
 * pairing; the certificate proves the clearing before it.
 */
export interface PriceRule {
  (input: PricedInput, out: PairPrices): void
  readonly reduce?: (book: Book, clearing: Clearing) => Reduction
}

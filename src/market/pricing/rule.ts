import type { Network } from '../../grid/network.ts'
import type { Book } from '../book.ts'
import type { Pairs } from '../pairs.ts'

export interface PricedInput {
  readonly network: Network
  readonly book: Book
  readonly pairs: Pairs
  /** one price per bus, already mixed at k [ticks] */
  readonly busPriceTicks: Float64Array
  /** k as whole ten-thousandths */
  readonly kNumerator: number
}

/** Per pair [ticks]: what the seller gets, and what the buyer pays including the fees of the path. */
export interface PairPrices {
  readonly sellerTicks: Float64Array
  readonly buyerTicks: Float64Array
}

export type PriceRule = (input: PricedInput, out: PairPrices) => void

/**
 * What an auction decided: orders with their accepted quantities, prices by bus, pairs and what each pays. It stands by
 * itself: settlement needs it and the meters, and those may come much later.
 */
import type { Clearing } from '../market/clear.ts'
import type { Pairs } from '../market/pairs.ts'
import type { OrderRows } from './order-rows.ts'

export interface Outcome {
  readonly rows: OrderRows
  /** false where nothing was offered, so that there was nothing to clear and nothing to prove */
  readonly isHeld: boolean
  readonly clearing: Clearing
  /** proved to be the most that the book allows [1e-7 CNY] */
  readonly welfareTickWh: bigint
  /** one price per bus where it was held [ticks] */
  readonly busTicks: Float64Array
  readonly pairs: Pairs
  /** per pair: what the seller gets, and what the buyer pays including the fees of the path [ticks] */
  readonly sellerTicks: Float64Array
  readonly buyerTicks: Float64Array
}

/** A copy that later auctions leave as it is. */
export function keepOutcome(outcome: Outcome): Outcome {
  return structuredClone(outcome)
}

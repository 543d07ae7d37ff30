/** Strategies by name, and what one that decides anew every interval can see and say. */

/** Strategies that need no more than their name. */
export const plainStrategies = ['truthful', 'zero-intelligence', 'adaptive', 'external'] as const

export type Strategy =
  | { readonly kind: (typeof plainStrategies)[number] }
  | { readonly kind: 'markup'; readonly share: number }

export type StrategyName = Strategy['kind']

/** As in a book: 0 buys, 1 sells. */
export type Side = 0 | 1

/** Who bids, and between which prices the market takes bids. */
export interface BidderTerms {
  readonly id: string
  readonly seed: number
  readonly side: Side
  readonly floorTicks: number
  readonly capTicks: number
}

/** What became of a bidder's own order. Nothing else of the market is told. */
export interface OwnOutcome {
  /** as it was bid [ticks] */
  readonly limitTicks: number
  readonly quantityWh: number
  readonly acceptedWh: number
  /** mean price of what was accepted, a buyer's with the fees of the way; NaN where nothing was [ticks] */
  readonly priceTicks: number
}

/** One participant that decides on its limit anew every interval. */
export interface Bidder {
  /**
   * The limit it bids: a whole tick within floor and cap, never beyond the truthful one. Asking changes nothing, so intervals
   * may be asked about in any sequence. A truthful limit from which nothing can be shaded within floor and cap is bid as it is.
   *
   * @param truthfulTicks a buyer's is net of the fee on its own connection, as it stands in the book
   * @param interval counted from the start of the run
   */
  limitTicks(truthfulTicks: number, interval: number): number
  learn?(own: OwnOutcome, interval: number): void
  /** All that it has learned, to be kept and set again; whoever learns has one. */
  readonly memory?: Float64Array
}

/** What the sessions before the call auction have in common: orders, prices and sizes. */

/**
 * An order as it is handed in. Its limit is what the seller wants at least at its own bus, or what the buyer pays at
 * most at its own bus, the fees of the path included; the fee on the buyer's own connection is folded in before.
 */
export interface SessionOrder {
  /** position in the one row of all events, rising; the order's id from now on */
  readonly sequence: number
  /** row of the participant */
  readonly owner: number
  /** row of the bus */
  readonly bus: number
  /** 0 buy, 1 sell */
  readonly side: number
  /** [0.0001 CNY/kWh] */
  readonly limitTicks: number
  /** whole, above 0 [Wh] */
  readonly quantityWh: number
}

/** What is left of an order that waits. */
export interface OpenOrder {
  readonly id: number
  /** where it stands in time: the id, or the number of the replacement that moved it to the back */
  readonly sequence: number
  readonly owner: number
  readonly bus: number
  readonly side: number
  readonly limitTicks: number
  readonly openWh: number
}

/** A trade or contract. The buyer pays sellerTicks + pathFeeTicks for every kWh. */
export interface SessionTrade {
  /** ids of the order, listing, take or contract on each side */
  readonly sellId: number
  readonly buyId: number
  readonly sellOwner: number
  readonly buyOwner: number
  readonly quantityWh: number
  /** what the seller receives [0.0001 CNY/kWh] */
  readonly sellerTicks: number
  /** fees of the arcs from the seller up to the common bus and down to the buyer [0.0001 CNY/kWh] */
  readonly pathFeeTicks: number
}

/** Prices that a session takes, both ends included [0.0001 CNY/kWh]. */
export interface SessionRange {
  readonly floorTicks: number
  readonly capTicks: number
}

/** 100,000 CNY/kWh either way; a limit of this size still fits the auction's book. */
export const widestRange: SessionRange = { floorTicks: -1_000_000_000, capTicks: 1_000_000_000 }

/** What may wait in one session: two of them together stay within the 2^53 Wh of an auction's book. [Wh] */
export const mostOpenWh = 2 ** 52 - 1

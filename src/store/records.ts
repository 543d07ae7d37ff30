/**
 * What is recorded about an interval, as columns: one typed array a field, one row an order, trade or posting. They are
 * written to disk as they stand (`columns.ts`).
 */

/** Orders as they stood when their interval closed, oldest first. */
export interface BookedOrders {
  readonly count: number
  readonly participant: Uint32Array
  /** 0 buy, 1 sell */
  readonly side: Uint8Array
  readonly bus: Uint32Array
  readonly limitTicks: Int32Array
  readonly quantityWh: Float64Array
  /** of the order's key */
  readonly request: Float64Array
  /** of the order's key */
  readonly index: Uint16Array
  readonly version: Uint32Array
  /** number of the order's last event within its interval, rising */
  readonly sequence: Uint32Array
  /** 0 from its participant, 1 from a strategy */
  readonly origin: Uint8Array
}

/** Everything that was placed in an interval, oldest first, as it stands: the book is taken from it (`bookedFrom`). */
export interface StandingOrders extends BookedOrders {
  readonly live: number
  /** 0 live, 1 cancelled */
  readonly state: Uint8Array
  /** whether a change has moved an order behind later ones */
  readonly isMoved: boolean
}

/** What became of the orders, row by row of {@link BookedOrders}. */
export interface Outcomes {
  readonly count: number
  readonly acceptedWh: Float64Array
  /** what the order pays or receives per kWh; 0 where nothing was accepted or its trades differ [ticks] */
  readonly priceTicks: Int32Array
  /** the service's number for why */
  readonly reason: Uint8Array
}

export interface Trades {
  readonly count: number
  /** rows of {@link BookedOrders} */
  readonly buyRow: Uint32Array
  readonly sellRow: Uint32Array
  readonly energyWh: Float64Array
  /** what the buyer pays, fees included [ticks] */
  readonly buyerTicks: Int32Array
  readonly sellerTicks: Int32Array
  /** wheeling fee of the path [ticks] */
  readonly feeTicks: Int32Array
}

/** Money moved by an interval; every set sums to 0. */
export interface Postings {
  readonly count: number
  /** participant number, or one of the service's own accounts from {@link firstCommonAccount} on */
  readonly account: Uint32Array
  /** the service's number for what it is for */
  readonly line: Uint8Array
  /** energy it stands for; 0 where none [Wh] */
  readonly energyWh: Float64Array
  /** received is positive [1e-11 CNY] */
  readonly amountE11: BigInt64Array
}

/** Accounts from here on are nobody's: wheeling, congestion rent, rounding, deviation pool. */
export const firstCommonAccount = 0xff_00_00_00

/**
 * An order book as columns, one row per order. Limits are net of the fee on the buyer's own connection.
 * `sequence` numbers are unique; where limits are equal the smaller comes first, whatever the order of the rows.
 */
export interface Book extends Orders {
  sequence: Float64Array
}

export interface Orders {
  count: number
  /** row of the bus */
  bus: Int32Array
  /** 0 buy, 1 sell */
  side: Uint8Array
  /** within ±{@link widestTicks} [0.0001 CNY/kWh] */
  limitTicks: Int32Array
  /** whole, ≥ 0 [Wh] */
  quantityWh: Float64Array
}

export const buySide = 0
export const sellSide = 1

/** No limit is farther from 0, so that differences of two fit 32 bits. [ticks] */
export const widestTicks = 2 ** 30 - 1

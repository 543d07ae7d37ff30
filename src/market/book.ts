/**
 * An order book as columns, one row per order. Limits are net of the fee on the buyer's own connection.
 * `sequence` numbers are unique; where limits are equal the smaller comes first, whatever the order of the rows.
 */
export interface Book {
  count: number
  /** row of the bus */
  bus: Int32Array
  /** 0 buy, 1 sell */
  side: Uint8Array
  /** [0.0001 CNY/kWh] */
  limitTicks: Float64Array
  /** whole, ≥ 0 [Wh] */
  quantityWh: Float64Array
  sequence: Float64Array
}

export const buySide = 0
export const sellSide = 1

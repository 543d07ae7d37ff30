/** Keeps every settled pair of a run in growing columns, for `trades.csv`. */
import type { SettledPair } from '../settlement/postings.ts'
import type { TradeList } from './result.ts'

export class TradeRecorder {
  #count = 0
  #interval: Int32Array = new Int32Array(1 << 16)
  #seller: Int32Array = new Int32Array(1 << 16)
  #buyer: Int32Array = new Int32Array(1 << 16)
  #energyWh: Float64Array = new Float64Array(1 << 16)
  #sellerTicks: Float64Array = new Float64Array(1 << 16)
  #buyerTicks: Float64Array = new Float64Array(1 << 16)
  #wheelingTicks: Float64Array = new Float64Array(1 << 16)

  add(interval: number, sides: { seller: number; buyer: number }, pair: SettledPair): void {
    if (this.#count === this.#interval.length) this.#grow()
    const row = this.#count++
    this.#interval[row] = interval
    this.#seller[row] = sides.seller
    this.#buyer[row] = sides.buyer
    this.#energyWh[row] = pair.energyWh
    this.#sellerTicks[row] = pair.sellerTicks
    this.#buyerTicks[row] = pair.buyerTicks + pair.withdrawalTicks
    this.#wheelingTicks[row] = pair.pathFeeTicks + pair.withdrawalTicks
  }

  list(): TradeList {
    return {
      count: this.#count,
      interval: this.#interval.subarray(0, this.#count),
      seller: this.#seller.subarray(0, this.#count),
      buyer: this.#buyer.subarray(0, this.#count),
      energyWh: this.#energyWh.subarray(0, this.#count),
      sellerTicks: this.#sellerTicks.subarray(0, this.#count),
      buyerTicks: this.#buyerTicks.subarray(0, this.#count),
      wheelingTicks: this.#wheelingTicks.subarray(0, this.#count),
    }
  }

  #grow(): void {
    const ints = (column: Int32Array) => doubled(column, new Int32Array(column.length * 2))
    const floats = (column: Float64Array) => doubled(column, new Float64Array(column.length * 2))
    this.#interval = ints(this.#interval)
    this.#seller = ints(this.#seller)
    this.#buyer = ints(this.#buyer)
    this.#energyWh = floats(this.#energyWh)
    this.#sellerTicks = floats(this.#sellerTicks)
    this.#buyerTicks = floats(this.#buyerTicks)
    this.#wheelingTicks = floats(this.#wheelingTicks)
  }
}

function doubled<Column extends Int32Array | Float64Array>(from: Column, to: Column): Column {
  to.set(from)
  return to
}

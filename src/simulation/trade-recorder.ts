/** Keeps every settled pair of a run in growing columns, for `trades.csv`. */
import type { Moment } from './moment.ts'
import type { Outcome } from './outcome.ts'
import type { Settled } from './pair-settlement.ts'
import type { TradeList } from './result.ts'
import type { Roster } from './roster.ts'

export class TradeRecorder {
  readonly #roster: Roster
  #count = 0
  #interval: Int32Array = new Int32Array(1 << 16)
  #seller: Int32Array = new Int32Array(1 << 16)
  #buyer: Int32Array = new Int32Array(1 << 16)
  #energyWh: Float64Array = new Float64Array(1 << 16)
  #sellerTicks: Float64Array = new Float64Array(1 << 16)
  #buyerTicks: Float64Array = new Float64Array(1 << 16)
  #wheelingTicks: Float64Array = new Float64Array(1 << 16)
  #isDayAhead: Uint8Array = new Uint8Array(1 << 16)

  constructor(roster: Roster) {
    this.#roster = roster
  }

  note(
    outcome: Outcome,
    { pairWh, withdrawalTicks }: Settled,
    { interval }: Moment,
    isDayAhead = false,
  ): void {
    const { rows, pairs } = outcome
    for (let pair = 0; pair < pairs.count; pair++) {
      if (this.#count === this.#interval.length) this.#grow()
      const row = this.#count++
      this.#interval[row] = interval
      this.#seller[row] = this.#roster.accountOf(rows, pairs.sell[pair]!)
      this.#buyer[row] = this.#roster.accountOf(rows, pairs.buy[pair]!)
      this.#energyWh[row] = pairWh[pair]!
      this.#sellerTicks[row] = outcome.sellerTicks[pair]!
      this.#buyerTicks[row] = outcome.buyerTicks[pair]! + withdrawalTicks[pair]!
      this.#wheelingTicks[row] = pairs.pathFeeTicks[pair]! + withdrawalTicks[pair]!
      this.#isDayAhead[row] = isDayAhead ? 1 : 0
    }
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
      isDayAhead: this.#isDayAhead.subarray(0, this.#count),
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
    this.#isDayAhead = doubled(this.#isDayAhead, new Uint8Array(this.#isDayAhead.length * 2))
  }
}

function doubled<Column extends Int32Array | Float64Array | Uint8Array>(from: Column, to: Column): Column {
  to.set(from)
  return to
}

/**
 * Accepted orders of one side that wait at a bus for their counterparts, the best first: by limit net of the fees on the
 * way there, then by sequence number. They become a heap when a counterpart asks for the first; what all of them have paid
 * on the way is kept once.
 */
import { grown } from './grown.ts'

/** By row, shared by all heaps of a book. */
export interface OrderCosts {
  sequence: Float64Array
  /** what an order is ranked by, smallest first: ±limit and the fees it paid that its heap did not [ticks] */
  costTicks: Float64Array
  /** what of an order is not yet paired [Wh] */
  leftWh: Float64Array
}

export class WaitingOrders {
  count = 0
  /** what is not yet paired of all [Wh] */
  leftWh = 0
  /** fees that all have paid together [ticks] */
  feeTicks = 0
  #rows = new Int32Array(16)
  #isHeap = false
  readonly #orders: OrderCosts

  constructor(orders: OrderCosts) {
    this.#orders = orders
  }

  clear(): void {
    this.count = 0
    this.leftWh = 0
    this.feeTicks = 0
    this.#isHeap = false
  }

  /** The best order, where there is one. */
  first(): number {
    if (!this.#isHeap) this.#makeHeap()
    return this.#rows[0]!
  }

  /** @param costTicks what the order is ranked by here: ±limit and all fees it paid */
  push(row: number, costTicks: number): void {
    this.leftWh += this.#orders.leftWh[row]!
    this.#put(row, costTicks - this.feeTicks)
  }

  /** What an order in it is ranked by, see {@link push}. */
  costTicks(row: number): number {
    return this.#orders.costTicks[row]! + this.feeTicks
  }

  /** Lets the best order go, all of which is paired. */
  dropFirst(): void {
    this.#sink(0, this.#rows[--this.count]!)
  }

  /** Takes over all orders of another. */
  absorb(other: WaitingOrders): void {
    const { costTicks } = this.#orders
    const moreTicks = other.feeTicks - this.feeTicks
    this.leftWh += other.leftWh
    for (let at = 0; at < other.count; at++) {
      const row = other.#rows[at]!
      this.#put(row, costTicks[row]! + moreTicks)
    }
  }

  #put(row: number, costTicks: number): void {
    if (this.count === this.#rows.length) this.#rows = grown(this.#rows, 2 * this.count)
    this.#orders.costTicks[row] = costTicks
    if (this.#isHeap) this.#rise(this.count++, row)
    else this.#rows[this.count++] = row
  }

  #makeHeap(): void {
    for (let at = (this.count >> 1) - 1; at >= 0; at--) this.#sink(at, this.#rows[at]!)
    this.#isHeap = true
  }

  #rise(from: number, row: number): void {
    const rows = this.#rows
    const { costTicks, sequence } = this.#orders
    let at = from
    while (at > 0) {
      const above = (at - 1) >> 1
      const other = rows[above]!
      if (!comesFirst(row, other, costTicks, sequence)) break
      rows[at] = other
      at = above
    }
    rows[at] = row
  }

  #sink(from: number, row: number): void {
    const rows = this.#rows
    const { costTicks, sequence } = this.#orders
    const { count } = this
    let at = from
    for (let below = 2 * at + 1; below < count; below = 2 * at + 1) {
      if (below + 1 < count && comesFirst(rows[below + 1]!, rows[below]!, costTicks, sequence)) below++
      const other = rows[below]!
      if (comesFirst(row, other, costTicks, sequence)) break
      rows[at] = other
      at = below
    }
    rows[at] = row
  }
}

function comesFirst(a: number, b: number, costTicks: Float64Array, sequence: Float64Array): boolean {
  const order = costTicks[a]! - costTicks[b]!
  return order < 0 || (order === 0 && sequence[a]! < sequence[b]!)
}

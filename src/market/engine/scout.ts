/**
 * A guess at where the price of a single bus lies, from a sample of its orders. The guess is checked when the clearing is
 * done, so it may be wrong; it only must seldom be.
 *
 * The price is where the energy of all orders below it, in order of their limits, reaches the demand. The sample is made of
 * runs of neighbouring orders, which cost little to read. What accepted buys and sells of a run leave over, x, differs from
 * run to run, and the sampled energy misses its share of the true one by about σ = √(Σ (x_i − x_{i−1})² / 2): differences, so
 * that a book in which buys stand before sells, or orders by price, does not look more uncertain than it is. The range goes
 * from where the sampled energy reaches the sampled demand less z · σ to where it reaches that plus z · σ.
 */
import { widestTicks, type Orders } from '../book.ts'
import type { HiddenOrders } from './hidden-orders.ts'

/** Three wrong guesses in a thousand. */
const z = 3
/** One run of so many in the sample is enough for a first idea of limits and price. */
const firstLook = 16
/** Limits are counted in at most so many classes, and again within the range found until it spans some of them. */
const mostClasses = 4096
const fewestClasses = 16

export class Scout {
  readonly #run: number
  #stride = 0
  /** what is known of where the price lies [ticks] */
  #lowest = 0
  #highest = 0
  /** of the sample: energy by class of `2^shift` ticks within that, energy below, asked for and offered [Wh] */
  readonly #classWh = new Float64Array(mostClasses)
  #shift = 0
  #belowWh = 0
  #demandWh = 0
  #supplyWh = 0

  /** @param run how many neighbouring orders a run has */
  constructor(run: number) {
    this.#run = run
  }

  /** Narrows the range of the bus to what the sample suggests; false where it suggests nothing. */
  guess(orders: Orders, hidden: HiddenOrders): boolean {
    this.#stride = this.#run * runsPerSample(orders.count)
    this.#span(orders)
    this.#count(orders, firstLook, this.#lowest)
    const missWh = z * this.#count(orders, 1, this.#lowest + (this.#classAt(this.#demandWh) << this.#shift))
    if (missWh === 0) return false
    const demandWh = this.#demandWh
    this.#narrow(orders, demandWh - missWh, demandWh + missWh)
    // Where the sample ends, so does what it knows.
    const lowest = demandWh > missWh ? this.#lowest : -widestTicks
    hidden.narrow(0, lowest, this.#supplyWh > missWh ? this.#highest : widestTicks)
    return true
  }

  /** Where each run begins: it wanders within its stride, so that a book that repeats itself does not fool the sample. */
  #startOf(stride: number): number {
    return stride * this.#stride + ((stride * 7 * this.#run) % (this.#stride - this.#run + 1))
  }

  #strides({ count }: Orders): number {
    return Math.floor(count / this.#stride)
  }

  /** Begins with the range of some limits. */
  #span(orders: Orders): void {
    let lowest = widestTicks
    let highest = -widestTicks
    for (let stride = 0; stride < this.#strides(orders); stride += firstLook) {
      const from = this.#startOf(stride)
      for (let row = from; row < from + this.#run; row++) {
        lowest = Math.min(lowest, orders.limitTicks[row]!)
        highest = Math.max(highest, orders.limitTicks[row]!)
      }
    }
    this.#lowest = lowest
    this.#highest = highest
  }

  /**
   * Sums the energy of every so many-th run.
   * @returns by how much accepted buys and sells of the sample may miss each other at a price [Wh]
   */
  #count(orders: Orders, every: number, price: number): number {
    const width = this.#highest - this.#lowest + 1
    this.#shift = Math.max(0, Math.ceil(Math.log2(width / mostClasses)))
    this.#classWh.fill(0)
    this.#belowWh = this.#demandWh = this.#supplyWh = 0
    const strides = this.#strides(orders)
    let variance = 0
    let before = NaN
    for (let stride = 0; stride < strides; stride += every) {
      const leftWh = this.#countRun(orders, this.#startOf(stride), width, price)
      if (stride > 0) variance += (leftWh - before) ** 2 / 2
      before = leftWh
    }
    return Math.sqrt(variance)
  }

  /** Returns what accepted buys of a run leave over of its accepted sells. */
  #countRun(orders: Orders, from: number, width: number, price: number): number {
    const { limitTicks, quantityWh, side } = orders
    const classWh = this.#classWh
    const lowest = this.#lowest | 0
    const shift = this.#shift
    const within = width >>> 0
    const ticks = price | 0
    const end = (from + this.#run) | 0
    let demandWh = -0
    let sampledWh = -0
    let netWh = -0
    for (let row = from | 0; row < end; row = (row + 1) | 0) {
      const limit = limitTicks[row]!
      const quantity = quantityWh[row]!
      const buys = side[row]! ^ 1
      const above = (limit - lowest) | 0
      if (above >>> 0 < within) {
        const place = above >> shift
        classWh[place] = classWh[place]! + quantity
      } else if (above < 0) this.#belowWh += quantity
      sampledWh += quantity
      demandWh += quantity * buys
      netWh += quantity * (buys - (((limit - ticks) | 0) >>> 31))
    }
    this.#demandWh += demandWh
    this.#supplyWh += sampledWh - demandWh
    return netWh
  }

  /** The class in which the sampled energy passes `wantedWh`. */
  #classAt(wantedWh: number): number {
    const last = (this.#highest - this.#lowest) >> this.#shift
    let left = wantedWh - this.#belowWh
    let place = 0
    while (place < last && left > this.#classWh[place]!) left -= this.#classWh[place++]!
    return place
  }

  /** Narrows the range to the classes in which the sampled energy passes two levels. */
  #narrow(orders: Orders, lowWh: number, highWh: number): void {
    for (;;) {
      const low = this.#classAt(lowWh)
      const high = this.#classAt(highWh)
      const shift = this.#shift
      this.#highest = Math.min(this.#highest, this.#lowest + ((high + 1) << shift) - 1)
      this.#lowest += low << shift
      if (shift === 0 || high - low >= fewestClasses) return
      this.#count(orders, 1, this.#lowest)
    }
  }
}

/**
 * One run of so many is looked at. A sample of n orders costs n, and leaves a range in which orders · n^−½ still stand: least
 * together where n grows with orders^⅔.
 */
function runsPerSample(orders: number): number {
  return Math.max(2, Math.ceil(Math.cbrt(orders) / 4))
}

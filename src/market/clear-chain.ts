/**
 * The clearing of a chain: buses in a row, energy carried from each to the next only, at most a capacity, at no fee. That is
 * a store over time: its buses are intervals, its prices the value of stored energy.
 *
 *     maximise   Σ_buy limit·x − Σ_sell limit·y
 *     subject to carried_t = carried_t−1 + Σ y − Σ x at every bus, 0 ≤ carried ≤ capacity, nothing carried from the last
 *
 * What curves are to {@link ClearingEngine} on a tree is a queue here: the steps that later buses may still switch, the
 * cheapest first. A bus adds what it offers. Its buys are met by what is cheaper in the queue, which is switched for good,
 * since nothing flows back; a buy that is met takes its place, for it may be given up again in favour of a later one. What
 * lies above the capacity is dropped for good, since no more is carried. After one pass every quantity is known.
 *
 * Of several optima this is one of least volume: at one price buys are given up before sells are accepted, and of equal steps
 * the latest is switched first. Nothing is allocated by a call.
 */
import { assert } from '../base/errors.ts'
import { sellSide, widestTicks, type Orders } from './book.ts'

/** The outcome; the engine that made it owns the arrays and fills them anew at its next call. */
export interface ChainClearing {
  /** per order [Wh] */
  readonly acceptedWh: Float64Array
  /** from each bus to the next [Wh] */
  readonly carriedWh: Float64Array
  /** lowest and highest supporting price of each bus, −∞ and ∞ where nothing bounds it [ticks] */
  readonly priceLowTicks: Float64Array
  readonly priceHighTicks: Float64Array
}

export class ChainEngine {
  readonly clearing: ChainClearing
  /** rows of orders of which energy is still to be switched, from #first up to #end, and their keys, which climb */
  readonly #queue: Int32Array
  readonly #queueKey: Int32Array
  #first = 0
  #end = 0
  /** energy in the queue, by row [Wh] */
  readonly #queuedWh: Float64Array
  /** the range of prices of each bus among whole 32-bit numbers */
  readonly #lowTicks: Int32Array
  readonly #highTicks: Int32Array

  /** @param orders most that a book may have */
  constructor(buses: number, orders: number) {
    this.clearing = {
      acceptedWh: new Float64Array(orders),
      carriedWh: new Float64Array(buses),
      priceLowTicks: new Float64Array(buses),
      priceHighTicks: new Float64Array(buses),
    }
    this.#queue = new Int32Array(2 * orders)
    this.#queueKey = new Int32Array(2 * orders)
    this.#queuedWh = new Float64Array(orders)
    this.#lowTicks = new Int32Array(buses)
    this.#highTicks = new Int32Array(buses)
  }

  /**
   * @param book its rows climb along the chain, and a bus's sells stand before its buys
   * @param capacityWh the same between all buses [Wh]
   */
  clear(book: Orders, capacityWh: number): ChainClearing {
    this.accept(book, capacityWh)
    this.#boundPrices(book, capacityWh)
    return this.clearing
  }

  /** The same without prices, flows and what a proof needs: for who only compares. Returns what is accepted of each order. */
  accept(book: Orders, capacityWh: number): Float64Array {
    const { bus, side, limitTicks, quantityWh, count } = book
    this.#first = this.#queue.length >> 1
    this.#end = this.#first
    this.clearing.acceptedWh.fill(0, 0, count)
    const highest = highestBuy(book)
    let totalWh = 0
    for (let row = 0; row < count;) {
      const at = bus[row]!
      for (; row < count && bus[row] === at && side[row] === sellSide; row++) {
        // What no buy can pay stays as it is.
        if (limitTicks[row]! >= highest || quantityWh[row] === 0) continue
        totalWh += quantityWh[row]!
        this.#queuedWh[row] = quantityWh[row]!
        this.#insert(row, 2 * limitTicks[row]! + 1)
      }
      for (; row < count && bus[row] === at; row++) this.#meet(book, row)
      if (totalWh > capacityWh) {
        this.#drop(totalWh - capacityWh)
        totalWh = capacityWh
      }
    }
    return this.clearing.acceptedWh
  }

  /**
   * Whether the last clearing is proved optimal by its lowest prices: welfare equal to the dual bound.
   *
   *     Σ_buy max(0, limit − price)·q + Σ_sell max(0, price − limit)·q + Σ max(0, price of the next bus − price)·capacity
   *
   * @param book and capacityWh as they were cleared
   * @throws BrokenAssertion where the sums pass 2^53
   */
  isProved({ bus, side, limitTicks, quantityWh, count }: Orders, capacityWh: number): boolean {
    const { acceptedWh } = this.clearing
    const prices = this.#lowTicks
    let welfare = 0
    let bound = 0
    let size = 0
    for (let row = 0; row < count; row++) {
      const sells = side[row]!
      const limit = limitTicks[row]!
      const worth = signed(limit, sells) * acceptedWh[row]!
      welfare += worth
      size += Math.abs(worth)
      bound += larger(0, signed((limit - prices[bus[row]!]!) | 0, sells)) * quantityWh[row]!
    }
    for (let at = 1; at < prices.length; at++) {
      bound += larger(0, (prices[at]! - prices[at - 1]!) | 0) * capacityWh
    }
    assert(size + bound <= Number.MAX_SAFE_INTEGER, 'a chain whose sums pass 2^53 cannot be proved')
    return welfare === bound
  }

  /**
   * Puts an order into its place in the queue, before its equals, from the nearer end.
   *
   * @param own its key: twice the limit, 1 more for a sell
   */
  #insert(row: number, own: number): void {
    const queue = this.#queue
    const key = this.#queueKey
    const first = this.#first
    const end = this.#end
    let place = end
    if (first === end || key[(first + end) >> 1]! < own) {
      this.#end = end + 1
      for (; place > first && key[place - 1]! >= own; place--) {
        queue[place] = queue[place - 1]!
        key[place] = key[place - 1]!
      }
    } else {
      this.#first = first - 1
      for (place = first - 1; key[place + 1]! < own; place++) {
        queue[place] = queue[place + 1]!
        key[place] = key[place + 1]!
      }
    }
    queue[place] = row
    key[place] = own
  }

  /** Meets a buy from what is cheaper, and puts what was met into the queue at its own limit. */
  #meet({ limitTicks, quantityWh, side }: Orders, row: number): void {
    const { acceptedWh } = this.clearing
    const queue = this.#queue
    const key = this.#queueKey
    const queuedWh = this.#queuedWh
    const own = 2 * limitTicks[row]!
    const end = this.#end
    let first = this.#first
    let unmetWh = quantityWh[row]!
    while (unmetWh > 0 && first < end && key[first]! < own) {
      const order = queue[first]!
      const energyWh = Math.min(unmetWh, queuedWh[order]!)
      acceptedWh[order] = acceptedWh[order]! + (2 * side[order]! - 1) * energyWh
      unmetWh -= energyWh
      queuedWh[order] = queuedWh[order]! - energyWh
      first += Number(queuedWh[order] === 0)
    }
    const metWh = quantityWh[row]! - unmetWh
    if (metWh === 0) return
    this.#first = first
    acceptedWh[row] = metWh
    queuedWh[row] = metWh
    this.#insert(row, own)
  }

  /** Takes the dearest energy out of the queue: it stays as it is. */
  #drop(energyWh: number): void {
    let leftWh = energyWh
    while (leftWh > 0) {
      const order = this.#queue[this.#end - 1]!
      const droppedWh = Math.min(leftWh, this.#queuedWh[order]!)
      leftWh -= droppedWh
      this.#queuedWh[order] = this.#queuedWh[order]! - droppedWh
      if (this.#queuedWh[order] === 0) this.#end--
    }
  }

  /**
   * The prices that support the clearing. A bus's own orders bound its price: energy that is switched is below it, energy that is
   * not is above it. A bus is worth no less than the next while more could be carried there, and no more while anything is;
   * such bounds travel along the chain unchanged, so one pass each way is enough. Which bound holds is computed, not branched
   * on: a branch would be guessed wrong half the time.
   */
  #boundPrices({ count, bus, side, limitTicks, quantityWh }: Orders, capacityWh: number): void {
    const { acceptedWh, carriedWh, priceLowTicks, priceHighTicks } = this.clearing
    const lows = this.#lowTicks
    const highs = this.#highTicks
    let row = count - 1
    let carried = 0
    let low = -unbounded
    let high = unbounded
    for (let at = lows.length - 1; at >= 0; at--) {
      carriedWh[at] = carried
      if (carried === capacityWh) low = -unbounded
      if (carried === 0) high = unbounded
      for (; row >= 0 && bus[row] === at; row--) {
        const accepted = acceptedWh[row]!
        const isAccepted = Number(accepted > 0)
        const isRefused = Number(accepted < quantityWh[row]!)
        // An accepted sell is switched, and so is a refused buy.
        const sells = side[row]!
        const isSwitched = chosen(sells, isAccepted, isRefused)
        const isNot = chosen(sells, isRefused, isAccepted)
        low = larger(low, chosen(isSwitched, limitTicks[row]!, -unbounded))
        high = smaller(high, chosen(isNot, limitTicks[row]!, unbounded))
        carried += (1 - 2 * sells) * accepted
      }
      lows[at] = low
      highs[at] = high
    }
    low = -unbounded
    high = unbounded
    for (let at = 0; at < lows.length; at++) {
      low = larger(low, lows[at]!)
      high = smaller(high, highs[at]!)
      lows[at] = low
      priceLowTicks[at] = low === -unbounded ? -Infinity : low
      priceHighTicks[at] = high === unbounded ? Infinity : high
      if (carriedWh[at] === 0) low = -unbounded
      if (carriedWh[at] === capacityWh) high = unbounded
    }
  }
}

/** Stands for ∞ among whole 32-bit numbers: no limit is as far from 0, and differences still fit. [ticks] */
const unbounded = widestTicks + 1

/** One of two whole 32-bit numbers, the first where it is 1. */
function chosen(first: number, one: number, other: number): number {
  return other ^ ((one ^ other) & -first)
}

function larger(one: number, other: number): number {
  const difference = (one - other) | 0
  return one - (difference & (difference >> 31))
}

function smaller(one: number, other: number): number {
  const difference = (one - other) | 0
  return other + (difference & (difference >> 31))
}

/** The number, or against it. */
function signed(value: number, against: number): number {
  return ((value ^ -against) + against) | 0
}

/** −∞ where nobody buys. */
function highestBuy({ side, limitTicks, count }: Orders): number {
  let highest = -unbounded
  for (let row = 0; row < count; row++)
    highest = larger(highest, chosen(side[row]!, -unbounded, limitTicks[row]!))
  return highest
}

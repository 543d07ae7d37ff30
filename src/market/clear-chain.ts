/**
 * The clearing of a chain: buses in a row, energy carried from each to the next only, at most a capacity, at no fee. That is
 * a store over time: its buses are intervals, its prices the value of stored energy.
 *
 *     maximise   Σ_buy limit·x − Σ_sell limit·y
 *     subject to carried_t = carried_t−1 + Σ y − Σ x at every bus, 0 ≤ carried ≤ capacity, nothing carried from the last
 *
 * A buy and a sell are the same step: where the price passes the limit its energy is switched, a sell on, a buy off. What curves
 * are to {@link ClearingEngine} on a tree is a queue here: the steps that later buses may still switch, the cheapest first. A
 * bus adds what it offers. Its buys are met by what is cheaper in the queue, which is switched for good, since nothing flows
 * back; a buy that is met takes its place, for it may be given up again in favour of a later one. What lies above the capacity
 * is dropped for good, since no more is carried. After one pass every quantity is known.
 *
 * Of several optima this is one of least volume: at one price buys are given up before sells are accepted, and of equal steps
 * the latest is switched first. Nothing is allocated by a call.
 *
 * A step takes so little that a branch guessed wrong, an array whose place is looked up again and a sum that is checked for being
 * whole are dear beside it. So what need not be branched on is computed, arrays are touched before loops that hold others, and
 * sums begin at {@link nothing}.
 */
import { nothing } from '../base/whole.ts'
import { widestTicks } from './book.ts'

/** Orders of a chain as columns. Rows climb along the chain, and a bus's sells stand before its buys. */
export interface ChainOrders {
  count: number
  readonly bus: Int32Array
  /** twice the limit, for a sell 1 more; limits within ±{@link widestTicks} */
  readonly key: Int32Array
  /** whole, ≥ 0 [Wh] */
  readonly quantityWh: Float64Array
}

export function buyKey(limitTicks: number): number {
  return limitTicks << 1
}

export function sellKey(limitTicks: number): number {
  return (limitTicks << 1) | 1
}

export function isSell(key: number): boolean {
  return (key & 1) === 1
}

export function limitOf(key: number): number {
  return key >> 1
}

/** The outcome; the engine that made it owns the arrays and fills them anew at its next call. */
export interface ChainClearing {
  /** by order: of a sell what is accepted, of a buy what is not [Wh] */
  readonly switchedWh: Float64Array
  /** what the orders of each bus put into the chain, less what they take out [Wh] */
  readonly changeWh: Float64Array
  /** from each bus to the next [Wh] */
  readonly carriedWh: Float64Array
  /** lowest and highest supporting price of each bus, −∞ and ∞ where nothing bounds it [ticks] */
  readonly priceLowTicks: Float64Array
  readonly priceHighTicks: Float64Array
}

export class ChainEngine {
  readonly clearing: ChainClearing
  /** rows of orders of which energy is still to be switched, and their keys, which climb */
  readonly #queue: Int32Array
  readonly #queueKey: Int32Array
  /** energy in the queue, by row [Wh] */
  readonly #queuedWh: Float64Array
  /** the range of prices of each bus among whole 32-bit numbers */
  readonly #lowTicks: Int32Array
  readonly #highTicks: Int32Array

  /** @param orders most that a book may have */
  constructor(buses: number, orders: number) {
    this.clearing = {
      switchedWh: new Float64Array(orders),
      changeWh: new Float64Array(buses),
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

  /** @param capacityWh the same between all buses [Wh] */
  clear(book: ChainOrders, capacityWh: number): ChainClearing {
    this.#switch(book, capacityWh)
    this.#boundByOrders(book)
    this.#boundByLater(capacityWh)
    this.#boundByEarlier(capacityWh)
    return this.clearing
  }

  /** The same without flows, prices and what a proof needs: for who only compares. */
  accept(book: ChainOrders, capacityWh: number): Pick<ChainClearing, 'switchedWh' | 'changeWh'> {
    this.#switch(book, capacityWh)
    this.#sumChanges(book)
    return this.clearing
  }

  /**
   * Whether the last clearing is proved optimal by its lowest prices: flows balance, all that lies below the price of its bus is
   * switched and nothing that lies above it, what can be carried is carried to a bus that is worth more and nothing to one that
   * is worth less. Where all of it holds, and only there, no other clearing has a higher welfare.
   *
   * @param book and capacityWh as they were cleared
   */
  isProved({ bus, key, quantityWh, count }: ChainOrders, capacityWh: number): boolean {
    const { switchedWh, changeWh, carriedWh } = this.clearing
    const prices = this.#lowTicks
    let wrong = 0
    for (let row = 0; row < count; row++) {
      const switched = switchedWh[row]!
      const quantity = quantityWh[row]!
      const above = ((key[row]! >> 1) - prices[bus[row]!]!) | 0
      wrong |= Number(switched < 0) | Number(switched > quantity)
      wrong |= ((above >> 31) & Number(switched < quantity)) | ((-above >> 31) & Number(switched > 0))
    }
    let carried = nothing[0]!
    let before = prices[0]!
    for (let at = 0; at < prices.length; at++) {
      const gain = (prices[at]! - before) | 0
      wrong |= Number(carried < 0) | Number(carried > capacityWh)
      wrong |= ((-gain >> 31) & Number(carried < capacityWh)) | ((gain >> 31) & Number(carried > 0))
      carried += changeWh[at]!
      before = prices[at]!
      wrong |= Number(carried !== carriedWh[at]!)
    }
    return wrong === 0 && carried === 0
  }

  /** One pass along the chain: what is switched of every order. In one piece, since its state is in registers that way. */
  #switch({ bus, key, quantityWh, count }: ChainOrders, capacityWh: number): void {
    const { switchedWh } = this.clearing
    const queue = this.#queue
    const queueKey = this.#queueKey
    const queuedWh = this.#queuedWh
    let first = queue.length >> 1
    let last = first - 1
    // Every array is touched before the loop, or its place and length are looked up at every turn.
    let at = bus[0]!
    let own = key[0]!
    let quantity = quantityWh[0]!
    queue[first] = queueKey[first] = queuedWh[0] = switchedWh[0] = 0
    let roomWh = Math.max(nothing[0]!, capacityWh)
    for (let row = 0; row < count; row++) {
      own = key[row]!
      quantity = quantityWh[row]!
      if (bus[row] !== at) {
        at = bus[row]!
        // The dearest energy that cannot be carried stays as it is.
        for (; roomWh < 0; last--) {
          const order = queue[last]!
          roomWh += queuedWh[order]!
          if (roomWh > 0) {
            queuedWh[order] = roomWh
            roomWh = 0
            break
          }
        }
      }
      if ((own & 1) === 1) {
        switchedWh[row] = 0
        if (quantity === 0) continue
        roomWh -= quantity
        queuedWh[row] = quantity
      } else {
        let unmetWh = quantity
        for (; first <= last && queueKey[first]! < own; first++) {
          const order = queue[first]!
          const thereWh = queuedWh[order]!
          if (thereWh > unmetWh) {
            switchedWh[order] = switchedWh[order]! + unmetWh
            queuedWh[order] = thereWh - unmetWh
            unmetWh = 0
            break
          }
          switchedWh[order] = switchedWh[order]! + thereWh
          unmetWh -= thereWh
        }
        switchedWh[row] = unmetWh
        if (unmetWh === quantity) continue
        queuedWh[row] = quantity - unmetWh
      }
      // Before its equals, from the nearer end.
      let place: number
      if (first > last || queueKey[last]! < own) place = ++last
      else if (queueKey[(first + last) >> 1]! < own) {
        for (place = ++last; place > first && queueKey[place - 1]! >= own; place--) {
          queue[place] = queue[place - 1]!
          queueKey[place] = queueKey[place - 1]!
        }
      } else {
        for (place = --first; queueKey[place + 1]! < own; place++) {
          queue[place] = queue[place + 1]!
          queueKey[place] = queueKey[place + 1]!
        }
      }
      queue[place] = row
      queueKey[place] = own
    }
  }

  #sumChanges({ bus, key, quantityWh, count }: ChainOrders): void {
    const { switchedWh, changeWh } = this.clearing
    changeWh.fill(0)
    for (let row = 0; row < count; row++) {
      const at = bus[row]!
      changeWh[at] = changeWh[at]! + (switchedWh[row]! - (~key[row]! & 1) * quantityWh[row]!)
    }
  }

  /**
   * The prices that support the clearing, first as far as each bus's own orders bound them: energy that is switched is below
   * them, energy that is not is above. What the orders change is summed on the way.
   */
  #boundByOrders({ bus, key, quantityWh, count }: ChainOrders): void {
    const { switchedWh, changeWh } = this.clearing
    const lows = this.#lowTicks
    const highs = this.#highTicks
    changeWh.fill(0)
    lows.fill(-unbounded)
    highs.fill(unbounded)
    for (let row = 0; row < count; row++) {
      const at = bus[row]!
      const switched = switchedWh[row]!
      const quantity = quantityWh[row]!
      const limit = key[row]! >> 1
      lows[at] = larger(lows[at]!, chosen(Number(switched > 0), limit, -unbounded))
      highs[at] = smaller(highs[at]!, chosen(Number(switched < quantity), limit, unbounded))
      changeWh[at] = changeWh[at]! + (switched - (~key[row]! & 1) * quantity)
    }
  }

  /**
   * A bus is worth no less than the next while more could be carried there, and no more while anything is. Such bounds travel
   * along the chain unchanged, so one pass each way is enough: this one from the end, which sums what is carried.
   */
  #boundByLater(capacityWh: number): void {
    const { changeWh, carriedWh } = this.clearing
    const lows = this.#lowTicks
    const highs = this.#highTicks
    let carried = nothing[0]!
    let low = -unbounded
    let high = unbounded
    for (let at = lows.length - 1; at >= 0; at--) {
      carriedWh[at] = carried
      if (carried === capacityWh) low = -unbounded
      if (carried === 0) high = unbounded
      low = larger(low, lows[at]!)
      high = smaller(high, highs[at]!)
      lows[at] = low
      highs[at] = high
      carried -= changeWh[at]!
    }
  }

  #boundByEarlier(capacityWh: number): void {
    const { carriedWh, priceLowTicks, priceHighTicks } = this.clearing
    const lows = this.#lowTicks
    const highs = this.#highTicks
    let low = -unbounded
    let high = unbounded
    for (let at = 0; at < lows.length; at++) {
      low = larger(low, lows[at]!)
      high = smaller(high, highs[at]!)
      lows[at] = low
      priceLowTicks[at] = low * stretch[Number(low === -unbounded)]!
      priceHighTicks[at] = high * stretch[Number(high === unbounded)]!
      if (carriedWh[at] === 0) low = -unbounded
      if (carriedWh[at] === capacityWh) high = unbounded
    }
  }
}

/** Stands for ∞ among whole 32-bit numbers: no limit is as far from 0, and differences still fit. [ticks] */
const unbounded = widestTicks + 1

/** What a price is multiplied by: by ∞ where nothing bounds it. */
const stretch = Float64Array.of(1, Infinity)

/** One of two whole 32-bit numbers, the first where it is 1. */
function chosen(first: number, one: number, other: number): number {
  return other ^ ((one ^ other) & -first)
}

function larger(one: number, other: number): number {
  const difference = (one - other) | 0
  return (one - (difference & (difference >> 31))) | 0
}

function smaller(one: number, other: number): number {
  const difference = (one - other) | 0
  return (other + (difference & (difference >> 31))) | 0
}

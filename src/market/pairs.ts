/**
 * Seller–buyer pairs, which green-power rules need whatever the price rule (1656号 Art. 51). Accepted energy is paired
 * where it meets, deepest common bus first, and at each bus the highest buy with the lowest sell, limits net of the
 * fees on the way there. What is left at a bus is what flows over its arc.
 */
import { assert } from '../base/errors.ts'
import type { Network } from '../grid/network.ts'
import { sellSide, type Book } from './book.ts'
import type { Clearing } from './clear.ts'

/** One row per pair; the pairing that made it owns the arrays. */
export interface Pairs {
  count: number
  /** rows of the book */
  sell: Int32Array
  buy: Int32Array
  quantityWh: Float64Array
  /** fees of the arcs between the two [ticks] */
  pathFeeTicks: Float64Array
}

/** Rows waiting at one bus for their counterparts; the room is kept from book to book. */
class Waiting {
  rows = new Int32Array(16)
  count = 0

  push(row: number): void {
    if (this.count === this.rows.length) {
      const larger = new Int32Array(this.count * 2)
      larger.set(this.rows)
      this.rows = larger
    }
    this.rows[this.count++] = row
  }

  /** By net limit in the direction of `sign`, then by sequence number. */
  sort(net: Float64Array, sign: 1 | -1, sequence: Float64Array): void {
    const { rows, count } = this
    if (count > 48) {
      rows.subarray(0, count).sort((a, b) => sign * (net[a]! - net[b]!) || sequence[a]! - sequence[b]!)
      return
    }
    for (let at = 1; at < count; at++) {
      const row = rows[at]!
      let place = at
      while (place > 0 && comesAfter(rows[place - 1]!, row, net, sign, sequence)) {
        rows[place] = rows[place - 1]!
        place--
      }
      rows[place] = row
    }
  }
}

function comesAfter(a: number, b: number, net: Float64Array, sign: 1 | -1, sequence: Float64Array): boolean {
  const order = sign * (net[a]! - net[b]!)
  return order > 0 || (order === 0 && sequence[a]! > sequence[b]!)
}

export class Pairing {
  readonly #network: Network
  readonly #sells: Waiting[]
  readonly #buys: Waiting[]
  #left = new Float64Array(64)
  /** limit as seen where the order waits now, and the fees on its way there */
  #net = new Float64Array(64)
  #fees = new Float64Array(64)
  readonly #pairs: Pairs = {
    count: 0,
    sell: new Int32Array(64),
    buy: new Int32Array(64),
    quantityWh: new Float64Array(64),
    pathFeeTicks: new Float64Array(64),
  }

  constructor(network: Network) {
    this.#network = network
    this.#sells = Array.from({ length: network.busCount }, () => new Waiting())
    this.#buys = Array.from({ length: network.busCount }, () => new Waiting())
  }

  pair(book: Book, clearing: Clearing): Pairs {
    this.#reset(book, clearing)
    for (let bus = this.#network.busCount - 1; bus >= 0; bus--) this.#meet(book, clearing, bus)
    return this.#pairs
  }

  #reset(book: Book, clearing: Clearing): void {
    if (this.#left.length < book.count) {
      this.#left = new Float64Array(book.count * 2)
      this.#net = new Float64Array(book.count * 2)
      this.#fees = new Float64Array(book.count * 2)
    }
    this.#pairs.count = 0
    for (const waiting of this.#sells) waiting.count = 0
    for (const waiting of this.#buys) waiting.count = 0
    for (let row = 0; row < book.count; row++) {
      const acceptedWh = clearing.acceptedWh[row]!
      if (acceptedWh === 0) continue
      this.#left[row] = acceptedWh
      this.#net[row] = book.limitTicks[row]!
      this.#fees[row] = 0
      const side = book.side[row] === sellSide ? this.#sells : this.#buys
      side[book.bus[row]!]!.push(row)
    }
  }

  #meet(book: Book, clearing: Clearing, bus: number): void {
    const sells = this.#sells[bus]!
    const buys = this.#buys[bus]!
    if (sells.count === 0 && buys.count === 0) return
    if (sells.count > 0 && buys.count > 0) {
      sells.sort(this.#net, 1, book.sequence)
      buys.sort(this.#net, -1, book.sequence)
    }
    let sell = 0
    let buy = 0
    while (sell < sells.count && buy < buys.count) {
      this.#join(sells.rows[sell]!, buys.rows[buy]!)
      if (this.#left[sells.rows[sell]!] === 0) sell++
      if (this.#left[buys.rows[buy]!] === 0) buy++
    }
    if (bus === 0) {
      assert(sell === sells.count && buy === buys.count, 'accepted energy is left without a counterpart')
      return
    }
    const upWh = this.#moveUp(bus, sells, sell, this.#sells, this.#network.feeUpTicks[bus]!, 1)
    const downWh = this.#moveUp(bus, buys, buy, this.#buys, this.#network.feeDownTicks[bus]!, -1)
    const flowWh = clearing.flowUpWh[bus]!
    assert(
      upWh - downWh === flowWh,
      () => `bus ${bus}: pairs leave ${upWh - downWh} Wh, the arc carries ${flowWh}`,
    )
  }

  #join(sell: number, buy: number): void {
    const pairs = this.#pairs
    if (pairs.count === pairs.sell.length) growPairs(pairs)
    const energyWh = Math.min(this.#left[sell]!, this.#left[buy]!)
    pairs.sell[pairs.count] = sell
    pairs.buy[pairs.count] = buy
    pairs.quantityWh[pairs.count] = energyWh
    pairs.pathFeeTicks[pairs.count] = this.#fees[sell]! + this.#fees[buy]!
    pairs.count++
    this.#left[sell] = this.#left[sell]! - energyWh
    this.#left[buy] = this.#left[buy]! - energyWh
  }

  /** Sells climb with their limit raised by the fee, buys with theirs lowered; returns the energy that climbs. */
  #moveUp(
    bus: number,
    from: Waiting,
    first: number,
    side: readonly Waiting[],
    feeTicks: number,
    sign: 1 | -1,
  ): number {
    const above = side[this.#network.parent[bus]!]!
    let energyWh = 0
    for (let at = first; at < from.count; at++) {
      const row = from.rows[at]!
      this.#net[row] = this.#net[row]! + sign * feeTicks
      this.#fees[row] = this.#fees[row]! + feeTicks
      energyWh += this.#left[row]!
      above.push(row)
    }
    return energyWh
  }
}

function growPairs(pairs: Pairs): void {
  const size = pairs.count * 2
  const ints = (column: Int32Array) => {
    const larger = new Int32Array(size)
    larger.set(column)
    return larger
  }
  const floats = (column: Float64Array) => {
    const larger = new Float64Array(size)
    larger.set(column)
    return larger
  }
  pairs.sell = ints(pairs.sell)
  pairs.buy = ints(pairs.buy)
  pairs.quantityWh = floats(pairs.quantityWh)
  pairs.pathFeeTicks = floats(pairs.pathFeeTicks)
}

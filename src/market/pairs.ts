/**
 * Seller–buyer pairs, which green-power rules need whatever the price rule (1656号 Art. 51). Accepted energy is paired
 * where it meets, deepest common bus first, and at each bus the highest buy with the lowest sell, limits net of the
 * fees on the way there. What is left at a bus is what flows over its arc.
 *
 * At most one side is left at a bus, and climbs as a whole; where it meets more of its side, the fewer join the more. So
 * neither time nor memory grows with the depth of the network.
 */
import { BrokenAssertion } from '../base/errors.ts'
import type { Network } from '../grid/network.ts'
import { sellSide, type Book } from './book.ts'
import type { Clearing } from './clear.ts'
import { grown } from './grown.ts'
import { WaitingOrders, type OrderCosts } from './waiting-orders.ts'

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

export class Pairing {
  readonly #network: Network
  /** by bus, which of {@link #waiting} wait there, −1 for none */
  readonly #sells: Int32Array
  readonly #buys: Int32Array
  readonly #waiting: WaitingOrders[] = []
  /** those that nobody waits in */
  #spare = new Int32Array(16)
  #spares = 0
  readonly #orders: OrderCosts = {
    sequence: new Float64Array(0),
    costTicks: new Float64Array(64),
    leftWh: new Float64Array(64),
  }
  readonly #pairs: Pairs = {
    count: 0,
    sell: new Int32Array(64),
    buy: new Int32Array(64),
    quantityWh: new Float64Array(64),
    pathFeeTicks: new Float64Array(64),
  }

  constructor(network: Network) {
    this.#network = network
    this.#sells = new Int32Array(network.busCount).fill(-1)
    this.#buys = new Int32Array(network.busCount).fill(-1)
  }

  pair(book: Book, clearing: Clearing): Pairs {
    this.#begin(book, clearing)
    for (let bus = this.#network.busCount - 1; bus >= 0; bus--) this.#meet(book, bus, clearing.flowUpWh[bus]!)
    return this.#pairs
  }

  #begin(book: Book, { acceptedWh }: Clearing): void {
    const orders = this.#orders
    orders.sequence = book.sequence
    if (orders.leftWh.length < book.count) {
      orders.leftWh = new Float64Array(book.count * 2)
      orders.costTicks = new Float64Array(book.count * 2)
    }
    this.#pairs.count = 0
    for (let row = 0; row < book.count; row++) {
      if (acceptedWh[row] === 0) continue
      orders.leftWh[row] = acceptedWh[row]!
      const bus = book.bus[row]!
      const limit = book.limitTicks[row]!
      if (book.side[row] === sellSide) this.#at(this.#sells, bus).push(row, limit)
      else this.#at(this.#buys, bus).push(row, 0 - limit)
    }
  }

  /** Who waits at a bus on one side; nobody yet, where nobody did. */
  #at(side: Int32Array, bus: number): WaitingOrders {
    if (side[bus]! < 0) side[bus] = this.#fresh()
    return this.#waiting[side[bus]!]!
  }

  #fresh(): number {
    if (this.#spares === 0) return this.#waiting.push(new WaitingOrders(this.#orders)) - 1
    const id = this.#spare[--this.#spares]!
    this.#waiting[id]!.clear()
    return id
  }

  #free(id: number): void {
    if (this.#spares === this.#spare.length) this.#spare = grown(this.#spare, 2 * this.#spares)
    this.#spare[this.#spares++] = id
  }

  #meet(book: Book, bus: number, flowWh: number): void {
    const sellsId = this.#sells[bus]!
    const buysId = this.#buys[bus]!
    let leftWh = 0
    if (sellsId >= 0 && buysId >= 0) this.#joinAll(book, this.#waiting[sellsId]!, this.#waiting[buysId]!)
    if (sellsId >= 0) leftWh += this.#climb(this.#sells, bus, this.#network.feeUpTicks[bus]!)
    if (buysId >= 0) leftWh -= this.#climb(this.#buys, bus, this.#network.feeDownTicks[bus]!)
    if (leftWh !== flowWh) {
      throw new BrokenAssertion(`bus ${bus}: pairs leave ${leftWh} Wh, the arc carries ${flowWh}`)
    }
  }

  /** Joins the best of both sides until one side is used up. */
  #joinAll(book: Book, sells: WaitingOrders, buys: WaitingOrders): void {
    const { leftWh } = this.#orders
    let joinedWh = 0
    while (sells.count > 0 && buys.count > 0) {
      const sell = sells.first()
      const buy = buys.first()
      const sellWh = leftWh[sell]!
      const buyWh = leftWh[buy]!
      const energyWh = Math.min(sellWh, buyWh)
      // A cost is ±limit and fees, so the limits come off.
      const limits = book.limitTicks[buy]! - book.limitTicks[sell]!
      this.#write(sell, buy, energyWh, sells.costTicks(sell) + buys.costTicks(buy) + limits)
      leftWh[sell] = sellWh - energyWh
      leftWh[buy] = buyWh - energyWh
      if (sellWh === energyWh) sells.dropFirst()
      if (buyWh === energyWh) buys.dropFirst()
      joinedWh += energyWh
    }
    sells.leftWh -= joinedWh
    buys.leftWh -= joinedWh
  }

  #write(sell: number, buy: number, energyWh: number, feeTicks: number): void {
    const pairs = this.#pairs
    if (pairs.count === pairs.sell.length) growPairs(pairs)
    pairs.sell[pairs.count] = sell
    pairs.buy[pairs.count] = buy
    pairs.quantityWh[pairs.count] = energyWh
    pairs.pathFeeTicks[pairs.count] = feeTicks
    pairs.count++
  }

  /** Sends those who are left at a bus to its parent; returns what they have left. [Wh] */
  #climb(side: Int32Array, bus: number, feeTicks: number): number {
    const id = side[bus]!
    const climbing = this.#waiting[id]!
    side[bus] = -1
    if (climbing.count === 0) {
      this.#free(id)
      return 0
    }
    const { leftWh } = climbing
    // What is left at the root is an error, which its flow of 0 shows.
    if (bus > 0) {
      climbing.feeTicks += feeTicks
      this.#gather(side, this.#network.parent[bus]!, id)
    }
    return leftWh
  }

  /** Lets those who climbed wait with those who are there; the fewer join the more. */
  #gather(side: Int32Array, bus: number, id: number): void {
    const there = side[bus]!
    if (there < 0) side[bus] = id
    else {
      const more = this.#waiting[there]!.count > this.#waiting[id]!.count ? there : id
      const fewer = more === there ? id : there
      this.#waiting[more]!.absorb(this.#waiting[fewer]!)
      this.#free(fewer)
      side[bus] = more
    }
  }
}

function growPairs(pairs: Pairs): void {
  const size = pairs.count * 2
  pairs.sell = grown(pairs.sell, size)
  pairs.buy = grown(pairs.buy, size)
  pairs.quantityWh = grown(pairs.quantityWh, size)
  pairs.pathFeeTicks = grown(pairs.pathFeeTicks, size)
}

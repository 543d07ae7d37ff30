/**
 * What stands between the rest of an order and the other side of the book.
 *
 * A counterpart is worth its limit, or the price of its bus where it is served at a better one: so much a seller would
 * get from it, so much a buyer would have to beat. An order whose limit is its price trades at no gain, so only what a
 * counterpart still wants can serve it.
 *
 * Where a counterpart is worth more than limit and fees together, prices alone show that an arc on the way is full: else
 * they would be no farther apart than the fees. At equality it is the largest volume that shows it.
 */
import { assert } from '../../base/errors.ts'
import { buySide, sellSide } from '../book.ts'
import type { ClearedBook } from '../clear-read.ts'
import { TreePaths } from '../sessions/tree-paths.ts'
import { arcRent } from './arc-rent.ts'
import type { ArcFee, Counterpart, FullArc, Rest } from './explanation.ts'

/** Orders of one side of which one a bus is best, by bus. */
interface Offers {
  readonly any: Map<number, number>
  readonly withSomethingLeft: Map<number, number>
}

interface Way {
  /** row of the counterpart */
  readonly row: number
  readonly worthTicks: number
  readonly feeTicks: number
  /** what a trade would gain after fees; below 0 what is missing [ticks] */
  readonly gainTicks: number
}

export class Counterparts {
  readonly #cleared: ClearedBook
  readonly #paths: TreePaths
  readonly #offers: readonly [Offers, Offers]

  constructor(cleared: ClearedBook) {
    this.#cleared = cleared
    this.#paths = new TreePaths(cleared.read.network)
    const offers = (): Offers => ({ any: new Map(), withSomethingLeft: new Map() })
    this.#offers = [offers(), offers()]
    const { book } = cleared.read
    for (let row = 0; row < book.count; row++) if (book.quantityWh[row]! > 0) this.#enter(row)
  }

  /** @param row an order that is not served in full */
  restOf(row: number): Rest {
    const { book } = this.#cleared.read
    const { any, withSomethingLeft } = this.#offers[book.side[row] === sellSide ? buySide : sellSide]
    if (any.size === 0) return { because: 'nobody' }
    const open = this.#gainAt(row) < 0 ? any : withSomethingLeft
    if (open.size === 0) return { because: 'all-served' }
    const ways = [...open.values()].map((other) => this.#way(row, other))
    const best = mostGain(ways)
    if (best.gainTicks >= 0) return this.#arcFull(row, best)
    const crossing = ways.filter(({ gainTicks, feeTicks }) => gainTicks + feeTicks >= 0)
    return crossing.length > 0 ? this.#fee(row, mostGain(crossing)) : this.#limit(best)
  }

  #isOpen(row: number): boolean {
    return this.#cleared.clearing.acceptedWh[row]! < this.#cleared.read.book.quantityWh[row]!
  }

  #enter(row: number): void {
    const { read } = this.#cleared
    const { any, withSomethingLeft } = this.#offers[read.book.side[row] as 0 | 1]
    this.#keepBetter(any, row, (each) => this.#worthOf(each))
    if (this.#isOpen(row)) this.#keepBetter(withSomethingLeft, row, (each) => read.book.limitTicks[each]!)
  }

  #keepBetter(best: Map<number, number>, row: number, worthOf: (row: number) => number): void {
    const { bus, side } = this.#cleared.read.book
    const before = best.get(bus[row]!)
    const sign = side[row] === buySide ? 1 : -1
    if (before === undefined || sign * (worthOf(row) - worthOf(before)) > 0) best.set(bus[row]!, row)
  }

  #worthOf(row: number): number {
    const { read, busTicks } = this.#cleared
    const limit = read.book.limitTicks[row]!
    const price = busTicks[read.book.bus[row]!]!
    return read.book.side[row] === buySide ? Math.min(limit, price) : Math.max(limit, price)
  }

  /** What a kWh of an order gains at the price of its bus. */
  #gainAt(row: number): number {
    const { read, busTicks } = this.#cleared
    const above = read.book.limitTicks[row]! - busTicks[read.book.bus[row]!]!
    return read.book.side[row] === buySide ? above : -above
  }

  #way(row: number, other: number): Way {
    const { book } = this.#cleared.read
    const worthTicks = this.#worthOf(other)
    const feeTicks = this.#paths.feeTicks(...this.#ends(row, other))
    const sign = book.side[row] === sellSide ? 1 : -1
    return {
      row: other,
      worthTicks,
      feeTicks,
      gainTicks: sign * (worthTicks - book.limitTicks[row]!) - feeTicks,
    }
  }

  /** Buses of the seller and the buyer of two. */
  #ends(row: number, other: number): [number, number] {
    const { bus, side } = this.#cleared.read.book
    return side[row] === sellSide ? [bus[row]!, bus[other]!] : [bus[other]!, bus[row]!]
  }

  #counterpart({ row, worthTicks, feeTicks }: Way): Counterpart {
    const { book, orderIds, busIds } = this.#cleared.read
    return {
      counterpart: orderIds[row]!,
      counterpartBus: busIds[book.bus[row]!]!,
      open: this.#isOpen(row),
      worthTicks,
      pathFeeTicks: feeTicks,
    }
  }

  #arcFull(row: number, way: Way): Rest {
    const arcs = this.#fullArcs(row, way.row)
    assert(
      arcs.length > 0,
      () => `order ${row} would gain ${way.gainTicks} from ${way.row}, and no arc is full`,
    )
    return { because: 'arc-full', ...this.#counterpart(way), gainTicks: way.gainTicks, arcs }
  }

  #fullArcs(row: number, other: number): FullArc[] {
    const { read, clearing, busTicks } = this.#cleared
    const { network, busIds } = read
    return this.#paths.arcs(...this.#ends(row, other)).flatMap(({ bus, direction }) => {
      const isUp = direction === 'up'
      const capacityWh = (isUp ? network.capacityUpWh : network.capacityDownWh)[bus]!
      if ((isUp ? 1 : -1) * clearing.flowUpWh[bus]! !== capacityWh) return []
      const rent = arcRent(network, busTicks, bus)
      return [{ arc: busIds[bus]!, direction, capacityWh, rentTicks: isUp ? rent.upTicks : rent.downTicks }]
    })
  }

  #fee(row: number, way: Way): Rest {
    const { network, busIds } = this.#cleared.read
    const fees = this.#paths.arcs(...this.#ends(row, way.row)).flatMap(({ bus, direction }): ArcFee[] => {
      const feeTicks = (direction === 'up' ? network.feeUpTicks : network.feeDownTicks)[bus]!
      return feeTicks > 0 ? [{ arc: busIds[bus]!, direction, feeTicks }] : []
    })
    return { because: 'fee', ...this.#counterpart(way), shortTicks: -way.gainTicks, fees }
  }

  #limit(way: Way): Rest {
    return { because: 'limit', ...this.#counterpart(way), shortTicks: -way.gainTicks }
  }
}

/** The first of those that gain most. */
function mostGain(ways: readonly Way[]): Way {
  return ways.reduce((best, way) => (way.gainTicks > best.gainTicks ? way : best))
}

/**
 * The range in which each bus's price must lie, found by clearing a coarse picture of the book: limits rounded down to
 * classes of w ticks, equal ones summed.
 *
 * Prices of such a market never fall when a limit rises, and rise by w when all do. The true limits lie between the
 * rounded ones and those plus w − 1, so
 *
 *     coarse low ≤ low,   high ≤ coarse high + w − 1
 */
import { widestTicks, type Orders } from '../book.ts'
import type { HiddenOrders } from './hidden-orders.ts'
import { OwnSteps } from './own-steps.ts'
import type { MarginSharing, TreeCurves } from './tree-curves.ts'

const fewestClasses = 8
const mostClasses = 256

export class CoarseRange {
  readonly #tree: TreeCurves
  readonly #own: OwnSteps
  readonly #greedy: MarginSharing
  #classes = 0
  #cellWh = new Float64Array(0)

  constructor(tree: TreeCurves) {
    const buses = tree.network.busCount
    this.#tree = tree
    this.#own = new OwnSteps(buses)
    this.#greedy = { share: (bus, _, onWh) => this.#fillChildren(bus, onWh) }
  }

  /** Narrows `hidden`'s ranges to what the open orders allow. */
  narrow(orders: Orders, hidden: HiddenOrders): void {
    const shift = this.#classWidth(orders.count, hidden)
    this.#sum(orders, hidden, shift)
    this.#fillOwn(hidden, shift)
    this.#tree.solve(this.#own, this.#greedy)
    const { priceLowTicks, priceHighTicks } = this.#tree
    const most = 2 ** shift - 1
    for (let bus = 0; bus < priceLowTicks.length; bus++) {
      const lowest = Math.max(hidden.lowestTicks[bus]!, priceLowTicks[bus]!)
      const highest = Math.min(hidden.highestTicks[bus]!, priceHighTicks[bus]! + most)
      // A price beyond the range leaves it empty, on the side of the price.
      const newLowest = Math.min(lowest, hidden.highestTicks[bus]! + 1, widestTicks)
      hidden.narrow(bus, newLowest, Math.max(highest, newLowest - 1))
    }
  }

  /** Which part of a step flows from where does not change prices: children give what they can, one after the other. */
  #fillChildren(bus: number, onWh: number): void {
    const { children, flowUpWh, weightWh } = this.#tree
    let left = onWh
    for (let at = children.start[bus]!; at < children.start[bus + 1]! && left > 0; at++) {
      const below = children.child[at]!
      const moreWh = Math.min(left, weightWh[below]!)
      flowUpWh[below] = flowUpWh[below]! + moreWh
      left -= moreWh
    }
  }

  /** Width of a class as a power of 2: as many classes as make their clearing cost about what the orders left cost. */
  #classWidth(orders: number, { lowestTicks, highestTicks }: HiddenOrders): number {
    let widest = 0
    for (let bus = 0; bus < lowestTicks.length; bus++) {
      widest = Math.max(widest, highestTicks[bus]! - lowestTicks[bus]! + 1)
    }
    const wanted = Math.sqrt(orders / lowestTicks.length)
    const classes = Math.max(fewestClasses, Math.min(mostClasses, wanted))
    return Math.max(0, Math.ceil(Math.log2(widest / classes)))
  }

  /** Sums energy by bus, side and class. */
  #sum(orders: Orders, { lowestTicks, highestTicks }: HiddenOrders, shift: number): void {
    const buses = lowestTicks.length
    let classes = 1
    for (let bus = 0; bus < buses; bus++) {
      classes = Math.max(classes, ((highestTicks[bus]! - lowestTicks[bus]!) >> shift) + 1)
    }
    const cells = 2 * classes * buses
    if (cells > this.#cellWh.length) this.#cellWh = new Float64Array(cells * 2)
    this.#classes = classes
    const cellWh = this.#cellWh.fill(0, 0, cells)
    const { bus, limitTicks, quantityWh, side, count } = orders
    const end = count | 0
    for (let row = 0; row < end; row = (row + 1) | 0) {
      const at = bus[row]!
      const place = ((limitTicks[row]! - lowestTicks[at]!) | 0) >> shift
      const cell = (Math.imul(2 * at + side[row]!, classes) + place) | 0
      cellWh[cell] = cellWh[cell]! + quantityWh[row]!
    }
  }

  #fillOwn(hidden: HiddenOrders, shift: number): void {
    const own = this.#own
    const classes = this.#classes
    const cellWh = this.#cellWh
    const buses = hidden.lowestTicks.length
    own.begin(buses * (classes + 2))
    for (let bus = 0; bus < buses; bus++) {
      const buys = 2 * bus * classes
      const sells = buys + classes
      const soldWh = hidden.soldWh[bus]!
      const boughtWh = hidden.boughtWh[bus]!
      let demandWh = boughtWh
      for (let place = 0; place < classes; place++) demandWh += cellWh[buys + place]!
      own.open(bus, demandWh)
      if (soldWh > 0) own.push(hidden.belowKey(bus), soldWh)
      const lowest = hidden.lowestTicks[bus]!
      for (let place = 0; place < classes; place++) {
        const energyWh = cellWh[buys + place]! + cellWh[sells + place]!
        if (energyWh > 0) own.push(2 * (lowest + (place << shift)), energyWh)
      }
      if (boughtWh > 0) own.push(hidden.aboveKey(bus), boughtWh)
      own.close(bus)
    }
  }
}

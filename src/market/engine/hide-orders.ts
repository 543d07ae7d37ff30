/**
 * One pass over orders that decides every one outside its bus's range: what is below or above it is accepted or refused at
 * once and summed up, what is inside is copied out. It goes block by block, so that what is copied is still at hand.
 *
 * Deciding does not branch: a branch that goes either way is guessed wrong half the time and costs more than all the rest.
 * Being inside is seldom, so that is branched on; those orders are decided as if they stood above all the same, which is
 * taken back while they are copied.
 */
import { assert } from '../../base/errors.ts'
import type { Orders } from '../book.ts'
import type { HiddenOrders } from './hidden-orders.ts'
import type { OrderColumns } from './order-columns.ts'

// Sums begin at −0, which adds like 0: a variable that begins at 0 is kept as a whole number, and converting it costs more
// than adding.
const nothing = -0

const blockRows = 8192
/** A sum of doubles up to here is exact, and so is what is made of two. */
const mostSummed = 2 ** 51

export class OrderHiding {
  #width = new Uint32Array(0)
  /** accepted energy: of a bus's buys at 2 · bus, of its sells behind that [Wh] */
  #tradedWh = new Float64Array(0)
  /**
   * Σ |limit − lowest| · accepted energy of the block just swept [Wh·tick]. No addend is negative, so a small sum says that
   * none was rounded.
   */
  #worth = nothing
  /** what was accepted of all blocks, orders inside as if above [Wh] */
  #sweptWh = nothing

  /** Hides what lies outside `hidden`'s ranges, writes its clearing into `acceptedWh`, and copies the others to `rest`. */
  hide(orders: Orders, acceptedWh: Float64Array, hidden: HiddenOrders, rest: OrderColumns): void {
    rest.count = 0
    this.#begin(hidden)
    const isTree = hidden.lowestTicks.length > 1
    for (let from = 0; from < orders.count; from += blockRows) {
      const to = Math.min(orders.count, from + blockRows)
      const first = rest.count
      rest.reserve(first + to - from)
      if (isTree) this.#sweepTree(orders, acceptedWh, hidden, rest, from, to)
      else this.#sweepOne(orders, acceptedWh, hidden, rest, from, to)
      const insideWorth = this.#copyOut(orders, rest, first, hidden)
      if (this.#worth <= mostSummed) hidden.worth.add(0, this.#worth - insideWorth)
      else {
        for (let at = first; at < rest.count; at++) acceptedWh[rest.row[at]!] = 0
        addWorth(orders, acceptedWh, hidden, from, to)
      }
    }
    assert(
      this.#sweptWh <= Number.MAX_SAFE_INTEGER,
      () => `${this.#sweptWh} Wh, where one book holds less than 2^53`,
    )
    this.#addEnergy(hidden)
  }

  #sweepOne(
    orders: Orders,
    acceptedWh: Float64Array,
    hidden: HiddenOrders,
    rest: OrderColumns,
    from: number,
    to: number,
  ): void {
    const { limitTicks, quantityWh, side } = orders
    const rows = rest.row
    const lowest = hidden.lowestTicks[0]!
    const width = this.#width[0]!
    const end = to | 0
    let inside = rest.count | 0
    let netWh = nothing
    let tradedWh = nothing
    let worth = nothing
    for (let row = from | 0; row < end; row = (row + 1) | 0) {
      const above = (limitTicks[row]! - lowest) | 0
      if (above >>> 0 < width) {
        rows[inside] = row
        inside = (inside + 1) | 0
      }
      // 1 for a buy above, −1 for a sell below, 0 for the refused
      const energyWh = quantityWh[row]! * ((side[row]! ^ 1) - (above >>> 31))
      const accepted = Math.abs(energyWh)
      acceptedWh[row] = accepted
      netWh += energyWh
      tradedWh += accepted
      worth += energyWh * above
    }
    rest.count = inside
    this.#worth = worth
    this.#sweptWh += tradedWh
    this.#tradedWh[0] = this.#tradedWh[0]! + (tradedWh + netWh) / 2
    this.#tradedWh[1] = this.#tradedWh[1]! + (tradedWh - netWh) / 2
  }

  #sweepTree(
    orders: Orders,
    acceptedWh: Float64Array,
    hidden: HiddenOrders,
    rest: OrderColumns,
    from: number,
    to: number,
  ): void {
    const { bus, limitTicks, quantityWh, side } = orders
    const { lowestTicks } = hidden
    const rows = rest.row
    const width = this.#width
    const tradedWh = this.#tradedWh
    const end = to | 0
    let inside = rest.count | 0
    let sweptWh = nothing
    let worth = nothing
    for (let row = from | 0; row < end; row = (row + 1) | 0) {
      const at = bus[row]!
      const above = (limitTicks[row]! - lowestTicks[at]!) | 0
      if (above >>> 0 < width[at]!) {
        rows[inside] = row
        inside = (inside + 1) | 0
      }
      const sells = side[row]!
      const energyWh = quantityWh[row]! * ((sells ^ 1) - (above >>> 31))
      const accepted = Math.abs(energyWh)
      acceptedWh[row] = accepted
      const place = (2 * at + sells) | 0
      tradedWh[place] = tradedWh[place]! + accepted
      sweptWh += accepted
      worth += energyWh * above
    }
    rest.count = inside
    this.#worth = worth
    this.#sweptWh += sweptWh
  }

  /**
   * Copies the orders inside, and takes back that buys among them were summed as if they stood above.
   * @returns what was added for them to {@link #worth}
   */
  #copyOut(orders: Orders, rest: OrderColumns, first: number, { lowestTicks }: HiddenOrders): number {
    const { bus, side, limitTicks, quantityWh } = orders
    const tradedWh = this.#tradedWh
    // Of a single bus no order's is read: it would have to be fetched for nothing.
    const isTree = lowestTicks.length > 1
    let worth = nothing
    for (let at = first; at < rest.count; at++) {
      const row = rest.row[at]!
      const own = isTree ? bus[row]! : 0
      const ownSide = side[row]!
      const quantity = quantityWh[row]!
      const limit = limitTicks[row]!
      const bought = (ownSide ^ 1) * quantity
      tradedWh[2 * own] = tradedWh[2 * own]! - bought
      worth += bought * (limit - lowestTicks[own]!)
      rest.bus[at] = own
      rest.side[at] = ownSide
      rest.limitTicks[at] = limit
      rest.quantityWh[at] = quantity
    }
    return worth
  }

  #begin({ lowestTicks, highestTicks }: HiddenOrders): void {
    if (this.#width.length < lowestTicks.length) {
      this.#width = new Uint32Array(lowestTicks.length)
      this.#tradedWh = new Float64Array(2 * lowestTicks.length)
    }
    this.#tradedWh.fill(0)
    this.#sweptWh = nothing
    for (let bus = 0; bus < lowestTicks.length; bus++) {
      this.#width[bus] = Math.max(0, highestTicks[bus]! - lowestTicks[bus]! + 1)
    }
  }

  #addEnergy(hidden: HiddenOrders): void {
    for (let bus = 0; bus < hidden.boughtWh.length; bus++) {
      const boughtWh = this.#tradedWh[2 * bus]!
      const soldWh = this.#tradedWh[2 * bus + 1]!
      hidden.boughtWh[bus] = hidden.boughtWh[bus]! + boughtWh
      hidden.soldWh[bus] = hidden.soldWh[bus]! + soldWh
      // What was summed was worth as far as it stood from the lowest limit inside.
      hidden.worth.addProduct(0, hidden.lowestTicks[bus]!, boughtWh - soldWh)
    }
  }
}

/** The same sum order by order, exact whatever its size. */
function addWorth(
  { bus, side, limitTicks }: Orders,
  acceptedWh: Float64Array,
  { worth, lowestTicks }: HiddenOrders,
  from: number,
  to: number,
): void {
  for (let row = from; row < to; row++) {
    const above = limitTicks[row]! - lowestTicks[bus[row]!]!
    worth.addProduct(0, side[row] === 0 ? above : -above, acceptedWh[row]!)
  }
}

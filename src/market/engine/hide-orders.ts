/**
 * One pass over orders that decides every one outside its bus's range: what is below or above it is accepted or refused at
 * once and summed up, what is inside is copied out.
 *
 * Nothing in the loops branches on an order, since a branch that goes either way is guessed wrong half the time and costs
 * more than all the rest. So orders inside are decided as if they stood above, and that is taken back while they are
 * copied.
 */
import type { Orders } from '../book.ts'
import type { HiddenOrders } from './hidden-orders.ts'
import type { OrderColumns } from './order-columns.ts'

// Sums begin at −0, which adds like 0: a variable that begins at 0 is kept as a whole number, and converting it costs more
// than adding.
const nothing = -0

export class OrderHiding {
  #width = new Int32Array(0)
  /** energy by bus, side and place: `4 · bus + 2 · side + (1 below, 0 above)` [Wh] */
  #classWh = new Float64Array(0)

  /** Hides what lies outside `hidden`'s ranges, writes its clearing into `acceptedWh`, and copies the others to `rest`. */
  hide(orders: Orders, acceptedWh: Float64Array, hidden: HiddenOrders, rest: OrderColumns): void {
    rest.begin(orders.count + 1)
    this.#setWidths(hidden)
    if (hidden.lowestTicks.length === 1) this.#sweepOne(orders, acceptedWh, hidden, rest)
    else this.#sweepTree(orders, acceptedWh, hidden, rest)
    copyOut(orders, rest, hidden)
  }

  #sweepOne(orders: Orders, acceptedWh: Float64Array, hidden: HiddenOrders, rest: OrderColumns): void {
    const { limitTicks, quantityWh, side, count } = orders
    const rows = rest.row
    const lowest = hidden.lowestTicks[0]! | 0
    const width = this.#width[0]! | 0
    let inside = 0
    let belowCount = 0
    let netWh = nothing
    let tradedWh = nothing
    let welfare = nothing
    let size = nothing
    for (let row = 0; row < count; row++) {
      const limit = limitTicks[row]!
      const above = (limit - lowest) | 0
      const below = above >>> 31
      rows[inside] = row
      inside = (inside + ((((above - width) | 0) >>> 31) & (below ^ 1))) | 0
      belowCount = (belowCount + below) | 0
      // 1 for a buy above, −1 for a sell below, 0 for the refused
      const energyWh = quantityWh[row]! * ((side[row]! ^ 1) - below)
      const accepted = Math.abs(energyWh)
      acceptedWh[row] = accepted
      netWh += energyWh
      tradedWh += accepted
      const worth = energyWh * limit
      welfare += worth
      size += Math.abs(worth)
    }
    rest.count = inside
    hidden.boughtWh[0] = hidden.boughtWh[0]! + (tradedWh + netWh) / 2
    hidden.soldWh[0] = hidden.soldWh[0]! + (tradedWh - netWh) / 2
    if (belowCount > 0) hidden.hasBelow[0] = 1
    if (count - inside > belowCount) hidden.hasAbove[0] = 1
    hidden.welfare += welfare
    hidden.welfareSize += size
  }

  #sweepTree(orders: Orders, acceptedWh: Float64Array, hidden: HiddenOrders, rest: OrderColumns): void {
    const { bus, limitTicks, quantityWh, side, count } = orders
    const { lowestTicks } = hidden
    const rows = rest.row
    const width = this.#width
    const classWh = this.#classWh.fill(0)
    let inside = 0
    let welfare = nothing
    let size = nothing
    for (let row = 0; row < count; row++) {
      const at = bus[row]!
      const limit = limitTicks[row]!
      const above = (limit - lowestTicks[at]!) | 0
      const below = above >>> 31
      rows[inside] = row
      inside = (inside + ((((above - width[at]!) | 0) >>> 31) & (below ^ 1))) | 0
      const quantity = quantityWh[row]!
      const sells = side[row]!
      const place = 4 * at + 2 * sells + below
      classWh[place] = classWh[place]! + quantity
      const energyWh = quantity * ((sells ^ 1) - below)
      acceptedWh[row] = Math.abs(energyWh)
      const worth = energyWh * limit
      welfare += worth
      size += Math.abs(worth)
    }
    rest.count = inside
    hidden.welfare += welfare
    hidden.welfareSize += size
    this.#addClasses(orders, rest, hidden)
  }

  /** Adds what was summed by class, less what stands inside. */
  #addClasses(orders: Orders, rest: OrderColumns, hidden: HiddenOrders): void {
    const classWh = this.#classWh
    for (let bus = 0; bus < hidden.boughtWh.length; bus++) {
      hidden.boughtWh[bus] = hidden.boughtWh[bus]! + classWh[4 * bus]!
      hidden.soldWh[bus] = hidden.soldWh[bus]! + classWh[4 * bus + 3]!
      if (classWh[4 * bus + 1]! + classWh[4 * bus + 3]! > 0) hidden.hasBelow[bus] = 1
    }
    for (let at = 0; at < rest.count; at++) {
      const row = rest.row[at]!
      const place = 4 * orders.bus[row]! + 2 * orders.side[row]!
      classWh[place] = classWh[place]! - orders.quantityWh[row]!
    }
    for (let bus = 0; bus < hidden.boughtWh.length; bus++) {
      if (classWh[4 * bus]! + classWh[4 * bus + 2]! > 0) hidden.hasAbove[bus] = 1
    }
  }

  #setWidths({ lowestTicks, highestTicks }: HiddenOrders): void {
    if (this.#width.length < lowestTicks.length) {
      this.#width = new Int32Array(lowestTicks.length)
      this.#classWh = new Float64Array(4 * lowestTicks.length)
    }
    for (let bus = 0; bus < lowestTicks.length; bus++) {
      this.#width[bus] = Math.max(0, highestTicks[bus]! - lowestTicks[bus]! + 1)
    }
  }
}

/** Copies the orders inside, and takes back that buys among them were summed as if they stood above. */
function copyOut(orders: Orders, rest: OrderColumns, hidden: HiddenOrders): void {
  const { bus, side, limitTicks, quantityWh } = orders
  const { boughtWh } = hidden
  let welfare = nothing
  let size = nothing
  for (let at = 0; at < rest.count; at++) {
    const row = rest.row[at]!
    const own = bus[row]!
    const ownSide = side[row]!
    const quantity = quantityWh[row]!
    const limit = limitTicks[row]!
    const bought = (ownSide ^ 1) * quantity
    boughtWh[own] = boughtWh[own]! - bought
    const worth = bought * limit
    welfare -= worth
    size += Math.abs(worth)
    rest.bus[at] = own
    rest.side[at] = ownSide
    rest.limitTicks[at] = limit
    rest.quantityWh[at] = quantity
  }
  hidden.welfare += welfare
  hidden.welfareSize += size
}

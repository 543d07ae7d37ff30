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

  /** Hides what lies outside `hidden`'s ranges, writes its clearing into `acceptedWh`, and copies the others to `rest`. */
  hide(orders: Orders, acceptedWh: Float64Array, hidden: HiddenOrders, rest: OrderColumns): void {
    rest.begin(orders.count + 1)
    if (hidden.lowestTicks.length === 1) this.#sweepOne(orders, acceptedWh, hidden, rest)
    else this.#sweepTree(orders, acceptedWh, hidden, rest)
    copyOut(orders, rest, hidden)
  }

  #sweepOne(orders: Orders, acceptedWh: Float64Array, hidden: HiddenOrders, rest: OrderColumns): void {
    const { limitTicks, quantityWh, side, count } = orders
    const rows = rest.row
    const lowest = hidden.lowestTicks[0]! | 0
    const width = this.#widths(hidden)[0]! | 0
    let inside = 0
    let belowWh = nothing
    let demandWh = nothing
    let decidedWh = nothing
    let totalWh = nothing
    let welfare = nothing
    let size = nothing
    for (let row = 0; row < count; row++) {
      const limit = limitTicks[row]!
      const above = (limit - lowest) | 0
      const below = above >>> 31
      rows[inside] = row
      inside = (inside + ((((above - width) | 0) >>> 31) & (below ^ 1))) | 0
      const energyWh = quantityWh[row]!
      const sells = side[row]!
      const buys = sells ^ 1
      totalWh += energyWh
      belowWh += energyWh * below
      demandWh += energyWh * buys
      const accepted = energyWh * (below ^ buys)
      acceptedWh[row] = accepted
      decidedWh += accepted
      // limit for a buy, −limit for a sell
      const value = accepted * ((limit ^ -sells) + sells)
      welfare += value
      size += Math.abs(value)
    }
    rest.count = inside
    hidden.note(welfare, size)
    hidden.addOne(belowWh, demandWh, decidedWh, totalWh)
  }

  #sweepTree(orders: Orders, acceptedWh: Float64Array, hidden: HiddenOrders, rest: OrderColumns): void {
    const { bus, limitTicks, quantityWh, side, count } = orders
    const rows = rest.row
    const { lowestTicks, energyWh } = hidden
    const width = this.#widths(hidden)
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
      const accepted = quantity * (below ^ sells ^ 1)
      acceptedWh[row] = accepted
      const place = 4 * at + 2 * sells + below
      energyWh[place] = energyWh[place]! + quantity
      const value = accepted * ((limit ^ -sells) + sells)
      welfare += value
      size += Math.abs(value)
    }
    rest.count = inside
    hidden.note(welfare, size)
  }

  #widths({ lowestTicks, highestTicks }: HiddenOrders): Int32Array {
    if (this.#width.length < lowestTicks.length) this.#width = new Int32Array(lowestTicks.length)
    for (let bus = 0; bus < lowestTicks.length; bus++) {
      this.#width[bus] = Math.max(0, highestTicks[bus]! - lowestTicks[bus]! + 1)
    }
    return this.#width
  }
}

/** Copies the orders inside, and takes back that they were summed as if they stood above: bought, or not sold. */
function copyOut(orders: Orders, rest: OrderColumns, hidden: HiddenOrders): void {
  const { bus, side, limitTicks, quantityWh } = orders
  const { energyWh } = hidden
  let welfare = nothing
  let size = nothing
  for (let at = 0; at < rest.count; at++) {
    const row = rest.row[at]!
    const ownSide = side[row]!
    const quantity = quantityWh[row]!
    const limit = limitTicks[row]!
    const place = 4 * bus[row]! + 2 * ownSide
    energyWh[place] = energyWh[place]! - quantity
    const value = (ownSide ^ 1) * quantity * limit
    welfare -= value
    size += Math.abs(value)
    rest.bus[at] = bus[row]!
    rest.side[at] = ownSide
    rest.limitTicks[at] = limit
    rest.quantityWh[at] = quantity
  }
  hidden.note(welfare, size)
}

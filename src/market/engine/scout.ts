/**
 * A guess at where the price of a single bus lies, from a sample of its orders. The guess is checked when the clearing is
 * done, so it may be wrong; it only must seldom be.
 *
 * How wide: the sampled energy that is accepted misses the true one by about σ = √Σ q². The range goes as far from the
 * sample's price as z · σ of sampled energy lies on that side.
 */
import { widestTicks, type Orders } from '../book.ts'
import { distanceClass, distanceOfClass, mostClassesOfDistance } from './distance-classes.ts'
import type { HiddenOrders } from './hidden-orders.ts'
import { OrderColumns } from './order-columns.ts'

/** What the scout needs of the cleared sample. */
export interface SampleClearing {
  readonly acceptedWh: Float64Array
  readonly priceLowTicks: Float64Array
  readonly priceHighTicks: Float64Array
}

/** One wrong guess in a few thousand. */
const z = 3.5

export class Scout {
  readonly #every: number
  readonly #sample = new OrderColumns()
  readonly #belowWh = new Float64Array(mostClassesOfDistance)
  readonly #aboveWh = new Float64Array(mostClassesOfDistance)

  /** @param every one order of so many is looked at */
  constructor(every: number) {
    this.#every = every
  }

  draw(orders: Orders): OrderColumns {
    const sample = this.#sample
    const every = this.#every
    sample.begin(Math.ceil(orders.count / every))
    // The place within each stride wanders, so that books that repeat themselves do not fool the sample.
    for (let from = 0, place = 0; from + every <= orders.count; from += every) {
      const row = from + place
      const at = sample.count++
      sample.side[at] = orders.side[row]!
      sample.limitTicks[at] = orders.limitTicks[row]!
      sample.quantityWh[at] = orders.quantityWh[row]!
      place = (place + 29) % every
    }
    return sample
  }

  /** Writes the range that the cleared sample suggests. */
  suggest(cleared: SampleClearing, hidden: HiddenOrders): void {
    const wantedWh = z * this.#measure(cleared)
    const down = reach(this.#belowWh, wantedWh)
    const up = reach(this.#aboveWh, wantedWh)
    hidden.lowestTicks[0] = Math.max(-widestTicks, cleared.priceLowTicks[0]! - down)
    hidden.highestTicks[0] = Math.min(widestTicks, cleared.priceHighTicks[0]! + up)
  }

  /** Sums energy by distance from the price, below and above; returns σ of what was accepted. [Wh] */
  #measure({ acceptedWh, priceLowTicks, priceHighTicks }: SampleClearing): number {
    const { limitTicks, quantityWh, count } = this.#sample
    const belowWh = this.#belowWh.fill(0)
    const aboveWh = this.#aboveWh.fill(0)
    const low = priceLowTicks[0]!
    const high = priceHighTicks[0]!
    let variance = -0
    for (let row = 0; row < count; row++) {
      variance += acceptedWh[row]! * acceptedWh[row]!
      const limit = limitTicks[row]!
      // What stands within the range of prices is near on neither side.
      const column = limit < low ? belowWh : limit > high ? aboveWh : null
      if (column === null) continue
      const place = distanceClass(limit < low ? low - limit : limit - high)
      column[place] = column[place]! + quantityWh[row]!
    }
    return Math.sqrt(variance)
  }
}

/** How far a price must move until so much energy has been passed; ∞ where there is not so much. [ticks] */
function reach(nearWh: Float64Array, wantedWh: number): number {
  if (wantedWh === 0) return Infinity
  let left = wantedWh
  for (let place = 0; place < nearWh.length; place++) {
    left -= nearWh[place]!
    if (left <= 0) return distanceOfClass(place)
  }
  return Infinity
}

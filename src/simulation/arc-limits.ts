/**
 * What the limits of the grid keep the market from, arc by arc. Prices of an interval form a range at every bus, and the
 * parts of the tree on both sides of a full arc move freely within theirs, so what one more kW brings, each Wh of it as much as
 * the first, is
 *
 *     one more kW   = max(0, lowest price beyond the arc − fee − highest price before it) · 250 Wh
 *     rent          = (published price beyond − fee − published price before) · flow
 *     lost welfare  = welfare of the same book without any limit − welfare with them
 *
 * The first is the derivative of welfare by the limit, the last is 0 where some prices of the range support the clearing
 * without limits too, and else found by clearing the book once more.
 */
import { addTo } from '../base/columns.ts'
import type { Network } from '../grid/network.ts'
import type { Book } from '../market/book.ts'
import type { PriceRange } from '../market/prices.ts'
import { FreeGrid } from './free-grid.ts'
import { FreePrices } from './free-prices.ts'
import type { Outcome } from './outcome.ts'

/** One column a quantity, one entry a bus for the arc to its parent. */
export interface ArcLimits {
  /** quarter-hours in which the arc is full upward, and downward, or would carry something were its limit not 0 */
  readonly fullUpIntervals: Uint32Array
  readonly fullDownIntervals: Uint32Array
  /** 1e-7 CNY */
  readonly rentTickWh: Float64Array
  readonly oneKwUpTickWh: Float64Array
  readonly oneKwDownTickWh: Float64Array
}

/** What of an outcome the limits show in. */
export type HeldAuction = Pick<Outcome, 'clearing' | 'busTicks' | 'welfareTickWh'> & {
  readonly rows: { readonly book: Book }
}

/** An arc full in one direction. */
interface FullArc {
  /** the bus whose arc to its parent it is */
  readonly bus: number
  readonly from: number
  readonly to: number
  readonly feeTicks: number
  readonly flowWh: number
}

/** Energy of one kW in an interval. [Wh] */
const oneKwWh = 250

/** Nothing seen yet of any arc. */
export function noLimits({ busCount }: Network): ArcLimits {
  const column = () => new Float64Array(busCount)
  return {
    fullUpIntervals: new Uint32Array(busCount),
    fullDownIntervals: new Uint32Array(busCount),
    rentTickWh: column(),
    oneKwUpTickWh: column(),
    oneKwDownTickWh: column(),
  }
}

export class LimitNotes {
  readonly limits: ArcLimits
  /** quarter-hours in which limits cost something */
  boundIntervals = 0
  /** joint saving that all limits together cost [1e-7 CNY] */
  lostTickWh = 0n
  readonly #network: Network
  readonly #free: FreeGrid
  readonly #freePrices: FreePrices

  /** @param network whose fees may change between two notes */
  constructor(network: Network, range: PriceRange) {
    this.limits = noLimits(network)
    this.#network = network
    this.#free = new FreeGrid(network, range)
    this.#freePrices = new FreePrices(network)
  }

  note(outcome: HeldAuction): void {
    const { parent, feeUpTicks, feeDownTicks, capacityUpWh, capacityDownWh, busCount } = this.#network
    const { fullUpIntervals, fullDownIntervals, oneKwUpTickWh, oneKwDownTickWh } = this.limits
    let costs = false
    for (let bus = 1; bus < busCount; bus++) {
      const flowWh = outcome.clearing.flowUpWh[bus]!
      const above = parent[bus]!
      if (flowWh === capacityUpWh[bus]) {
        const arc = { bus, from: bus, to: above, feeTicks: feeUpTicks[bus]!, flowWh }
        if (this.#noteFull(outcome, arc, fullUpIntervals, oneKwUpTickWh)) costs = true
      }
      if (-flowWh === capacityDownWh[bus]) {
        const arc = { bus, from: above, to: bus, feeTicks: feeDownTicks[bus]!, flowWh: -flowWh }
        if (this.#noteFull(outcome, arc, fullDownIntervals, oneKwDownTickWh)) costs = true
      }
    }
    if (!costs || this.#freePrices.support(outcome.clearing)) return
    const lostTickWh = this.#lostWelfare(outcome)
    if (lostTickWh === 0n) return
    this.boundIntervals++
    this.lostTickWh += lostTickWh
  }

  /** Returns whether the highest prices of the range say that the limit costs something. */
  #noteFull(
    { clearing, busTicks }: HeldAuction,
    { bus, from, to, feeTicks, flowWh }: FullArc,
    intervals: Uint32Array,
    oneKwTickWh: Float64Array,
  ): boolean {
    const { priceLowTicks: low, priceHighTicks: high } = clearing
    const leastTicks = Math.max(0, low[to]! - feeTicks - high[from]!)
    if (flowWh > 0 || leastTicks > 0) intervals[bus]!++
    if (leastTicks > 0) addTo(oneKwTickWh, bus, leastTicks * oneKwWh)
    addTo(this.limits.rentTickWh, bus, Math.max(0, busTicks[to]! - feeTicks - busTicks[from]!) * flowWh)
    return high[to]! - feeTicks - high[from]! > 0
  }

  #lostWelfare({ rows: { book }, welfareTickWh }: HeldAuction): bigint {
    return this.#free.welfareOf(book) - welfareTickWh
  }
}

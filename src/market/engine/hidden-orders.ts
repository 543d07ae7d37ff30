/**
 * Orders whose fate is known before the clearing ends, because their limits lie outside the range in which their bus's
 * price must be. They are summed up and put aside.
 *
 * Below the range sells are accepted and buys refused; above it the other way round. In what is left of the market they
 * stand as two steps of each bus, one tick outside its range. That changes neither the clearing nor the range of any
 * price as long as every range of prices comes out inside: a bound one tick outside then binds nobody.
 */
import { assert } from '../../base/errors.ts'
import type { Network } from '../../grid/network.ts'
import { widestTicks, type Orders } from '../book.ts'
import type { ProofSums } from '../certificate.ts'

export class HiddenOrders {
  /** energy by bus and class, `4 · bus + 2 · side + (1 below, 0 above)` [Wh] */
  readonly energyWh: Float64Array
  /** range of each bus's orders that are still open, both ends included; empty where lowest > highest [ticks] */
  readonly lowestTicks: Int32Array
  readonly highestTicks: Int32Array
  /** Σ limit · energy of accepted buys less that of accepted sells [Wh·tick] */
  welfare = 0
  /** the sum of |addends| that made {@link welfare}; while it is safe, the sum is exact */
  welfareSize = 0

  constructor(network: Network) {
    this.energyWh = new Float64Array(4 * network.busCount)
    this.lowestTicks = new Int32Array(network.busCount)
    this.highestTicks = new Int32Array(network.busCount)
  }

  begin(): void {
    this.energyWh.fill(0)
    this.lowestTicks.fill(-widestTicks)
    this.highestTicks.fill(widestTicks)
    this.welfare = 0
    this.welfareSize = 0
  }

  /** Sets every bus's range to that of all limits. */
  spanAll({ limitTicks, count }: Orders): void {
    let lowest = widestTicks
    let highest = -widestTicks
    for (let row = 0; row < count; row++) {
      const limit = limitTicks[row]!
      if (limit < lowest) lowest = limit
      if (limit > highest) highest = limit
    }
    assert(
      lowest >= -widestTicks && highest <= widestTicks,
      () => `limits from ${lowest} to ${highest} ticks are wider than ${widestTicks}`,
    )
    this.lowestTicks.fill(lowest)
    this.highestTicks.fill(highest)
  }

  note(welfare: number, size: number): void {
    this.welfare += welfare
    this.welfareSize += size
  }

  /** Adds to the classes of a single bus from four sums: what is accepted is what is bought above and sold below. */
  addOne(belowWh: number, demandWh: number, acceptedWh: number, totalWh: number): void {
    const { energyWh } = this
    const boughtWh = (acceptedWh + demandWh - belowWh) / 2
    const soldWh = acceptedWh - boughtWh
    energyWh[0] = energyWh[0]! + boughtWh
    energyWh[1] = energyWh[1]! + demandWh - boughtWh
    energyWh[2] = energyWh[2]! + totalWh - demandWh - soldWh
    energyWh[3] = energyWh[3]! + soldWh
  }

  /**
   * Adds the hidden orders to a proof.
   * @throws BrokenAssertion when a price lies where it is not known who gains
   */
  addTo(sums: ProofSums, priceTicks: Float64Array): void {
    sums.welfare += this.welfare
    sums.bound += this.welfare
    sums.size += this.welfareSize
    for (let bus = 0; bus < priceTicks.length; bus++) {
      const price = priceTicks[bus]!
      const known =
        (this.belowWh(bus) === 0 || price >= this.lowestTicks[bus]! - 1) &&
        (this.aboveWh(bus) === 0 || price <= this.highestTicks[bus]! + 1)
      assert(known, () => `bus ${bus}: its price ${price} lies among orders that were not looked at`)
      const paid = price * (this.boughtWh(bus) - this.soldWh(bus))
      sums.bound -= paid
      sums.size += Math.abs(paid)
    }
  }

  belowWh(bus: number): number {
    return this.energyWh[4 * bus + 1]! + this.energyWh[4 * bus + 3]!
  }

  aboveWh(bus: number): number {
    return this.energyWh[4 * bus]! + this.energyWh[4 * bus + 2]!
  }

  /** Energy that hidden buys asked for. */
  demandWh(bus: number): number {
    return this.energyWh[4 * bus]! + this.energyWh[4 * bus + 1]!
  }

  boughtWh(bus: number): number {
    return this.energyWh[4 * bus]!
  }

  soldWh(bus: number): number {
    return this.energyWh[4 * bus + 3]!
  }

  /** Where the hidden steps of a bus stand in its curve; two kinds of keys, so that they never join an order's step. */
  belowKey(bus: number): number {
    return 2 * (this.lowestTicks[bus]! - 1)
  }

  aboveKey(bus: number): number {
    return 2 * (this.highestTicks[bus]! + 1) + 1
  }
}

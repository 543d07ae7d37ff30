/**
 * Orders whose fate is known before the clearing ends, because their limits lie outside the range in which their bus's
 * price must be: below it sells are accepted and buys refused, above it the other way round. What is accepted is summed and
 * put aside, what is refused is left out.
 *
 * In what is left of the market the accepted ones stand as two steps of each bus, one tick outside its range. That changes
 * neither the clearing nor the range of any price as long as every range of prices comes out inside: a bound that is farther
 * out then binds nobody.
 */
import { assert } from '../../base/errors.ts'
import { ExactSums } from '../../base/exact-sum.ts'
import type { Network } from '../../grid/network.ts'
import { widestTicks, type Orders } from '../book.ts'
import type { ProofSums } from '../certificate.ts'

export class HiddenOrders {
  /** by bus: energy that hidden buys and sells have traded [Wh] */
  readonly boughtWh: Float64Array
  readonly soldWh: Float64Array
  /** by bus: 1 where orders may be hidden on that side of its range */
  readonly #hasBelow: Uint8Array
  readonly #hasAbove: Uint8Array
  /** range of each bus's orders that are still open, both ends included; empty where lowest > highest [ticks] */
  readonly lowestTicks: Int32Array
  readonly highestTicks: Int32Array
  /** Σ limit · energy of accepted buys less that of accepted sells [Wh·tick] */
  readonly worth = new ExactSums(1)

  constructor({ busCount }: Network) {
    this.boughtWh = new Float64Array(busCount)
    this.soldWh = new Float64Array(busCount)
    this.#hasBelow = new Uint8Array(busCount)
    this.#hasAbove = new Uint8Array(busCount)
    this.lowestTicks = new Int32Array(busCount)
    this.highestTicks = new Int32Array(busCount)
  }

  begin(): void {
    this.boughtWh.fill(0)
    this.soldWh.fill(0)
    this.#hasBelow.fill(0)
    this.#hasAbove.fill(0)
    this.lowestTicks.fill(-widestTicks)
    this.highestTicks.fill(widestTicks)
    this.worth.clear()
  }

  /** Sets every bus's range to that of all limits. */
  spanAll({ limitTicks, count }: Orders): void {
    let lowest = widestTicks
    let highest = -widestTicks
    // `| 0` says that the row stays a small whole number, which otherwise is checked at every step.
    const end = count | 0
    for (let row = 0; row < end; row = (row + 1) | 0) {
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

  /** Narrows the range of a bus; what it held on either side is to be hidden. */
  narrow(bus: number, lowestTicks: number, highestTicks: number): void {
    if (lowestTicks > this.lowestTicks[bus]!) this.#hasBelow[bus] = 1
    if (highestTicks < this.highestTicks[bus]!) this.#hasAbove[bus] = 1
    this.lowestTicks[bus] = lowestTicks
    this.highestTicks[bus] = highestTicks
  }

  /** Where the hidden steps of a bus stand in its curve. */
  belowKey(bus: number): number {
    return 2 * (this.lowestTicks[bus]! - 1)
  }

  aboveKey(bus: number): number {
    return 2 * (this.highestTicks[bus]! + 1) + 1
  }

  /** Whether prices between these two leave the hidden orders of a bus where they are, one tick of slack at most. */
  allows(bus: number, lowTicks: number, highTicks: number, slackTicks: 0 | 1): boolean {
    return (
      (this.#hasBelow[bus] === 0 || lowTicks >= this.lowestTicks[bus]! - slackTicks) &&
      (this.#hasAbove[bus] === 0 || highTicks <= this.highestTicks[bus]! + slackTicks)
    )
  }

  /**
   * Adds the hidden orders to a proof.
   * @throws BrokenAssertion when a price lies where it is not known who gains
   */
  addTo(sums: ProofSums, priceTicks: Float64Array): void {
    sums.addWorth(this.worth)
    for (let bus = 0; bus < priceTicks.length; bus++) {
      const price = priceTicks[bus]!
      assert(
        this.allows(bus, price, price, 1),
        () => `bus ${bus}: its price ${price} lies among orders that were not looked at`,
      )
      sums.addPaid(this.boughtWh[bus]! - this.soldWh[bus]!, price)
    }
  }
}

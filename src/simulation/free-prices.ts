/**
 * Whether some prices of a clearing's ranges support it without any limit too; then the limits cost nothing. Without them an arc
 * that carries energy parts its ends by just its fee, and one that carries none by no more than that:
 *
 *     up:       price above = price + feeUp
 *     down:     price above = price − feeDown
 *     nothing:  price − feeDown ≤ price above ≤ price + feeUp
 *
 * On a tree it is enough to go up once: what a bus leaves of its parent's range holds for all below it.
 */
import type { Network } from '../grid/network.ts'
import type { Clearing } from '../market/clear.ts'

export class FreePrices {
  readonly #network: Network
  readonly #low: Float64Array
  readonly #high: Float64Array

  constructor(network: Network) {
    this.#network = network
    this.#low = new Float64Array(network.busCount)
    this.#high = new Float64Array(network.busCount)
  }

  support({ flowUpWh, priceLowTicks, priceHighTicks }: Clearing): boolean {
    const { parent, feeUpTicks, feeDownTicks, busCount } = this.#network
    const low = this.#low
    const high = this.#high
    low.set(priceLowTicks)
    high.set(priceHighTicks)
    for (let bus = busCount - 1; bus > 0; bus--) {
      const above = parent[bus]!
      const flowWh = flowUpWh[bus]!
      const least = low[bus]! + (flowWh > 0 ? feeUpTicks[bus]! : -feeDownTicks[bus]!)
      const most = high[bus]! + (flowWh < 0 ? -feeDownTicks[bus]! : feeUpTicks[bus]!)
      if (least > low[above]!) low[above] = least
      if (most < high[above]!) high[above] = most
      if (low[above]! > high[above]!) return false
    }
    return true
  }
}

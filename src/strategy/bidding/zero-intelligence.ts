/**
 * `zero-intelligence`: any price at which a trade is no loss, each as likely as the other. The constrained traders, ZI-C, of
 * Gode and Sunder (1993), Allocative Efficiency of Markets with Zero-Intelligence Traders, Journal of Political Economy
 * 101(1), 119–137: what a market's rules achieve while its members know and learn nothing.
 */
import { randomStream } from '../../base/random.ts'
import { intervalsPerDay } from '../../base/units.ts'
import type { Bidder, BidderTerms } from './strategy.ts'

/**
 *     a buyer   uniform on floor … truthful limit            a seller   uniform on truthful limit … cap
 *
 * in whole ticks. A day's draws are a stream of their own, so that any day can be asked about without those before it.
 */
export class ZeroIntelligence implements Bidder {
  readonly #terms: BidderTerms
  readonly #draws = new Float64Array(intervalsPerDay)
  #day = -1

  constructor(terms: BidderTerms) {
    this.#terms = terms
  }

  limitTicks(truthfulTicks: number, interval: number): number {
    const { side, floorTicks, capTicks } = this.#terms
    const room = side === 0 ? truthfulTicks - floorTicks : capTicks - truthfulTicks
    if (room <= 0) return truthfulTicks
    const shaded = Math.floor(this.#drawOf(interval) * (room + 1))
    return side === 0 ? truthfulTicks - shaded : truthfulTicks + shaded
  }

  #drawOf(interval: number): number {
    const day = Math.floor(interval / intervalsPerDay)
    if (day !== this.#day) {
      const { seed, id } = this.#terms
      const { uniform } = randomStream(seed, `strategy/${id}/${day}`)
      for (let quarter = 0; quarter < intervalsPerDay; quarter++) this.#draws[quarter] = uniform()
      this.#day = day
    }
    return this.#draws[interval % intervalsPerDay]!
  }
}

/**
 * `adaptive`: learns a margin from its own outcomes only. The rule is made after that of ZIP traders, Cliff (1997),
 * Minimal-Intelligence Agents for Bargaining Behaviors in Market-Based Environments, HP Laboratories HPL-97-91: a margin that follows
 * a target by the rule of Widrow and Hoff, with momentum. It differs where a call auction does from a trading pit:
 *
 * - a ZIP trader hears what everybody shouts, this one only what became of its own order;
 * - one that is refused has lost its quarter-hour and cannot shout again, so it goes back towards the truth, not a small step, and
 *   goes forward a fifth of the way only;
 * - the margin is a share of the room that the market's prices leave, not of the value, which may be 0;
 * - the small random factors of a target are their means, so that chance enters once, with who learns how fast.
 */
import { randomStream } from '../../base/random.ts'
import { intervalsPerDay } from '../../base/units.ts'
import type { Bidder, BidderTerms, OwnOutcome } from './strategy.ts'

/** How far past a price a target lies: the means of Cliff's U(1, 1.05), and of a step that he leaves to the scale of prices. */
const past = { share: 0.025, ticks: 10 }
const forwardShare = 0.2

/** It learns hour by hour of the day: what is normal at noon is not at eight. */
const hours = 24
const intervalsPerHour = intervalsPerDay / hours
/** Something of the room is always left, from which a bid can find its way back. */
const mostMargin = 0.99

/**
 * For each hour of the day a margin 0 ≤ μ ≤ 0.99 and a momentum Γ [ticks], both 0 at first:
 *
 *     a buyer bids    ⌈truthful − μ · (truthful − floor)⌉        a seller bids    ⌊truthful + μ · (cap − truthful)⌋
 *
 *     accepted whole at the mean price q    e = a fifth of the way from its bid to 2.5 % of q and 10 ticks past q, into profit
 *     else                                  e = −(what it had shaded)
 *     Γ' = γ · Γ + (1 − γ) · β · e          μ' so that it would have shaded Γ' more
 *
 * A target lies within floor and cap. β and γ are the participant's own, drawn once from [0.1, 0.5) and [0, 0.1) as Cliff's are.
 */
export class Adaptive implements Bidder {
  /** margin and momentum, hour by hour */
  readonly memory = new Float64Array(2 * hours)
  readonly #terms: BidderTerms
  readonly #rate: number
  readonly #inertia: number

  constructor(terms: BidderTerms) {
    const { uniform } = randomStream(terms.seed, `strategy/${terms.id}`)
    this.#terms = terms
    this.#rate = 0.1 + 0.4 * uniform()
    this.#inertia = 0.1 * uniform()
  }

  limitTicks(truthfulTicks: number, interval: number): number {
    const { side, floorTicks, capTicks } = this.#terms
    const room = side === 0 ? truthfulTicks - floorTicks : capTicks - truthfulTicks
    if (room <= 0) return truthfulTicks
    const shaded = Math.floor(this.memory[rowOf(interval)]! * room)
    return side === 0 ? truthfulTicks - shaded : truthfulTicks + shaded
  }

  learn(own: OwnOutcome, interval: number): void {
    const { side, floorTicks, capTicks } = this.#terms
    const { limitTicks } = own
    const { memory } = this
    const row = rowOf(interval)
    const margin = memory[row]!
    // What lies between the bid and the end of the market's prices is the part of the room that the margin leaves.
    const left = side === 0 ? limitTicks - floorTicks : capTicks - limitTicks
    if (left <= 0) return
    const shaded = (left * margin) / (1 - margin)
    const error = isWhole(own) ? forwardShare * this.#forwardTicks(own) : -shaded
    const momentum = this.#inertia * memory[row + 1]! + (1 - this.#inertia) * this.#rate * error
    memory[row] = Math.max(0, Math.min(mostMargin, (shaded + momentum) / (shaded + left)))
    memory[row + 1] = momentum
  }

  /** From its bid into profit, to a little past the price that it got. */
  #forwardTicks({ limitTicks, priceTicks }: OwnOutcome): number {
    const { side, floorTicks, capTicks } = this.#terms
    const step = Math.abs(priceTicks) * past.share + past.ticks
    return side === 0
      ? limitTicks - Math.max(floorTicks, priceTicks - step)
      : Math.min(capTicks, priceTicks + step) - limitTicks
  }
}

function isWhole({ acceptedWh, quantityWh }: OwnOutcome): boolean {
  return acceptedWh >= quantityWh
}

function rowOf(interval: number): number {
  return 2 * Math.floor((interval % intervalsPerDay) / intervalsPerHour)
}

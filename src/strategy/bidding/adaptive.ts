/**
 * `adaptive`: learns a margin from its own outcomes only. The rule is that of ZIP traders, Cliff (1997), Minimal-Intelligence
 * Agents for Bargaining Behaviors in Market-Based Environments, HP Laboratories HPL-97-91, with four changes: a ZIP trader
 * hears what everybody shouts, this one only what became of its own order; the margin is a share of the room that the market's
 * prices leave, not of the value, which may be 0; the two small random factors of a target are their means, so that chance
 * enters once, with who learns how fast; and a step forward is a fifth of a step back, since in a call auction an order that is
 * refused has lost its quarter-hour, where a ZIP trader shouts again.
 */
import { randomStream } from '../../base/random.ts'
import { intervalsPerDay } from '../../base/units.ts'
import type { Bidder, BidderTerms, OwnOutcome } from './strategy.ts'

/** How far back a target lies: the mean of Cliff's U(1, 1.05), and of a step that he leaves to the scale of prices. */
const back = { share: 0.025, ticks: 10 }
const forwardPerBack = 0.2

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
 *     accepted whole at the mean price q:   target = q, and 0.5 % and 2 ticks further into profit
 *     else, having bid p:                   target = p, and 2.5 % and 10 ticks back
 *     Γ' = γ · Γ + (1 − γ) · β · (target − p)        μ' so that it would have bid p + Γ'
 *
 * A target lies within floor and cap. β and γ are the participant's own, drawn once from [0.1, 0.5) and [0, 0.1).
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
    const { memory } = this
    const row = rowOf(interval)
    const error = this.#targetTicks(own) - own.limitTicks
    const momentum = this.#inertia * memory[row + 1]! + (1 - this.#inertia) * this.#rate * error
    memory[row + 1] = momentum
    // What lies between the bid and the end of the market's prices is the part of the room that the margin leaves.
    const left = side === 0 ? own.limitTicks - floorTicks : capTicks - own.limitTicks
    if (left <= 0) return
    const kept = ((1 - memory[row]!) * (left + (side === 0 ? momentum : -momentum))) / left
    memory[row] = Math.max(0, Math.min(mostMargin, 1 - kept))
  }

  #targetTicks({ limitTicks, quantityWh, acceptedWh, priceTicks }: OwnOutcome): number {
    const { side, floorTicks, capTicks } = this.#terms
    const isWhole = acceptedWh >= quantityWh
    const from = isWhole ? priceTicks : limitTicks
    const step = (Math.abs(from) * back.share + back.ticks) * (isWhole ? forwardPerBack : 1)
    const isUpward = (side === 1) === isWhole
    return Math.max(floorTicks, Math.min(capTicks, isUpward ? from + step : from - step))
  }
}

function rowOf(interval: number): number {
  return 2 * Math.floor((interval % intervalsPerDay) / intervalsPerHour)
}

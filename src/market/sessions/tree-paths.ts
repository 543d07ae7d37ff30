/**
 * Ways through a radial network. Energy climbs from the seller's bus to the first bus above both and descends to the
 * buyer's; parents stand before their children, so of two different buses the later one is never above the other.
 */
import { assert } from '../../base/errors.ts'
import type { Network } from '../../grid/network.ts'

export type Direction = 'up' | 'down'

export class TreePaths {
  readonly #parent: Int32Array
  /** fees from a bus to the root, and from the root to the bus [ticks] */
  readonly #climbTicks: Float64Array
  readonly #descentTicks: Float64Array

  /** @throws BrokenAssertion for a network whose parents come late or whose fees cannot be summed exactly */
  constructor({ busCount, parent, feeUpTicks, feeDownTicks }: Network) {
    this.#parent = parent
    this.#climbTicks = new Float64Array(busCount)
    this.#descentTicks = new Float64Array(busCount)
    for (let bus = 1; bus < busCount; bus++) {
      const above = parent[bus]!
      assert(above >= 0 && above < bus, () => `bus ${bus} stands before its parent`)
      this.#climbTicks[bus] = sum(this.#climbTicks[above]!, feeUpTicks[bus]!)
      this.#descentTicks[bus] = sum(this.#descentTicks[above]!, feeDownTicks[bus]!)
    }
  }

  /** The first bus that is above both, or one of the two. */
  meet(one: number, other: number): number {
    let [a, b] = [one, other]
    while (a !== b) {
      if (a > b) a = this.#parent[a]!
      else b = this.#parent[b]!
    }
    return a
  }

  /** Fees of all arcs from the seller's bus to the buyer's [ticks]. */
  feeTicks(sellBus: number, buyBus: number): number {
    if (sellBus === buyBus) return 0
    const top = this.meet(sellBus, buyBus)
    const climbTicks = this.#climbTicks[sellBus]! - this.#climbTicks[top]!
    return climbTicks + this.#descentTicks[buyBus]! - this.#descentTicks[top]!
  }

  /** The arcs from the seller's bus to the buyer's, in the sequence in which the energy passes them. */
  arcs(sellBus: number, buyBus: number): { bus: number; direction: Direction }[] {
    const top = this.meet(sellBus, buyBus)
    const climb: { bus: number; direction: Direction }[] = []
    const descent: { bus: number; direction: Direction }[] = []
    for (let bus = sellBus; bus !== top; bus = this.#parent[bus]!) climb.push({ bus, direction: 'up' })
    for (let bus = buyBus; bus !== top; bus = this.#parent[bus]!) descent.push({ bus, direction: 'down' })
    return [...climb, ...descent.reverse()]
  }
}

/** Fees of one way to the root stay so small that a limit and two ways through the tree are exact together. [ticks] */
export const mostFeeTicks = 2 ** 50

function sum(feesTicks: number, feeTicks: number): number {
  assert(
    Number.isInteger(feeTicks) && feeTicks >= 0,
    () => `a fee must be whole and not below 0, not ${feeTicks}`,
  )
  const total = feesTicks + feeTicks
  assert(total <= mostFeeTicks, () => `fees of ${total} ticks on one way to the root`)
  return total
}

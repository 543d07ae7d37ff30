/**
 * What a host's meter offers a battery behind it, under a cap on what the meter may show: to save the load at the contract's
 * price, to buy at that price up to the cap, and to save whatever exceeds the cap at any price. Nothing is sent out.
 */
import { appendStep, type DaySteps } from './day-steps.ts'
import { mustTicks } from './storage-book.ts'

/** A host's meter without the battery, interval by interval. */
export interface HostMeter {
  /** [Wh] */
  readonly loadWh: ArrayLike<number>
  /** what a kWh costs the host on its contract, everything but monthly charges [ticks] */
  readonly priceTicks: ArrayLike<number>
}

/** Steps that one interval may have. */
export const hostStepsPerInterval = 3

export function offerUnderCap({ loadWh, priceTicks }: HostMeter, capWh: number, steps: DaySteps): void {
  steps.count = 0
  for (let interval = 0; interval < loadWh.length; interval++) {
    const load = loadWh[interval]!
    const price = priceTicks[interval]!
    appendStep(steps, interval, 0, price, Math.min(load, capWh))
    appendStep(steps, interval, 1, price, capWh - load)
    appendStep(steps, interval, 0, mustTicks, load - capWh)
  }
}

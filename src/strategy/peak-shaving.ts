/**
 * A battery behind a meter whose highest quarter-hour of the month has a price (需量电费). The chain cannot see a price on a
 * maximum, but it can keep to a cap: what the meter may show. So the month is planned under one cap after the other,
 *
 *     maximise over caps    earned(cap) − price of the peak · max(cap, what is billed anyway)
 *
 * `earned` is the optimum of a linear program as a function of one right-hand side, so it is concave, and so is the sum: a
 * golden-section search finds the best cap. All of it is as exact as the chain, the plan that is taken is proved, and the month is
 * known in advance.
 */
import { assert } from '../base/errors.ts'
import { ceilWhole, floorWhole } from '../base/whole.ts'
import { hostStepsPerInterval, offerUnderCap, type HostMeter } from './behind-meter.ts'
import { makeDaySteps, type DaySteps } from './day-steps.ts'
import { StoragePlanner } from './storage-plan.ts'
import type { PlannedBattery } from './storage-book.ts'

export interface PeakPrice {
  /** for each kWh of the highest quarter-hour [ticks]; 1 CNY/kW is 40,000 */
  readonly ticks: number
  /** highest quarter-hour that is billed in any case [Wh] */
  readonly leastWh: number
}

export interface PeakPlan {
  /** most that the meter shows in a quarter-hour [Wh] */
  readonly capWh: number
  /** net stored energy by interval, positive when charging [Wh]; the planner's own until its next plan */
  readonly storedChangeWh: Float64Array
  /** what the schedule saves on energy, less wear [Wh·tick] */
  readonly earned: number
}

/** Caps closer than this are not told apart. [Wh] */
const capStepWh = 4

export class PeakPlanner {
  readonly #planner: StoragePlanner
  readonly #steps: DaySteps

  /** @param intervals most that a month may have */
  constructor(intervals: number) {
    const stepsMax = hostStepsPerInterval * intervals
    this.#planner = new StoragePlanner(intervals, stepsMax)
    this.#steps = makeDaySteps(stepsMax)
  }

  /** The best month under the price of its peak. */
  plan(battery: PlannedBattery, meter: HostMeter, peak: PeakPrice): PeakPlan {
    let highestWh = 0
    for (let at = 0; at < meter.loadWh.length; at++) highestWh = Math.max(highestWh, meter.loadWh[at]!)
    const lowest = Math.max(0, highestWh - battery.dischargeWhMax)
    const best = highestOver(lowest, highestWh + battery.chargeWhMax, (capWh) => {
      offerUnderCap(meter, capWh, this.#steps)
      const { storedChangeWh, missingWh } = this.#planner.weigh(battery, this.#steps)
      if (missingWh > 0) return -Infinity
      return earnedBy(battery, meter, storedChangeWh) - peak.ticks * Math.max(capWh, peak.leastWh)
    })
    const plan = this.planUnder(battery, meter, best)
    assert(plan !== null, 'a battery that rests keeps to a cap at the highest load')
    return plan
  }

  /** The best month that keeps to a cap, null where no schedule does. */
  planUnder(battery: PlannedBattery, meter: HostMeter, capWh: number): PeakPlan | null {
    offerUnderCap(meter, capWh, this.#steps)
    const { storedChangeWh, missingWh } = this.#planner.plan(battery, this.#steps)
    return missingWh > 0 ? null : { capWh, storedChangeWh, earned: earnedBy(battery, meter, storedChangeWh) }
  }
}

/** Grid energy saved less grid energy bought, at the contract's price, less wear. */
function earnedBy(battery: PlannedBattery, { priceTicks }: HostMeter, changesWh: Float64Array): number {
  let earned = 0
  for (let interval = 0; interval < priceTicks.length; interval++) {
    const change = changesWh[interval]!
    if (change > 0) earned -= priceTicks[interval]! * ceilWhole(change / battery.chargeEfficiency)
    else if (change < 0) {
      const savedWh = floorWhole(-change * battery.dischargeEfficiency)
      earned += priceTicks[interval]! * savedWh + battery.wearTicks * change
    }
  }
  return earned
}

/**
 * Where a concave function of whole Wh is highest, by golden section; −∞ at the low end is where it is not defined.
 *
 * @returns one of the places it was asked at
 */
function highestOver(low: number, high: number, worthOf: (at: number) => number): number {
  const golden = (Math.sqrt(5) - 1) / 2
  let best = high
  let bestWorth = worthOf(high)
  const ask = (at: number) => {
    const worth = worthOf(at)
    if (worth > bestWorth) [best, bestWorth] = [at, worth]
    return worth
  }
  let [from, to] = [low, high]
  let left = Math.round(to - golden * (to - from))
  let right = Math.round(from + golden * (to - from))
  let [atLeft, atRight] = [ask(left), ask(right)]
  while (to - from > capStepWh) {
    if (atLeft > atRight) {
      ;[to, right, atRight] = [right, left, atLeft]
      left = Math.round(to - golden * (to - from))
      atLeft = ask(left)
    } else {
      ;[from, left, atLeft] = [left, right, atRight]
      right = Math.round(from + golden * (to - from))
      atRight = ask(right)
    }
  }
  return best
}

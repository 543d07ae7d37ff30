/**
 * The desk of a cogeneration unit with a start cost: every day it plans when to run on the prices it expects, on a horizon
 * of two days, and does what it planned for the day. It stands running before the first day, so that no start is charged
 * for it.
 */
import { intervalsPerDay, rateE8PerTick } from '../base/units.ts'
import { dispatch, type DispatchedUnit } from '../strategy/cogeneration-dispatch.ts'
import type { RunningState } from '../strategy/commitment.ts'

/** Intervals of prices that the desk wants to see. */
export const dispatchHorizon = 2 * intervalsPerDay

export class DispatchDesk {
  readonly #unit: DispatchedUnit
  readonly #heatWh: Float64Array
  readonly #dayWh = new Int32Array(intervalsPerDay)
  #state: RunningState

  /** @param heatWh heat of every interval of the run as electric energy, negative while overhauled [Wh] */
  constructor(unit: DispatchedUnit, heatWh: Float64Array) {
    this.#unit = unit
    this.#heatWh = heatWh
    this.#state = { isOn: heatWh[0]! >= 0, since: intervalsPerDay }
  }

  /** Decides on a day; the array is the desk's own and filled anew at the next call. [Wh] */
  planDay(firstInterval: number, priceTicks: Float64Array): Int32Array {
    const heatWh = this.#heatWh.subarray(firstInterval, firstInterval + dispatchHorizon)
    const { energyWh } = dispatch(this.#unit, heatWh, priceTicks.subarray(0, heatWh.length), this.#state)
    for (let quarter = 0; quarter < intervalsPerDay; quarter++) {
      this.#dayWh[quarter] = energyWh[quarter]!
      this.#state = follow(this.#state, energyWh[quarter]! > 0)
    }
    return this.#dayWh
  }
}

function follow({ isOn, since }: RunningState, runs: boolean): RunningState {
  return isOn === runs ? { isOn, since: since + 1 } : { isOn: runs, since: 1 }
}

/**
 * The year of a unit that sells outside the market alone, at prices it knows. [Wh]
 *
 * @param outsideE8 what a kWh earns, by interval [1e-8 CNY/kWh]
 */
export function dispatchYear(
  unit: DispatchedUnit,
  heatWh: Float64Array,
  outsideE8: Float64Array,
): Int32Array {
  const desk = new DispatchDesk(unit, heatWh)
  const priceTicks = outsideE8.map((e8) => e8 / rateE8PerTick)
  const energyWh = new Int32Array(heatWh.length)
  for (let first = 0; first < heatWh.length; first += intervalsPerDay) {
    energyWh.set(desk.planDay(first, priceTicks.subarray(first, first + dispatchHorizon)), first)
  }
  return energyWh
}

/**
 * What a dispatched cogeneration unit does with a price: the best load of an interval, then when to run at all.
 *
 *     value(e) = e · (price − fuel) + min(e, heat) · credit,   least ≤ e ≤ most
 *
 * The credit is what a kWh's heat is worth while somebody takes it; the rest of the heat goes to waste. The value has
 * corners at the heat load only, so the best load is the least, the heat load or the most.
 */
import type { HeatDemand } from '../assets/cogeneration.ts'
import { intervalsPerDay } from '../base/units.ts'
import { commit, type RunningState, type StartRules } from './commitment.ts'

export interface DispatchedUnit {
  /** electric energy of one interval at minimum load and at rated power, whole [Wh] */
  readonly leastWh: number
  readonly mostWh: number
  /** fuel and other cost of a kWh sent out, and what its heat saves while it is taken [ticks] */
  readonly fuelTicks: number
  readonly heatTicks: number
  /** of one start in Wh · tick, and least times in intervals */
  readonly rules: StartRules
}

/** Load and its worth in one interval [Wh], [Wh · tick]. */
export interface LoadChoice {
  readonly energyWh: number
  readonly value: number
}

/** The best load of a running unit; of equal ones the lowest. */
export function bestLoad(unit: DispatchedUnit, heatWh: number, priceTicks: number): LoadChoice {
  const { leastWh, mostWh, fuelTicks, heatTicks } = unit
  const corner = Math.min(mostWh, Math.max(leastWh, heatWh))
  let best = { energyWh: leastWh, value: -Infinity }
  for (const energyWh of [leastWh, corner, mostWh]) {
    const value = energyWh * (priceTicks - fuelTicks) + Math.min(energyWh, heatWh) * heatTicks
    if (value > best.value) best = { energyWh, value }
  }
  return best
}

export interface DispatchPlan {
  /** 0 where it stands still [Wh] */
  readonly energyWh: Float64Array
  /** value of the plan less its starts [Wh · tick] */
  readonly worth: number
}

/**
 * The best plan over a horizon.
 *
 * @param heatWh heat asked for, as the electric energy it comes with; negative where the unit cannot run [Wh]
 * @param priceTicks what a kWh sent out earns
 */
export function dispatch(
  unit: DispatchedUnit,
  heatWh: Float64Array,
  priceTicks: Float64Array,
  from: RunningState,
): DispatchPlan {
  const loads = Array.from(heatWh, (heat, interval) =>
    heat < 0 ? { energyWh: 0, value: -Infinity } : bestLoad(unit, heat, priceTicks[interval]!),
  )
  const { isOn, worth } = commit(
    Float64Array.from(loads, (load) => load.value),
    unit.rules,
    from,
  )
  return { energyWh: Float64Array.from(loads, (load, interval) => isOn[interval]! * load.energyWh), worth }
}

/** Heat as {@link dispatch} wants it: whole Wh an interval, −1 while the unit is overhauled. */
export function heatWhOf({ share, isReady }: HeatDemand, mostWh: number): Float64Array {
  return share.map((each, interval) =>
    isReady[Math.floor(interval / intervalsPerDay)] === 0 ? -1 : Math.max(0, Math.round(each * mostWh)),
  )
}

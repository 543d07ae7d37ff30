/**
 * Which days of the plant are clean, told from the records alone: no model is asked. A day is not clean where
 *
 * - a quarter-hour of its light is missing;
 * - the plant stood still for an hour in light above 50 W/m²;
 * - for an hour above 200 W/m² it gave less than 0.8 of what it gave per light in the ten days before and after;
 * - the irradiance instrument had been moved: no later day of strong light has the share of direct light that all had before.
 */
import type { PlantDay, Quarter } from './plant-data.ts'
import { plantKw } from './plant-data.ts'

export type Fault = 'record missing' | 'standstill' | 'output held down' | 'instrument moved'

const dimWm2 = 50
const lightWm2 = 200
const strongWm2 = 400
/** An hour. */
const longRun = 4
/** Days before and after that a day is held against. */
const around = 10

/** @returns what is wrong with a day, for every day that is not clean */
export function faultsOf(days: readonly PlantDay[]): Map<string, Fault> {
  const moved = lastDayBeforeMove(days)
  const strong = days.map(({ quarters }) =>
    quarters.filter(({ totalWm2 }) => totalWm2 > strongWm2).map(yieldOf),
  )
  const faults = new Map<string, Fault>()
  days.forEach(({ day, quarters, missing }, at) => {
    const usual = median(strong.slice(Math.max(0, at - around), at + around + 1).flat())
    const still = ({ totalWm2, powerKw }: Quarter) => totalWm2 > dimWm2 && powerKw <= 0
    const low = (quarter: Quarter) => quarter.totalWm2 > lightWm2 && yieldOf(quarter) < 0.8 * usual
    if (missing > 0) faults.set(day, 'record missing')
    else if (longestRun(quarters, still) >= longRun) faults.set(day, 'standstill')
    else if (longestRun(quarters, low) >= longRun) faults.set(day, 'output held down')
    else if (day > moved) faults.set(day, 'instrument moved')
  })
  return faults
}

/** Power per light, at a cell temperature of 25 °C by the rule of thumb of 0.025 K per W/m². */
function yieldOf({ powerKw, totalWm2, airTempC }: Quarter): number {
  const cellTempC = airTempC + 0.025 * totalWm2
  return powerKw / (plantKw * (totalWm2 / 1000) * (1 - 0.0037 * (cellTempC - 25)))
}

function longestRun(quarters: readonly Quarter[], is: (quarter: Quarter) => boolean): number {
  let [run, longest] = [0, 0]
  for (const quarter of quarters) {
    run = is(quarter) ? run + 1 : 0
    longest = Math.max(longest, run)
  }
  return longest
}

/** The share of direct light at noon of a day of strong light. */
export interface DirectShare {
  readonly day: string
  readonly share: number
}

export function directShares(days: readonly PlantDay[]): DirectShare[] {
  return days.flatMap(({ day, quarters }) => {
    const noon = quarters.filter(({ hour }) => hour >= 11 && hour < 14)
    const sum = (of: (quarter: Quarter) => number) => noon.reduce((total, quarter) => total + of(quarter), 0)
    if (sum(({ totalWm2 }) => totalWm2) < 800 * 12) return []
    return [{ day, share: sum(({ directWm2 }) => directWm2) / sum(({ totalWm2 }) => totalWm2) }]
  })
}

/** The last day of strong light on which the direct share reached three quarters, as it did on nearly all before. */
export function lastDayBeforeMove(days: readonly PlantDay[]): string {
  return directShares(days).findLast(({ share }) => share >= 0.75)!.day
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}

/**
 * T&D by capacity under 发改价格〔2025〕1192号. A two-part user's T&D energy price is 0; in its place stands, every month,
 *
 *     T&D energy price of its voltage · average load rate · 730 h · connected capacity
 *
 * beside the demand or capacity charge it pays already.
 */
import { rateE8, type RateE8 } from '../base/units.ts'
import { voltageLevels, type VoltageLevel } from '../grid/voltage.ts'
import type { Rates } from './book.ts'

/** Hours of a month in 1192号. */
export const hoursOfMonth = 730

export interface CapacityTd {
  /** the T&D energy price that the capacity is multiplied with */
  readonly energyE8: Readonly<Record<VoltageLevel, RateE8 | null>>
  /** average load rate (平均负荷率) in parts of 10,000 */
  readonly loadRateE4: number
}

/** The same rates with the T&D of two-part users put on their capacity. */
export function withCapacityTd(rates: Rates, loadRateE4: number): Rates {
  const { single, two } = rates.tdEnergyE8
  const free = Object.fromEntries(
    voltageLevels.map((level) => [level, two[level] === null ? null : rateE8(0)]),
  ) as Rates['tdEnergyE8']['two']
  return { ...rates, tdEnergyE8: { single, two: free }, capacityTd: { energyE8: two, loadRateE4 } }
}

/**
 * Biomass cogeneration (热电联产) led by heat: its power follows the steam that its customers take, more on working days
 * and in cold weather, never below its minimum load, and nothing during the yearly overhaul. Prices do not move it.
 */
import type { Calendar } from '../base/calendar.ts'
import type { RandomStream } from '../base/random.ts'
import { intervalsPerDay } from '../base/units.ts'
import { isWorkday, type Holidays } from './holidays.ts'

export interface CogenerationSpec {
  readonly electricKw: number
  /** share of the rated power below which it does not run */
  readonly minLoadFraction: number
  readonly maintenanceDays: number
  /** 1 January is 1 */
  readonly maintenanceStartDayOfYear: number
}

export interface CogenerationInput {
  readonly spec: CogenerationSpec
  readonly calendar: Calendar
  readonly holidays: Holidays
  readonly airTempC: Float64Array
  readonly random: RandomStream
}

/** Mean electric power of every quarter-hour [kW]. */
export function cogenerationPowerKw({
  spec,
  calendar,
  holidays,
  airTempC,
  random,
}: CogenerationInput): Float64Array {
  const powerKw = new Float64Array(calendar.intervals)
  let drift = random.normal()
  calendar.days.forEach((day, index) => {
    drift = 0.9 * drift + Math.sqrt(1 - 0.9 ** 2) * random.normal()
    const since = day.dayOfYear - spec.maintenanceStartDayOfYear
    if (since >= 0 && since < spec.maintenanceDays) return
    const work = isWorkday(holidays, day) ? 0.86 : 0.68
    for (let quarter = 0; quarter < intervalsPerDay; quarter++) {
      const at = index * intervalsPerDay + quarter
      const shift = quarter >= 28 && quarter < 88 ? 1 : 0.92
      const cold = Math.max(0, 10 - airTempC[at]!) * 0.008
      const heat = work * shift + cold + 0.04 * drift
      powerKw[at] = spec.electricKw * Math.min(1, Math.max(spec.minLoadFraction, heat))
    }
  })
  return powerKw
}

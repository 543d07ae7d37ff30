/**
 * A seeded year of one enterprise's load from its archetype: working hours and dips, weekends, public holidays with the
 * long pause around Spring Festival, cooling by air temperature, days that differ and quarter-hours that flicker.
 *
 * The year is drawn whole and scaled to its energy; a run over a week cuts that week out. Air temperature is known for
 * the run only; outside it the shape counts without cooling, so a partial year may miss its share by the cooling of the
 * rest. A run over the full year hits the energy to the rounding of Wh.
 */
import { makeCalendar, type Calendar, type CalendarDay } from '../../base/calendar.ts'
import type { RandomStream } from '../../base/random.ts'
import { hoursPerInterval, intervalsPerDay } from '../../base/units.ts'
import { isWorkday, type Holidays } from '../holidays.ts'
import type { LoadArchetype } from './archetype.ts'

export interface LoadOptions {
  readonly archetype: LoadArchetype
  /** energy of the full calendar year [kWh] */
  readonly annualKwh: number
  readonly calendar: Calendar
  readonly holidays: Holidays
  readonly airTempC: Float64Array
  readonly random: RandomStream
}

/** Above this outdoor temperature buildings cool. [°C] */
const coolingFromC = 24

/** Mean power of every quarter-hour [kW], ≥ 0. */
export function synthesizeLoad(options: LoadOptions): Float64Array {
  const { calendar, random } = options
  const first = calendar.days[0]!
  const years = makeCalendar({ from: `${first.year}-01-01`, to: `${calendar.days.at(-1)!.year}-12-31` })
  const start = (first.dayOfYear - 1) * intervalsPerDay
  const shape = drawShape(options, years, start, random)
  const scale = (options.annualKwh * yearsIn(years)) / (sum(shape) * hoursPerInterval)
  return shape.slice(start, start + calendar.intervals).map((level) => level * scale)
}

function yearsIn(years: Calendar): number {
  return new Set(years.days.map((day) => day.year)).size
}

function drawShape(options: LoadOptions, years: Calendar, start: number, random: RandomStream): Float64Array {
  const { archetype, holidays, airTempC } = options
  const shape = new Float64Array(years.intervals)
  const workday = workdayShape(archetype)
  // Enterprises of one kind do not start on the same minute.
  const shiftQuarters = Math.round((random.uniform() - 0.5) * 4)
  let dayState = random.normal()
  let flicker = random.normal()
  years.days.forEach((day, index) => {
    dayState = 0.6 * dayState + Math.sqrt(1 - 0.6 ** 2) * random.normal()
    const dayFactor = Math.max(0.3, 1 + archetype.dayNoise.value * dayState)
    const share = dayShare(archetype, holidays, day)
    for (let quarter = 0; quarter < intervalsPerDay; quarter++) {
      flicker = 0.7 * flicker + Math.sqrt(1 - 0.7 ** 2) * random.normal()
      const at = index * intervalsPerDay + quarter
      const base = share * workday[(quarter + shiftQuarters + intervalsPerDay) % intervalsPerDay]!
      const warmK = Math.max(0, (airTempC[at - start] ?? coolingFromC) - coolingFromC)
      const noise = Math.max(0.5, 1 + 0.03 * flicker)
      shape[at] = base * (1 + archetype.coolingPerK.value * warmK) * dayFactor * noise
    }
  })
  return shape
}

/** Level of each quarter of a working day, 1 at full work. */
function workdayShape({ blocks, dips, nightShare }: LoadArchetype): Float64Array {
  const shape = new Float64Array(intervalsPerDay).fill(nightShare.value)
  for (const { fromHour, toHour, level } of blocks) shape.fill(level, fromHour * 4, toHour * 4)
  for (const { fromHour, toHour, level } of dips) {
    for (let quarter = fromHour * 4; quarter < toHour * 4; quarter++) shape[quarter] = shape[quarter]! * level
  }
  return shape
}

/** Share of a working day's level: weekends, holidays, and the factories' long pause around Spring Festival. */
function dayShare(archetype: LoadArchetype, holidays: Holidays, day: CalendarDay): number {
  if (isWorkday(holidays, day))
    return nearSpringFestival(holidays, day) ? mean(1, archetype.holidayShare.value) : 1
  if (holidays.festival(day.date)) return archetype.holidayShare.value
  return archetype.weekendShare.value
}

/** Three days before and after the holiday work starts and ends slowly. */
function nearSpringFestival(holidays: Holidays, day: CalendarDay): boolean {
  const noon = Date.parse(`${day.date}T12:00:00Z`)
  return [-3, -2, -1, 1, 2, 3].some((offset) => {
    const other = new Date(noon + offset * 86_400_000).toISOString().slice(0, 10)
    return holidays.festival(other)?.name === 'spring-festival'
  })
}

function mean(a: number, b: number): number {
  return (a + b) / 2
}

function sum(column: Float64Array): number {
  return column.reduce((total, value) => total + value, 0)
}

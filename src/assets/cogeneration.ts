/**
 * Biomass cogeneration (热电联产): the steam its customers take, more on working days and in cold weather, and the power
 * of a unit that follows it; below its minimum load it holds that or stands still for the day, and once a year it is
 * overhauled (检修). Steam pressures, ramps and fuel quality are not modelled.
 */
import { wholeYears, type Calendar, type CalendarDay } from '../base/calendar.ts'
import type { RandomStream } from '../base/random.ts'
import { intervalsPerDay } from '../base/units.ts'
import { isWorkday, type Holidays } from './holidays.ts'

export interface CogenerationSpec {
  readonly electricKw: number
  /** share of the rated power below which it cannot run */
  readonly minLoadFraction: number
  /** who takes the heat; `process-and-heating`, the default, asks for more in the cold */
  readonly heatShape?: 'process' | 'process-and-heating'
  readonly maintenanceDays: number
  /** first day of the overhaul, 1 January is 1; it may run over the year's end */
  readonly maintenanceStartDayOfYear: number
}

export interface CogenerationInput {
  readonly spec: CogenerationSpec
  readonly calendar: Calendar
  readonly holidays: Holidays
  /** one value per interval of the calendar [°C] */
  readonly airTempC: Float64Array
  readonly random: RandomStream
}

// The shares below are assumptions: no measured heat-led unit was found.
const shareOnWorkdays = 0.86
const shareOnDaysOff = 0.68
/** Most steam customers stand still for the week of Spring Festival. */
const shareOnSpringFestival = 0.25
const festivalDays = 7
const shareAtNight = 0.92
const coldBelowC = 10
const perColdKelvin = { process: 0.002, 'process-and-heating': 0.008 } as const
const dayNoise = 0.04
const dayMemory = 0.9
/** A day that asks for less than this part of the minimum load is not worth running. */
const worthRunning = 0.5

/** What the heat customers ask for. */
export interface HeatDemand {
  /** of every quarter-hour, as share of the heat that comes with rated electric power; may pass 1 */
  readonly share: Float64Array
  /** by day: 0 while the unit is overhauled */
  readonly isReady: Uint8Array
}

/**
 * Heat asked for in every quarter-hour of the run.
 *
 *     heat = customers(day) · course(hour) + cold · K below 10 °C + noise(day)
 *
 * The noise is drawn from 1 January, so that a run over part of a year has that part of it.
 */
export function heatDemand(input: CogenerationInput): HeatDemand {
  const { spec, calendar, holidays, random } = input
  const share = new Float64Array(calendar.intervals)
  const isReady = new Uint8Array(calendar.days.length)
  const years = wholeYears(calendar)
  const firstDay = years.firstInterval / intervalsPerDay
  let state = random.normal()
  years.calendar.days.forEach((day, number) => {
    state = dayMemory * state + Math.sqrt(1 - dayMemory ** 2) * random.normal()
    const index = number - firstDay
    if (index < 0 || index >= calendar.days.length) return
    isReady[index] = isOverhauled(spec, day) ? 0 : 1
    share.set(
      heatOfDay(input, index, customersShare(holidays, day), dayNoise * state),
      index * intervalsPerDay,
    )
  })
  return { share, isReady }
}

/**
 * Mean electric power of every quarter-hour of a unit that follows its heat (以热定电).
 *
 *     power = rated · min(1, max(minimum, heat)), or 0 on days whose mean heat is below half the minimum
 *
 * @returns 0, or from minimum load to rated power [kW]
 */
export function cogenerationPowerKw(input: CogenerationInput): Float64Array {
  const { spec, calendar } = input
  const powerKw = new Float64Array(calendar.intervals)
  const { share, isReady } = heatDemand(input)
  isReady.forEach((ready, day) => {
    const first = day * intervalsPerDay
    const heat = share.subarray(first, first + intervalsPerDay)
    const mean = heat.reduce((sum, each) => sum + each, 0) / intervalsPerDay
    if (ready === 0 || mean < worthRunning * spec.minLoadFraction) return
    heat.forEach((each, quarter) => {
      powerKw[first + quarter] = spec.electricKw * Math.min(1, Math.max(spec.minLoadFraction, each))
    })
  })
  return powerKw
}

function isOverhauled(
  { maintenanceDays, maintenanceStartDayOfYear }: CogenerationSpec,
  day: CalendarDay,
): boolean {
  const isLeap = new Date(Date.UTC(day.year, 1, 29)).getUTCDate() === 29
  const daysOfYear = isLeap ? 366 : 365
  const since = (day.dayOfYear - maintenanceStartDayOfYear + daysOfYear) % daysOfYear
  return since < maintenanceDays
}

function customersShare(holidays: Holidays, day: CalendarDay): number {
  const festival = holidays.festival(day.date)
  if (festival?.name === 'spring-festival' && festival.day >= 1 && festival.day <= festivalDays) {
    return shareOnSpringFestival
  }
  return isWorkday(holidays, day) ? shareOnWorkdays : shareOnDaysOff
}

/** Heat asked for in each quarter of a day, as share of what the rated power gives. */
function heatOfDay(
  { spec, airTempC }: CogenerationInput,
  index: number,
  customers: number,
  noise: number,
): Float64Array {
  const perKelvin = perColdKelvin[spec.heatShape ?? 'process-and-heating']
  return Float64Array.from({ length: intervalsPerDay }, (_, quarter) => {
    const course = quarter >= 28 && quarter < 88 ? 1 : shareAtNight
    const coldK = Math.max(0, coldBelowC - airTempC[index * intervalsPerDay + quarter]!)
    return customers * course + perKelvin * coldK + noise
  })
}

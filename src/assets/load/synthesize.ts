/**
 * A seeded year of one enterprise's load from its archetype: working hours and dips, weekends, public holidays with the
 * long pause around Spring Festival, cooling and heating by air temperature, days that differ from each other and
 * quarter-hours that flicker.
 *
 * Years are always drawn whole, from 1 January, and a run cuts its days out of them. The air temperature is known for
 * the run only; the rest of its year has that of a reference year. So a part has the same days as in its year, at a
 * level that differs by what the two temperatures make of the whole: about 1 %, up to 5 % in weeks of low load.
 */
import { wholeYears, type Calendar } from '../../base/calendar.ts'
import { exp } from '../../base/exp.ts'
import type { RandomStream } from '../../base/random.ts'
import { intervalsPerDay } from '../../base/units.ts'
import type { Holidays } from '../holidays.ts'
import type { LoadArchetype } from './archetype.ts'
import { dayProfile, workdayProfile } from './day-profile.ts'
import { bendAndScale } from './load-factor.ts'
import { weatherFactors } from './weather-response.ts'
import { dayShares, type Habits } from './year-shares.ts'

export interface LoadOptions {
  readonly archetype: LoadArchetype
  /** energy of a full calendar year [kWh] */
  readonly annualKwh: number
  readonly calendar: Calendar
  readonly holidays: Holidays
  /** one value per interval of the calendar [°C] */
  readonly airTempC: Float64Array
  readonly random: RandomStream
  /** mean over highest quarter-hour of the year; drawn from the archetype's range when left out */
  readonly loadFactor?: number
  /** room for the whole years' values, to be used and returned instead of new */
  readonly room?: Float64Array
}

/** Share of yesterday's deviation, and of the last quarter-hour's, that is still there; the rest is drawn afresh. */
const dayMemory = 0.6
const quarterMemory = 0.7
/** Share of a fresh draw that keeps the standard deviation at 1. */
const dayFresh = Math.sqrt(1 - dayMemory * dayMemory)
const quarterFresh = Math.sqrt(1 - quarterMemory * quarterMemory)

/**
 * Mean power of every quarter-hour of the run.
 *
 *     level = day profile(q) · (1 + cooling · K above + heating · K below) · day noise · quarter noise
 *     power ∝ level^p,   p so that the year has the wanted load factor
 *
 * @returns ≥ 0 [kW]; a full calendar year has `annualKwh` to rounding and the load factor to a thousandth
 */
export function synthesizeLoad(options: LoadOptions): Float64Array {
  const { archetype, annualKwh, calendar, random } = options
  const { calendar: years, firstInterval: start } = wholeYears(calendar)
  const habits = drawHabits(archetype, random)
  const { low, high } = archetype.loadFactor
  // The ends of the range are the kind's extremes; the draw comes before the option so that both read one stream.
  const drawn = low.value + (0.1 + 0.8 * random.uniform()) * (high.value - low.value)
  const levels = drawLevels(options, habits, years)
  for (const year of new Set(years.days.map((day) => day.year))) {
    const months = years.months.filter((month) => month.year === year)
    const own = levels.subarray(months[0]!.firstInterval, months.at(-1)!.endInterval)
    bendAndScale(own, options.loadFactor ?? drawn, annualKwh)
  }
  return levels.subarray(start, start + calendar.intervals)
}

/** Enterprises of one kind differ: when they start, how they split the weekend, how long they pause. */
function drawHabits(archetype: LoadArchetype, random: RandomStream): Habits {
  const weekend = archetype.weekendShare.value
  const saturdayShare = Math.min(1, weekend * (1 + 0.6 * random.uniform()))
  const { low, high } = archetype.springPauseDays
  const pauseDays = Math.round(low.value + random.uniform() * (high.value - low.value))
  return {
    shiftQuarters: Math.round((random.uniform() - 0.5) * 4),
    saturdayShare,
    sundayShare: 2 * weekend - saturdayShare,
    pauseDays,
    pauseDaysBefore: Math.round(pauseDays * (0.2 + 0.3 * random.uniform())),
  }
}

function drawLevels(
  { archetype, calendar, airTempC, holidays, random, room }: LoadOptions,
  habits: Habits,
  years: Calendar,
): Float64Array {
  const levels = room ?? new Float64Array(years.intervals)
  const workday = workdayProfile(archetype, habits.shiftQuarters)
  const factors = weatherFactors(archetype, calendar, airTempC)
  const shares = dayShares(archetype, habits, holidays, years)
  const profiles = new Map([[1, workday]])
  const dayNoise = archetype.dayNoise.value
  const quarterNoise = archetype.quarterNoise.value
  let dayState = random.normal()
  let quarterState = random.normal()
  const draws = new Float64Array(1 + intervalsPerDay)
  const states = new Float64Array(intervalsPerDay)
  let at = 0
  for (let day = 0; day < shares.length; day++) {
    random.fillNormal(draws)
    dayState = dayMemory * dayState + dayFresh * draws[0]!
    const dayLevel = 1 + dayNoise * limited(dayState)
    const share = shares[day]!
    const profile = profiles.get(share) ?? dayProfile(workday, archetype.nightShare.value, share)
    profiles.set(share, profile)
    for (let quarter = 0; quarter < intervalsPerDay; quarter++) {
      quarterState = quarterMemory * quarterState + quarterFresh * draws[1 + quarter]!
      states[quarter] = quarterState
    }
    levelDay(levels, at, { profile, factors, states }, dayLevel, quarterNoise)
    at += intervalsPerDay
  }
  return levels
}

/** A loop of its own, small enough to take in all that it calls: no number is then put into an object to be handed over. */
function levelDay(
  levels: Float64Array,
  first: number,
  { profile, factors, states }: Record<'profile' | 'factors' | 'states', Float64Array>,
  dayLevel: number,
  quarterNoise: number,
): void {
  for (let quarter = 0; quarter < intervalsPerDay; quarter++) {
    const flicker = 1 + quarterNoise * limited(states[quarter]!)
    levels[first + quarter] = profile[quarter]! * factors[first + quarter]! * dayLevel * flicker
  }
}

/**
 * What is connected bounds what can run: a normal variable bent to stay within ±2.
 *
 *     limited = 2 · tanh(state / 2) = 2 − 4 / (e^state + 1)
 */
function limited(state: number): number {
  return 2 - 4 / (exp(state) + 1)
}

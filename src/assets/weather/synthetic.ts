/**
 * A seeded year of weather from monthly climate: monthly sums are those of the table, days are clear or cloudy with the
 * table's spread and follow each other as measured, clouds pass within the day in quarter-hours.
 *
 * Each day's clearness index comes from the table's quantiles through an autoregressive normal variable; within a day
 * the clear-sky curve is multiplied by a second one whose spread is largest on half-clear days. The year is always
 * drawn whole, so a run over a week has the weather of that week in the year's run.
 */
import { wholeYears, type Calendar } from '../../base/calendar.ts'
import { intervalsPerDay } from '../../base/units.ts'
import type { RandomStream } from '../../base/random.ts'
import type { Site } from '../site.ts'
import { extraterrestrialWm2, radPerDeg, sunTrack } from '../sun.ts'
import type { Climate, ClimateMonth } from './climate.ts'
import { decompose } from './decompose.ts'
import type { Weather } from './types.ts'

export type { Climate } from './climate.ts'

export interface SyntheticOptions {
  readonly climate: Climate
  readonly site: Site
  readonly calendar: Calendar
  readonly random: RandomStream
  /** factor on the table's irradiation, 1 by default */
  readonly ghiScale?: number
}

export function synthesizeWeather({
  climate,
  site,
  calendar,
  random,
  ghiScale = 1,
}: SyntheticOptions): Weather {
  const years = wholeYears(calendar)
  const whole = drawYears(climate, site, years.calendar, random, ghiScale)
  const start = years.firstInterval
  const cut = (column: Float64Array) => column.slice(start, start + calendar.intervals)
  return {
    ghiWm2: cut(whole.ghiWm2),
    dniWm2: cut(whole.dniWm2),
    dhiWm2: cut(whole.dhiWm2),
    airTempC: cut(whole.airTempC),
    windMs: cut(whole.windMs),
  }
}

function drawYears(
  climate: Climate,
  site: Site,
  years: Calendar,
  random: RandomStream,
  ghiScale: number,
): Weather {
  const sun = sunTrack(site, years)
  const clearness = drawClearness(climate, years, random)
  const ghiWm2 = new Float64Array(years.intervals)
  years.days.forEach((day, index) =>
    drawDay(ghiWm2, index, clearness[index]!, day.dayOfYear, sun.elevationDeg, random),
  )
  years.months.forEach((month) => {
    const wantedWh = climate.months[month.month - 1]!.ghiKwhM2 * 1000 * ghiScale
    scaleTo(ghiWm2.subarray(month.firstInterval, month.endInterval), wantedWh * 4)
  })
  const dhiWm2 = new Float64Array(years.intervals)
  const dniWm2 = new Float64Array(years.intervals)
  for (let interval = 0; interval < years.intervals; interval++) {
    const day = years.days[Math.floor(interval / intervalsPerDay)]!
    const split = decompose(
      ghiWm2[interval]!,
      sun.elevationDeg[interval]!,
      extraterrestrialWm2(day.dayOfYear),
    )
    dhiWm2[interval] = split.dhiWm2
    dniWm2[interval] = split.dniWm2
  }
  const airTempC = drawTemperature(climate, years, clearness, random)
  return { ghiWm2, dniWm2, dhiWm2, airTempC, windMs: new Float64Array(years.intervals).fill(2.1) }
}

/** Daily clearness index: a normal chain mapped through the month's quantiles. */
function drawClearness(climate: Climate, years: Calendar, random: RandomStream): Float64Array {
  // The map through the quantiles weakens the correlation a little; the chain is that much stronger.
  const lag1 = Math.min(0.98, climate.clearnessLag1 * 1.06)
  let state = random.normal()
  return Float64Array.from(years.days, (day) => {
    state = lag1 * state + Math.sqrt(1 - lag1 ** 2) * random.normal()
    return quantile(climate.months[day.month - 1]!, normalShare(state))
  })
}

/** Straight lines between the quantiles of the table, ending at nearly dark and nearly clear days. */
function quantile({ clearnessQuantiles: q }: ClimateMonth, share: number): number {
  const points: readonly (readonly [number, number])[] = [
    [0, Math.min(0.02, q.p10)],
    [0.1, q.p10],
    [0.25, q.p25],
    [0.5, q.p50],
    [0.75, q.p75],
    [0.9, q.p90],
    [1, Math.min(0.76, q.p90 + 0.06)],
  ]
  const right = Math.max(
    1,
    points.findIndex(([at]) => share <= at),
  )
  const [fromShare, fromValue] = points[right - 1]!
  const [toShare, toValue] = points[right]!
  return fromValue + ((share - fromShare) / (toShare - fromShare)) * (toValue - fromValue)
}

/** Share of a standard normal below x (logistic approximation, within 0.0095 of the error function). */
function normalShare(x: number): number {
  return 1 / (1 + Math.exp(-1.702 * x))
}

/** Clear-sky irradiance by Haurwitz (1945): 1098 · sin h · exp(−0.057 / sin h) [W/m²]. */
export function clearSkyWm2(elevationDeg: number): number {
  if (elevationDeg <= 0) return 0
  const sine = Math.sin(elevationDeg * radPerDeg)
  return 1098 * sine * Math.exp(-0.057 / sine)
}

function drawDay(
  ghiWm2: Float64Array,
  dayIndex: number,
  clearness: number,
  dayOfYear: number,
  elevationDeg: Float64Array,
  random: RandomStream,
): void {
  const start = dayIndex * intervalsPerDay
  const row = ghiWm2.subarray(start, start + intervalsPerDay)
  const spread = cloudSpread(clearness)
  const outside = extraterrestrialWm2(dayOfYear)
  let state = random.normal()
  let outsideSum = 0
  for (let quarter = 0; quarter < intervalsPerDay; quarter++) {
    state = 0.82 * state + Math.sqrt(1 - 0.82 ** 2) * random.normal()
    const elevation = elevationDeg[start + quarter]!
    if (elevation <= 0) continue
    outsideSum += outside * Math.sin(elevation * radPerDeg)
    row[quarter] = clearSkyWm2(elevation) * Math.exp(spread * state)
  }
  limitToClear(row, start, elevationDeg, clearness * outsideSum)
}

/** Passing clouds: little on clear and on dull days, most between. */
function cloudSpread(clearness: number): number {
  const halfClear = Math.max(0, 1 - Math.abs(clearness - 0.36) / 0.3)
  return 0.1 + 0.62 * halfClear
}

/** Scales a day to its sum; what passes the clear sky by more than a tenth (cloud edges) is cut and spread again. */
function limitToClear(row: Float64Array, start: number, elevationDeg: Float64Array, wanted: number): void {
  for (let round = 0; round < 4; round++) {
    scaleTo(row, wanted)
    for (let quarter = 0; quarter < row.length; quarter++) {
      row[quarter] = Math.min(row[quarter]!, 1.1 * clearSkyWm2(elevationDeg[start + quarter]!))
    }
  }
}

function scaleTo(column: Float64Array, wantedSum: number): void {
  let sum = 0
  for (let at = 0; at < column.length; at++) sum += column[at]!
  if (sum === 0) return
  for (let at = 0; at < column.length; at++) column[at] = (column[at]! * wantedSum) / sum
}

/**
 * Temperature: the month's mean, joined smoothly, a slow wave of warm and cold days, and a daily cycle lowest at 6 and
 * highest at 15 o'clock whose height follows the clearness.
 */
function drawTemperature(
  climate: Climate,
  years: Calendar,
  clearness: Float64Array,
  random: RandomStream,
): Float64Array {
  const airTempC = new Float64Array(years.intervals)
  let wave = random.normal()
  years.days.forEach((day, index) => {
    wave = 0.75 * wave + Math.sqrt(1 - 0.75 ** 2) * random.normal()
    const { meanDailyMinC, meanDailyMaxC, clearnessMean } = climate.months[day.month - 1]!
    const swing = ((meanDailyMaxC - meanDailyMinC) / 2) * (0.6 + (0.4 * clearness[index]!) / clearnessMean)
    const mean = smoothMean(climate, day.month, day.dayOfMonth) + 2.6 * wave
    for (let quarter = 0; quarter < intervalsPerDay; quarter++) {
      airTempC[index * intervalsPerDay + quarter] = mean + swing * dailyCycle(quarter / 4)
    }
  })
  return airTempC
}

/** Straight lines between the middles of the months. */
function smoothMean(climate: Climate, month: number, dayOfMonth: number): number {
  const offset = (dayOfMonth - 15) / 30
  const other = climate.months[(month - 1 + (offset < 0 ? 11 : 1)) % 12]!.meanC
  const own = climate.months[month - 1]!.meanC
  return own + Math.abs(offset) * (other - own)
}

/** −1 at 6 o'clock, +1 at 15, two half cosines. */
function dailyCycle(hour: number): number {
  const sinceLow = (hour - 6 + 24) % 24
  return sinceLow < 9 ? -Math.cos((Math.PI * sinceLow) / 9) : Math.cos((Math.PI * (sinceLow - 9)) / 15)
}

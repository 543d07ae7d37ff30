/**
 * Synthetic years of weather and the power of a roof in them, beside the climate they are drawn from and the ramps of a
 * measured plant: 15-minute steps between 9 and 16 o'clock of 2019 over capacity, median 0.031, 90 % 0.139, 99 % 0.337 (site 5 of
 * Chen and Xu, Scientific Data 9, 577, 2022).
 */
import { readFileSync } from 'node:fs'
import { makeCalendar } from '../../../src/base/calendar.ts'
import { randomStream } from '../../../src/base/random.ts'
import { intervalsPerDay } from '../../../src/base/units.ts'
import { pvPowerKw, type PvSystem } from '../../../src/assets/pv/system.ts'
import { extraterrestrialWm2, radPerDeg, sunTrack } from '../../../src/assets/sun.ts'
import { parseClimate } from '../../../src/assets/weather/climate.ts'
import { synthesizeWeather } from '../../../src/assets/weather/synthetic.ts'
import type { Weather } from '../../../src/assets/weather/types.ts'
import { count, table, type Section } from '../findings.ts'

export const climate = parseClimate(
  JSON.parse(readFileSync('seeds/climate-hangzhou.json', 'utf8')),
  'climate',
)
export const calendar = makeCalendar({ from: '2027-01-01', to: '2027-12-31' })
export const site = { latitudeDeg: 29.1, longitudeDeg: 119.69, altitudeM: 60 }
/** The pilot's; the others count on from it. */
export const pilotSeed = 20_270_101

export const roof: PvSystem = {
  capacityKwDc: 1000,
  inverterKwAc: 870,
  tiltDeg: 10,
  azimuthDeg: 180,
  lossFraction: 0.14,
  inverterEfficiency: 0.96,
  temperatureCoefficientPerK: -0.0037,
  mounting: 'roof',
}

export interface SyntheticYear {
  readonly weather: Weather
  /** light of each month [kWh/m²] */
  readonly monthsKwhM2: readonly number[]
  /** daily global over extraterrestrial horizontal */
  readonly clearness: readonly number[]
  /** day-to-day correlation of the clearness, the months' means taken out */
  readonly lag1: number
  /** 15-minute steps of power over capacity, 9 to 16 o'clock, ascending */
  readonly ramps: Float64Array
}

export function synthesizeYear(seed: number): SyntheticYear {
  const weather = synthesizeWeather({ climate, site, calendar, random: randomStream(seed, 'weather') })
  const clearness = clearnessOf(weather.ghiWm2)
  return {
    weather,
    monthsKwhM2: calendar.months.map(
      ({ firstInterval, endInterval }) => sum(weather.ghiWm2.subarray(firstInterval, endInterval)) / 4000,
    ),
    clearness,
    lag1: lag1Of(clearness),
    ramps: rampsOf(pvPowerKw({ weather, site, calendar, system: roof })),
  }
}

function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}

function clearnessOf(ghiWm2: Float64Array): number[] {
  const { elevationDeg } = sunTrack(site, calendar)
  return calendar.days.map(({ dayOfYear }, index) => {
    const own = [index * intervalsPerDay, (index + 1) * intervalsPerDay] as const
    const height = elevationDeg.subarray(...own).map((deg) => Math.max(0, Math.sin(deg * radPerDeg)))
    return sum(ghiWm2.subarray(...own)) / (sum(height) * extraterrestrialWm2(dayOfYear))
  })
}

function lag1Of(clearness: readonly number[]): number {
  const free = clearness.map(
    (kt, index) => kt - climate.months[calendar.days[index]!.month - 1]!.clearnessMean,
  )
  const mean = sum(free) / free.length
  const apart = free.map((kt) => kt - mean)
  return sum(apart.slice(1).map((kt, index) => kt * apart[index]!)) / sum(apart.map((kt) => kt ** 2))
}

function rampsOf(powerKw: Float64Array): Float64Array {
  const inDay = (at: number) => at % intervalsPerDay > 36 && at % intervalsPerDay <= 64
  const steps = powerKw.map((kw, at) => (at > 0 ? Math.abs(kw - powerKw[at - 1]!) / roof.capacityKwDc : 0))
  return steps.filter((_, at) => inDay(at)).sort()
}

export function quantile(ascending: ArrayLike<number>, share: number): number {
  return ascending[Math.floor(share * ascending.length)]!
}

export const measuredRamps = [
  { share: 0.5, step: 0.031 },
  { share: 0.9, step: 0.139 },
  { share: 0.99, step: 0.337 },
] as const

const quantileShares = { p10: 0.1, p25: 0.25, p50: 0.5, p75: 0.75, p90: 0.9 } as const

export interface MonthClearness {
  readonly month: number
  /** synthetic less table, at 10, 25, 50, 75 and 90 % */
  readonly apart: readonly number[]
  readonly meanApart: number
}

/** Days of all years together, month by month. */
export function clearnessApart(years: readonly SyntheticYear[]): MonthClearness[] {
  return climate.months.map(({ month, clearnessMean, clearnessQuantiles }) => {
    const days = years.flatMap(({ clearness }) =>
      clearness.filter((_, at) => calendar.days[at]!.month === month),
    )
    const ascending = days.toSorted((a, b) => a - b)
    const names = Object.keys(quantileShares) as (keyof typeof quantileShares)[]
    return {
      month,
      apart: names.map((name) => quantile(ascending, quantileShares[name]) - clearnessQuantiles[name]),
      meanApart: sum(days) / days.length - clearnessMean,
    }
  })
}

/** What the climate page calls too smooth or too wild: a factor of two. */
export const rampFactor = 2

export const syntheticSection: Section = {
  name: 'physics/synthetic',
  run: (size) => {
    const seeds = size === 'full' ? 20 : 2
    const years = Array.from({ length: seeds }, (_, at) => synthesizeYear(pilotSeed + at))
    const name = 'synthetic year'
    const days = clearnessApart(years)
    const light = years.flatMap(({ monthsKwhM2 }) =>
      monthsKwhM2.map((kwh, at) => kwh - climate.months[at]!.ghiKwhM2),
    )
    const lags = years.map(({ lag1 }) => lag1)
    const ramps = measuredRamps.map(({ share, step }) => {
      const found = years.map((year) => quantile(year.ramps, share))
      const good = found.filter((each) => each / step > 1 / rampFactor && each / step < rampFactor)
      const range = `${Math.min(...found).toFixed(3)} to ${Math.max(...found).toFixed(3)}`
      const what = `15-minute ramps, 9 to 16 o’clock, ${share * 100} % quantile`
      return {
        row: [name, what, `${step}, factor 2`, range, `${seeds}`, `${good.length}`, 'no'],
        good: good.length,
      }
    })
    const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
    const quantiles = days.flatMap(({ apart }) => apart)
    const means = days.map(({ meanApart }) => meanApart)
    const lag = sum(lags) / lags.length
    const near = (values: readonly number[], limit: number) =>
      values.filter((each) => Math.abs(each) <= limit).length
    return {
      rows: [
        [
          name,
          'light of a month against the climate table',
          'equal',
          `${most(light).toExponential(0)} kWh/m² at most`,
          count(light.length),
          count(near(light, 1e-6)),
          'drawn from it',
        ],
        [
          name,
          'daily clearness, mean of a month',
          'table ± 0.03',
          `${most(means).toFixed(3)} at most`,
          '12',
          `${near(means, 0.03)}`,
          'drawn from it',
        ],
        [
          name,
          'daily clearness, quantiles of a month',
          'table ± 0.1',
          `${most(quantiles).toFixed(3)} at most`,
          '60',
          `${near(quantiles, 0.1)}`,
          'drawn from it',
        ],
        [
          name,
          'clearness from day to day, correlation',
          '0.51 ± 0.15',
          `${lag.toFixed(2)} in the mean`,
          `${seeds}`,
          `${lags.filter((each) => Math.abs(each - 0.51) <= 0.15).length}`,
          'drawn from it',
        ],
        ...ramps.map(({ row }) => row),
      ],
      blocks: {
        clearness: table(
          ['month', 'mean', '10 %', '25 %', '50 %', '75 %', '90 %'],
          days.map(({ month, apart, meanApart }) => [
            `${month}`,
            ...[meanApart, ...apart].map((each) => (Math.round(each * 100) / 100 + 0).toFixed(2)),
          ]),
        ),
      },
      misses: ramps.flatMap(({ row, good }) => (good < seeds ? [row[1]!] : [])),
    }
  },
}

/**
 * A measured PV plant: 110 MW, irradiance, air temperature and power every quarter-hour of 2019 and 2020. Place not published.
 *
 * Source: site 5 of Y. Chen and J. Xu, Solar and wind power data from the Chinese State Grid Renewable Energy Generation
 * Forecasting Competition, Scientific Data 9, 577 (2022), doi 10.1038/s41597-022-01696-6.
 */
import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import type { Site } from '../../../src/assets/site.ts'
import { dataFile } from '../data.ts'

export const plantFile = 'pv-china-stategrid-site5/solar_site5_110MW_2019_2020.csv'
export const plantKw = 110_000

/**
 * Where it must lie: by the centre of clear days near 113° E, by their length near 29° N. Two degrees more or less change no
 * month by more than half a per cent.
 */
export const plantSite: Site = { latitudeDeg: 29, longitudeDeg: 113, altitudeM: 50 }

export interface Quarter {
  /** YYYY-MM-DD, UTC+8 */
  readonly day: string
  /** start of the quarter-hour [h] */
  readonly hour: number
  /** middle of the quarter-hour, UTC */
  readonly middleMs: number
  /** the column "total solar irradiance", on the plane of its instrument [W/m²] */
  readonly totalWm2: number
  /** the column "direct normal irradiance", which behaves like the direct part of the total [W/m²] */
  readonly directWm2: number
  /** the column "global horizontal irradiance" [W/m²] */
  readonly horizontalWm2: number
  readonly airTempC: number
  /** negative at night, when the plant feeds itself [kW] */
  readonly powerKw: number
}

export interface PlantDay {
  readonly day: string
  readonly quarters: readonly Quarter[]
  /** quarter-hours of the day's light, 7 to 18 o'clock, for which nothing was recorded */
  readonly missing: number
}

export function readPlant(): PlantDay[] {
  const rows = parse(readFileSync(dataFile(plantFile), 'utf8'), { from_line: 2 }) as string[][]
  return [...Map.groupBy(rows, ([time]) => time!.slice(0, 10))].map(([day, own]) => {
    const isMissing = ([, total]: string[]) => total === '--'
    const hourOf = ([time]: string[]) => Number(time!.slice(11, 13))
    return {
      day,
      quarters: own.filter((row) => !isMissing(row)).map(quarterOf),
      missing: own.filter((row) => isMissing(row) && hourOf(row) >= 7 && hourOf(row) < 18).length,
    }
  })
}

function quarterOf(row: readonly string[]): Quarter {
  const [time, total, direct, horizontal, temperature, , , megawatts] = row
  const [day, clock] = [time!.slice(0, 10), time!.slice(11)]
  return {
    day,
    hour: Number(clock.slice(0, 2)) + Number(clock.slice(3, 5)) / 60,
    middleMs: Date.parse(`${day}T${clock}+08:00`) + 450_000,
    totalWm2: Number(total),
    directWm2: Number(direct),
    horizontalWm2: Number(horizontal),
    airTempC: Number(temperature),
    powerKw: Number(megawatts) * 1000,
  }
}

/**
 * PVWatts step by step: its own weather through the product's chain, beside each of its output columns. 4 kW on an open rack in
 * Golden, Colorado, exported from NREL's web tool; file of pvlib/pvlib-python, tests/data, commit 6382338a.
 */
import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { planeOfArrayWm2 } from '../../../src/assets/pv/plane.ts'
import { acPowerKw, cellTemperatureC, dcPowerKw, type PvSystem } from '../../../src/assets/pv/system.ts'
import { extraterrestrialWm2, radPerDeg, sunAt } from '../../../src/assets/sun.ts'
import { dataFile } from '../data.ts'
import type { Section } from '../findings.ts'

export const pvwattsFile = 'pv-model-pvwatts/pvwatts_8760_rackmount.csv'

const golden = { latitudeDeg: 39.73, longitudeDeg: -105.18, altitudeM: 1820 }
const utcOffsetHours = -7
const rack: PvSystem = {
  capacityKwDc: 4,
  inverterKwAc: 4 / 1.2,
  tiltDeg: 20,
  azimuthDeg: 180,
  lossFraction: 0.1408,
  inverterEfficiency: 0.96,
  temperatureCoefficientPerK: -0.0047,
  mounting: 'rack',
}

const steps = ['poaWm2', 'cellTempC', 'dcKw', 'acKw'] as const
type Step = Readonly<Record<(typeof steps)[number], number>>

export interface PvwattsHour {
  /** 1 to 12 */
  readonly month: number
  readonly published: Step
  readonly modelled: Step
}

export function runPvwatts(): PvwattsHour[] {
  const lines = readFileSync(dataFile(pvwattsFile), 'utf8').split(/\r?\n/)
  const header = lines.findIndex((line) => line.startsWith('Month,Day'))
  const hours = lines.slice(header + 1, header + 8761).join('\n')
  return (parse(hours, { relax_column_count: true }) as string[][]).map((row) => hourOf(row.map(Number)))
}

function hourOf(row: readonly number[]): PvwattsHour {
  const [month, day, hour, dniWm2, dhiWm2, airTempC, windMs, poaWm2, cellTempC, dcW, acW] = row as [
    month: number,
    day: number,
    hour: number,
    dniWm2: number,
    dhiWm2: number,
    airTempC: number,
    windMs: number,
    poaWm2: number,
    cellTempC: number,
    dcW: number,
    acW: number,
  ]
  const startMs = Date.UTC(2026, month - 1, day, hour - utcOffsetHours)
  const sun = sunAt(golden, startMs + 1_800_000)
  const dayOfYear = Math.floor((Date.UTC(2026, month - 1, day) - Date.UTC(2026, 0, 1)) / 86_400_000) + 1
  const ghiWm2 = dhiWm2 + dniWm2 * Math.max(0, Math.sin(sun.elevationDeg * radPerDeg))
  const light = { ghiWm2, dniWm2, dhiWm2, extraterrestrialWm2: extraterrestrialWm2(dayOfYear) }
  const taken = planeOfArrayWm2(rack, sun, light)
  const cell = cellTemperatureC('rack', taken, airTempC, windMs)
  const dcKw = dcPowerKw(rack, taken, cell)
  return {
    month,
    published: { poaWm2, cellTempC, dcKw: dcW / 1000, acKw: acW / 1000 },
    modelled: {
      // PVWatts prints the plane's light before what the glass reflects.
      poaWm2: planeOfArrayWm2(rack, sun, light, { reflection: false }),
      cellTempC: cell,
      dcKw,
      acKw: acPowerKw(rack, dcKw),
    },
  }
}

/** Sum of the modelled over sum of the published, less 1. */
export function apartIn(hours: readonly PvwattsHour[], step: (typeof steps)[number]): number {
  const sum = (of: 'modelled' | 'published') => hours.reduce((total, hour) => total + hour[of][step], 0)
  return sum('modelled') / sum('published') - 1
}

export function monthsApart(hours: readonly PvwattsHour[]): number[] {
  return [...Map.groupBy(hours, ({ month }) => month).values()].map((own) => apartIn(own, 'acKw'))
}

/** Mean difference of the cell's temperature in light. [K] */
export function cellTempApart(hours: readonly PvwattsHour[]): number {
  const lit = hours.filter(({ published }) => published.poaWm2 > 0)
  return (
    lit.reduce((sum, { modelled, published }) => sum + modelled.cellTempC - published.cellTempC, 0) /
    lit.length
  )
}

const percent = (share: number) => `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(2)} %`

export const pvwattsSection: Section = {
  name: 'physics/pvwatts',
  needs: pvwattsFile,
  sliceIsAll: true,
  run: () => {
    const hours = runPvwatts()
    const months = monthsApart(hours)
    const year = apartIn(hours, 'acKw')
    const held = months.filter((apart) => Math.abs(apart) <= 0.03).length
    const row = (what: string, wanted: string, found: string, [cases, good]: readonly [string, string]) => [
      'PVWatts, Golden, 4 kW',
      what,
      wanted,
      found,
      cases,
      good,
      'no',
    ]
    const told = ['1', '–'] as const
    const range = `${percent(Math.min(...months))} to ${percent(Math.max(...months))}`
    return {
      rows: [
        row('AC energy by month', 'within 3 %', range, ['12', `${held}`]),
        row('AC energy of the year', 'within 1 %', percent(year), ['1', Math.abs(year) <= 0.01 ? '1' : '0']),
        row('light on the plane, year', '–', percent(apartIn(hours, 'poaWm2')), told),
        row('cell temperature in light, mean', '–', `${cellTempApart(hours).toFixed(2)} K`, told),
        row('DC energy of the year', '–', percent(apartIn(hours, 'dcKw')), told),
      ],
      misses: held === 12 && Math.abs(year) <= 0.01 ? [] : ['PVWatts'],
    }
  },
}

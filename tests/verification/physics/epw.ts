/**
 * The Hangzhou weather file, whose solar columns lag the clock by an hour: found, said, and moved without losing energy. CSWD,
 * Hangzhou 584570 (China Meteorological Bureau and Tsinghua University).
 */
import { readFileSync } from 'node:fs'
import { makeCalendar } from '../../../src/base/calendar.ts'
import { extraterrestrialWm2, radPerDeg, sunTrack } from '../../../src/assets/sun.ts'
import { parseEpw } from '../../../src/assets/weather/epw.ts'
import { dataFile } from '../data.ts'
import type { Section } from '../findings.ts'

export const epwFile = 'weather-hangzhou-cswd/CHN_Zhejiang.Hangzhou.584570_CSWD.epw'

export interface EpwReading {
  readonly findings: readonly string[]
  readonly ghiKwhM2: number
  /** light with the sun more than 3° below the horizon [kWh/m²] */
  readonly atNightKwhM2: number
  /** hours whose light passes what reaches the atmosphere by more than 5 % */
  readonly hoursBeyondSun: number
}

export function readEpw(): string {
  return readFileSync(dataFile(epwFile), 'utf8')
}

/** @param solarShiftHours as a scenario says it */
export function epwReading(solarShiftHours: number | 'detect'): EpwReading {
  const calendar = makeCalendar({ from: '2027-01-01', to: '2027-12-31' })
  const read = parseEpw(readEpw(), { calendar, solarShiftHours })
  if ('faults' in read) throw new Error(JSON.stringify(read.faults))
  const { elevationDeg } = sunTrack(read.site, calendar)
  const { ghiWm2 } = read.weather
  const night = ghiWm2.filter((_, at) => elevationDeg[at]! < -3)
  let hoursBeyondSun = 0
  for (let hour = 0; hour < calendar.intervals / 4; hour++) {
    const outside = extraterrestrialWm2(calendar.days[Math.floor(hour / 24)]!.dayOfYear)
    const quarters = [0, 1, 2, 3].map((quarter) => hour * 4 + quarter)
    const sum = (of: (at: number) => number) => quarters.reduce((total, at) => total + of(at), 0)
    const most = sum((at) => outside * Math.max(0, Math.sin(elevationDeg[at]! * radPerDeg)))
    if (sum((at) => ghiWm2[at]!) > 1.05 * most) hoursBeyondSun++
  }
  const kwhM2 = (column: Float64Array) => column.reduce((total, wm2) => total + wm2, 0) / 4000
  return { findings: read.findings, ghiKwhM2: kwhM2(ghiWm2), atNightKwhM2: kwhM2(night), hoursBeyondSun }
}

export const epwSection: Section = {
  name: 'physics/epw',
  needs: epwFile,
  sliceIsAll: true,
  run: () => {
    const [plain, found] = [epwReading(0), epwReading('detect')]
    const said = found.findings.join('; ')
    const isFound = /1 h late.*moved by -1 h/.test(said)
    const row = (what: string, wanted: string, value: string, isGood: boolean) => [
      'Hangzhou EPW (CSWD)',
      what,
      wanted,
      value,
      '1',
      isGood ? '1' : '0',
      'no',
    ]
    const isKept = Math.abs(found.ghiKwhM2 - 1202) < 0.5
    const [night, before] = [found.atNightKwhM2, plain.atNightKwhM2].map((each) => each.toFixed(2))
    return {
      rows: [
        row('solar columns against the clock', 'found and said', `“${said}”`, isFound),
        row('light of the year', '1,202 kWh/m²', `${found.ghiKwhM2.toFixed(1)} kWh/m²`, isKept),
        row(
          'light with the sun below −3°',
          'less than unmoved',
          `${night} kWh/m², unmoved ${before}`,
          Number(night) < Number(before),
        ),
        row(
          'hours 5 % above what reaches the atmosphere',
          'fewer than unmoved',
          `${found.hoursBeyondSun}, unmoved ${plain.hoursBeyondSun}`,
          found.hoursBeyondSun < plain.hoursBeyondSun,
        ),
      ],
      misses: isFound && isKept ? [] : ['the clock of the Hangzhou EPW'],
    }
  },
}

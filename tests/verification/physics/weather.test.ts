import { expect, test } from 'vitest'
import { makeCalendar } from '../../../src/base/calendar.ts'
import { parseEpw } from '../../../src/assets/weather/epw.ts'
import { dataFile, isMissing } from '../data.ts'
import { epwFile, epwReading, readEpw } from './epw.ts'
import { apartIn, cellTempApart, monthsApart, pvwattsFile, runPvwatts } from './pvwatts.ts'
import {
  clearnessApart,
  climate,
  measuredRamps,
  pilotSeed,
  quantile,
  rampFactor,
  synthesizeYear,
} from './synthetic-year.ts'

test('PVWatts, Golden, 4 kW on an open rack (NREL): months within 3 %, the year within 1 %', (context) => {
  if (isMissing(pvwattsFile)) return context.skip(`${dataFile(pvwattsFile)} is missing`)
  const hours = runPvwatts()
  expect(hours.length).toBe(8760)
  expect(Math.max(...monthsApart(hours).map(Math.abs))).toBeLessThan(0.03)
  expect(Math.abs(apartIn(hours, 'acKw'))).toBeLessThan(0.01)
  expect(Math.abs(apartIn(hours, 'poaWm2'))).toBeLessThan(0.01)
  expect(Math.abs(apartIn(hours, 'dcKw'))).toBeLessThan(0.01)
  expect(Math.abs(cellTempApart(hours))).toBeLessThan(1)
})

test('the Hangzhou EPW: its solar clock is an hour late, which is found and said; sums stay what they are', (context) => {
  if (isMissing(epwFile)) return context.skip(`${dataFile(epwFile)} is missing`)
  const [plain, found] = [epwReading(0), epwReading('detect')]
  expect(found.findings.join()).toMatch(/1 h late.*moved by -1 h/)
  expect(found.ghiKwhM2).toBeCloseTo(1202, 0)
  expect(found.atNightKwhM2).toBeLessThan(plain.atNightKwhM2 / 10)
  expect(found.hoursBeyondSun).toBeLessThan(plain.hoursBeyondSun / 10)
})

test('parseEpw() keeps the place of the file and refuses a missing value with its line', (context) => {
  if (isMissing(epwFile)) return context.skip(`${dataFile(epwFile)} is missing`)
  const calendar = makeCalendar({ from: '2027-01-01', to: '2027-12-31' })
  const read = parseEpw(readEpw(), { calendar })
  expect('site' in read && read.site.latitudeDeg).toBeCloseTo(30.23)
  const faulty = readEpw().split('\n')
  faulty[100] = faulty[100]!
    .split(',')
    .map((field, at) => (at === 13 ? '9999' : field))
    .join(',')
  const refused = parseEpw(faulty.join('\n'), { calendar })
  expect('faults' in refused && refused.faults).toMatchObject([
    { line: 101, path: 'global horizontal radiation' },
  ])
})

const years = [pilotSeed, pilotSeed + 1, pilotSeed + 2].map(synthesizeYear)

test('the synthetic year has the monthly irradiation of the climate table', () => {
  for (const { monthsKwhM2 } of years) {
    monthsKwhM2.forEach((kwh, at) => expect(kwh).toBeCloseTo(climate.months[at]!.ghiKwhM2, 6))
  }
})

test.each(measuredRamps)(
  '15-minute ramps between 9 and 16 o’clock: quantile $share within a factor of two of $step',
  ({ share, step }) => {
    for (const { ramps } of years) {
      expect(quantile(ramps, share) / step).toBeGreaterThan(1 / rampFactor)
      expect(quantile(ramps, share) / step).toBeLessThan(rampFactor)
    }
  },
)

test('cloudy and clear days follow each other: lag-1 correlation of clearness near 0.51, spread as in the table', () => {
  for (const { lag1 } of years) expect(Math.abs(lag1 - 0.51)).toBeLessThan(0.15)
  for (const { meanApart, apart } of clearnessApart(years)) {
    expect(Math.abs(meanApart)).toBeLessThan(0.05)
    expect(Math.max(...apart.map(Math.abs))).toBeLessThan(0.2)
  }
})

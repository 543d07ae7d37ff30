import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { makeCalendar } from '../../src/base/calendar.ts'
import { randomStream } from '../../src/base/random.ts'
import {
  acPowerKw,
  cellTemperatureC,
  dcPowerKw,
  pvPowerKw,
  type PvSystem,
} from '../../src/assets/pv/system.ts'
import { planeOfArrayWm2 } from '../../src/assets/pv/plane.ts'
import { extraterrestrialWm2, sunAt } from '../../src/assets/sun.ts'
import { parseClimate } from '../../src/assets/weather/climate.ts'
import { parseEpw } from '../../src/assets/weather/epw.ts'
import { synthesizeWeather } from '../../src/assets/weather/synthetic.ts'

const data = '../shared/data'
const site = { latitudeDeg: 29.1, longitudeDeg: 119.69, altitudeM: 60 }
const climate = parseClimate(JSON.parse(readFileSync('seeds/climate-hangzhou.json', 'utf8')), 'climate')
const calendar = makeCalendar({ from: '2027-01-01', to: '2027-12-31' })
const weather = synthesizeWeather({ climate, site, calendar, random: randomStream(20270101, 'weather') })
const system: PvSystem = {
  capacityKwDc: 1000,
  inverterKwAc: 870,
  tiltDeg: 10,
  azimuthDeg: 180,
  lossFraction: 0.14,
  inverterEfficiency: 0.96,
  temperatureCoefficientPerK: -0.0037,
  mounting: 'roof',
}
const power = pvPowerKw({ weather, site, calendar, system })
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)

test('the synthetic year has the monthly irradiation of the climate table', () => {
  calendar.months.forEach((month, index) => {
    const kwh = sum(weather.ghiWm2.subarray(month.firstInterval, month.endInterval)) / 4000
    expect(kwh).toBeCloseTo(climate.months[index]!.ghiKwhM2, 6)
  })
})

test('a roof yields 1,000 to 1,150 kWh/kW in the synthetic year; facts: 950 to 1,120 at 9 % more irradiation', () => {
  const yieldKwh = sum(power) / 4 / 1000
  expect(yieldKwh).toBeGreaterThan(930)
  expect(yieldKwh).toBeLessThan(1150)
})

test('15-minute ramps between 9 and 16 o’clock are within a factor of two of those measured: 0.031, 0.139, 0.337', () => {
  const ramps: number[] = []
  for (let at = 1; at < power.length; at++) {
    const quarter = at % 96
    if (quarter > 36 && quarter <= 64) ramps.push(Math.abs(power[at]! - power[at - 1]!) / 1000)
  }
  ramps.sort((a, b) => a - b)
  const quantile = (share: number) => ramps[Math.floor(share * ramps.length)]!
  const measured = [0.031, 0.139, 0.337]
  ;[0.5, 0.9, 0.99].forEach((share, index) => {
    const ratio = quantile(share) / measured[index]!
    expect(ratio, `quantile ${share}`).toBeGreaterThan(0.5)
    expect(ratio, `quantile ${share}`).toBeLessThan(2)
  })
})

test('cloudy and clear days follow each other: lag-1 correlation of clearness near 0.51, spread as in the table', () => {
  const daily = calendar.days.map((day, index) => {
    let outside = 0
    for (let quarter = 0; quarter < 96; quarter++) {
      const { elevationDeg } = sunAt(site, calendar.startMs + (index * 96 + quarter + 0.5) * 900_000)
      outside += Math.max(0, Math.sin((elevationDeg * Math.PI) / 180)) * extraterrestrialWm2(day.dayOfYear)
    }
    return sum(weather.ghiWm2.subarray(index * 96, index * 96 + 96)) / outside
  })
  const free = daily.map((kt, index) => kt - climate.months[calendar.days[index]!.month - 1]!.clearnessMean)
  const mean = sum(free) / free.length
  const lag =
    sum(free.slice(1).map((kt, at) => (kt - mean) * (free[at]! - mean))) /
    sum(free.map((kt) => (kt - mean) ** 2))
  expect(Math.abs(lag - 0.51)).toBeLessThan(0.15)
  const sorted = daily.toSorted((a, b) => a - b)
  expect(sorted[36]!).toBeLessThan(0.2)
  expect(sorted[182]!).toBeGreaterThan(0.3)
  expect(sorted[182]!).toBeLessThan(0.5)
  expect(sorted[328]!).toBeGreaterThan(0.52)
})

test('a run over a week has the weather of that week in the year', () => {
  const week = makeCalendar({ from: '2027-07-05', to: '2027-07-11' })
  const cut = synthesizeWeather({ climate, site, calendar: week, random: randomStream(20270101, 'weather') })
  const first = calendar.days.findIndex((day) => day.date === '2027-07-05') * 96
  expect([...cut.ghiWm2]).toEqual([...weather.ghiWm2.subarray(first, first + 672)])
})

test('power is 0 at night, never negative and never above the inverter', () => {
  power.forEach((kw, at) => {
    expect(kw).toBeGreaterThanOrEqual(0)
    expect(kw).toBeLessThanOrEqual(870)
    if (weather.ghiWm2[at] === 0) expect(kw).toBe(0)
  })
})

test('dcPowerKw() is linear in irradiance at 25 °C, acPowerKw() never falls as it rises', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: 1200, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (poa, part) => {
        expect(dcPowerKw(system, poa * part, 25)).toBeCloseTo(dcPowerKw(system, poa, 25) * part, 6)
        expect(acPowerKw(system, dcPowerKw(system, poa * part, 25))).toBeLessThanOrEqual(
          acPowerKw(system, dcPowerKw(system, poa, 25)) + 1e-9,
        )
      },
    ),
    { seed: 31 },
  )
})

const pvwatts = `${data}/pv-model-pvwatts/pvwatts_8760_rackmount.csv`
test.skipIf(!existsSync(pvwatts))(
  'PVWatts, Golden, 4 kW on an open rack: months within 3 %, the year within 1 % (NREL, see shared data)',
  () => {
    const lines = readFileSync(pvwatts, 'utf8').split(/\r?\n/)
    const header = lines.findIndex((line) => line.startsWith('Month,Day'))
    const rows = (
      parse(lines.slice(header + 1, header + 8761).join('\n'), { relax_column_count: true }) as string[][]
    ).map((row) => row.map(Number))
    const golden = { latitudeDeg: 39.73, longitudeDeg: -105.18, altitudeM: 1820 }
    const rack: PvSystem = {
      ...system,
      capacityKwDc: 4,
      inverterKwAc: 4 / 1.2,
      tiltDeg: 20,
      lossFraction: 0.1408,
      temperatureCoefficientPerK: -0.0047,
      mounting: 'rack',
    }
    const months = Array.from({ length: 12 }, () => ({ modelled: 0, published: 0 }))
    for (const [month, day, hour, dni, dhi, temperature, wind, , , , ac] of rows as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ][]) {
      const middle = Date.UTC(2026, month - 1, day, hour + 7, 30)
      const sun = sunAt(golden, middle)
      const ghi = dhi + dni * Math.max(0, Math.sin((sun.elevationDeg * Math.PI) / 180))
      const dayOfYear = Math.floor((Date.UTC(2026, month - 1, day) - Date.UTC(2026, 0, 1)) / 86_400_000) + 1
      const poa = planeOfArrayWm2(rack, sun, {
        ghiWm2: ghi,
        dniWm2: dni,
        dhiWm2: dhi,
        extraterrestrialWm2: extraterrestrialWm2(dayOfYear),
      })
      const kw =
        poa <= 0 ? 0 : acPowerKw(rack, dcPowerKw(rack, poa, cellTemperatureC('rack', poa, temperature, wind)))
      months[month - 1]!.modelled += kw
      months[month - 1]!.published += ac / 1000
    }
    const ratio = (part: typeof months) =>
      sum(part.map((each) => each.modelled)) / sum(part.map((each) => each.published))
    for (const month of months) expect(Math.abs(ratio([month]) - 1)).toBeLessThan(0.03)
    expect(Math.abs(ratio(months) - 1)).toBeLessThan(0.01)
  },
)

const epw = `${data}/weather-hangzhou-cswd/CHN_Zhejiang.Hangzhou.584570_CSWD.epw`
test.skipIf(!existsSync(epw))(
  'the Hangzhou EPW: its solar clock is an hour late, which is found and said; sums stay what they are',
  () => {
    const read = parseEpw(readFileSync(epw, 'utf8'), { calendar, solarShiftHours: 'detect' })
    if ('faults' in read) throw new Error(JSON.stringify(read.faults))
    expect(read.findings.join()).toMatch(/1 h late.*moved by -1 h/)
    expect(sum(read.weather.ghiWm2) / 4000).toBeCloseTo(1202, 0)
    expect(read.site.latitudeDeg).toBeCloseTo(30.23)
    const faulty = readFileSync(epw, 'utf8').split('\n')
    faulty[100] = faulty[100]!
      .split(',')
      .map((field, at) => (at === 13 ? '9999' : field))
      .join(',')
    const refused = parseEpw(faulty.join('\n'), { calendar })
    expect('faults' in refused && refused.faults).toMatchObject([
      { line: 101, path: 'global horizontal radiation' },
    ])
  },
)

const plant = `${data}/pv-china-stategrid-site5/solar_site5_110MW_2019_2020.csv`
test.skipIf(!existsSync(plant))(
  'a measured 110 MW plant from its own irradiance: daily correlation at least 0.98, clean months within 10 %',
  () => {
    const rows = (parse(readFileSync(plant, 'utf8'), { from_line: 2 }) as string[][]).filter(
      (row) => row[0]!.startsWith('2019') && row[1] !== '--',
    )
    // The loss factor is the one calibrated number: 0.11 behind the 96 % inverter.
    const large: PvSystem = {
      ...system,
      capacityKwDc: 110_000,
      inverterKwAc: 110_000,
      lossFraction: 0.11,
      mounting: 'rack',
    }
    const days = new Map<string, { modelled: number; measured: number }>()
    for (const [time, poa, , , temperature, , , mw] of rows as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ][]) {
      const day = days.get(time.slice(0, 10)) ?? { modelled: 0, measured: 0 }
      const kw =
        Number(poa) <= 0
          ? 0
          : acPowerKw(
              large,
              dcPowerKw(large, Number(poa), cellTemperatureC('rack', Number(poa), Number(temperature), 2)),
            )
      day.modelled += kw / 4
      day.measured += (Math.max(0, Number(mw)) * 1000) / 4
      days.set(time.slice(0, 10), day)
    }
    // Days on which the plant stood still at noon or reported nothing (shared data README).
    for (const date of ['2019-03-15', '2019-04-27', '2019-04-28', '2019-04-29', '2019-05-29'])
      days.delete(date)
    const clean = [...days.values()]
    const mean = (key: 'modelled' | 'measured') => sum(clean.map((day) => day[key])) / clean.length
    const [mx, my] = [mean('modelled'), mean('measured')]
    const cov = sum(clean.map((day) => (day.modelled - mx) * (day.measured - my)))
    const spread = Math.sqrt(
      sum(clean.map((day) => (day.modelled - mx) ** 2)) * sum(clean.map((day) => (day.measured - my) ** 2)),
    )
    expect(cov / spread).toBeGreaterThan(0.98)
    for (let month = 1; month <= 12; month++) {
      const part = [...days].filter(([date]) => Number(date.slice(5, 7)) === month).map(([, day]) => day)
      const ratio = sum(part.map((day) => day.modelled)) / sum(part.map((day) => day.measured))
      // Winter is modelled up to 9.6 % low and summer 2.3 % high: the plant feels heat less than the model says.
      expect(Math.abs(ratio - 1), `month ${month}: ${ratio}`).toBeLessThan(0.1)
    }
  },
)

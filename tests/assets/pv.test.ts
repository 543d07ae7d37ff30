import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeCalendar } from '../../src/base/calendar.ts'
import { randomStream } from '../../src/base/random.ts'
import { acPowerKw, dcPowerKw, pvPowerKw } from '../../src/assets/pv/system.ts'
import { synthesizeWeather } from '../../src/assets/weather/synthetic.ts'
import {
  calendar,
  climate,
  pilotSeed,
  roof,
  site,
  synthesizeYear,
} from '../verification/physics/synthetic-year.ts'

const { weather } = synthesizeYear(pilotSeed)
const power = pvPowerKw({ weather, site, calendar, system: roof })

test('a roof yields 1,000 to 1,150 kWh/kW in the synthetic year; facts: 950 to 1,120 at 9 % more irradiation', () => {
  const yieldKwh = power.reduce((sum, kw) => sum + kw, 0) / 4 / 1000
  expect(yieldKwh).toBeGreaterThan(930)
  expect(yieldKwh).toBeLessThan(1150)
})

test('a run over a week has the weather of that week in the year', () => {
  const week = makeCalendar({ from: '2027-07-05', to: '2027-07-11' })
  const cut = synthesizeWeather({ climate, site, calendar: week, random: randomStream(pilotSeed, 'weather') })
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

test('a flat inverter turns one share at every load up to its limit, which it shares with that of PVWatts', () => {
  const flat = { ...roof, inverterCurve: 'flat' as const }
  const limit = roof.inverterKwAc
  for (const load of [0.01, 0.1, 0.5, 0.999])
    expect(acPowerKw(flat, (load * limit) / 0.96)).toBeCloseTo(load * limit, 9)
  for (const dcKw of [limit / 0.96, 2 * limit]) expect(acPowerKw(flat, dcKw)).toBe(acPowerKw(roof, dcKw))
  // At a tenth of its load the curve of PVWatts gives 0.96 / 0.9637 · (0.9858 − 0.00162 − 0.059).
  expect(acPowerKw(roof, (0.1 * limit) / 0.96)).toBeCloseTo(((0.1 * limit) / 0.96) * 0.921628, 3)
})

test('dcPowerKw() is linear in irradiance at 25 °C, acPowerKw() never falls as it rises, whichever curve', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: 1200, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom('pvwatts' as const, 'flat' as const),
      (poa, part, inverterCurve) => {
        const system = { ...roof, inverterCurve }
        expect(dcPowerKw(system, poa * part, 25)).toBeCloseTo(dcPowerKw(system, poa, 25) * part, 6)
        expect(acPowerKw(system, dcPowerKw(system, poa * part, 25))).toBeLessThanOrEqual(
          acPowerKw(system, dcPowerKw(system, poa, 25)) + 1e-9,
        )
      },
    ),
    { seed: 31 },
  )
})

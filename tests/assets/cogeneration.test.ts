import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeCalendar } from '../../src/base/calendar.ts'
import { randomStream } from '../../src/base/random.ts'
import { cogenerationPowerKw, type CogenerationSpec } from '../../src/assets/cogeneration.ts'
import { isWorkday, parseHolidays } from '../../src/assets/holidays.ts'

const holidays = parseHolidays(JSON.parse(readFileSync('seeds/holidays-cn.json', 'utf8')))
const calendar = makeCalendar({ from: '2027-01-01', to: '2027-12-31' })
const airTempC = Float64Array.from(
  { length: calendar.intervals },
  (_, at) => 17 - 12 * Math.cos((2 * Math.PI * (at / 96 - 20)) / 365),
)
const spec: CogenerationSpec = {
  electricKw: 3000,
  minLoadFraction: 0.4,
  maintenanceDays: 20,
  maintenanceStartDayOfYear: 262,
}
const run = (given: Partial<CogenerationSpec> = {}, seed = 1) =>
  cogenerationPowerKw({
    spec: { ...spec, ...given },
    calendar,
    holidays,
    airTempC,
    random: randomStream(seed, 'cogeneration'),
  })
const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0)
const dayOf = (power: Float64Array, dayOfYear: number) =>
  sum(power.subarray((dayOfYear - 1) * 96, dayOfYear * 96)) / 96

test('power is 0, or lies between minimum load and rated power', () => {
  const specs = fc.record({
    electricKw: fc.double({ min: 1, max: 30_000, noNaN: true }),
    minLoadFraction: fc.double({ min: 0, max: 1, noNaN: true }),
    heatShape: fc.constantFrom('process' as const, 'process-and-heating' as const),
    maintenanceDays: fc.integer({ min: 0, max: 60 }),
    maintenanceStartDayOfYear: fc.integer({ min: 1, max: 365 }),
  })
  fc.assert(
    fc.property(specs, fc.nat(), (given, seed) => {
      const low = given.electricKw * given.minLoadFraction * (1 - 1e-12)
      const high = given.electricKw * (1 + 1e-12)
      expect(run(given, seed).every((kw) => kw === 0 || (kw >= low && kw <= high))).toBe(true)
    }),
    { numRuns: 40 },
  )
})

test('it stands still for its overhaul, also over the year’s end, and else at most over Spring Festival', () => {
  const still = (power: Float64Array) =>
    calendar.days
      .filter(({ date }) => holidays.festival(date)?.name !== 'spring-festival')
      .filter((day) => dayOf(power, day.dayOfYear) === 0)
      .map((day) => day.dayOfYear)
  expect(still(run())).toEqual(Array.from({ length: 20 }, (_, at) => 262 + at))
  expect(still(run({ maintenanceStartDayOfYear: 360, maintenanceDays: 10 }))).toEqual([
    1, 2, 3, 4, 360, 361, 362, 363, 364, 365,
  ])
  expect(still(run({ maintenanceDays: 0 }))).toEqual([])
})

test('it follows heat: workdays above days off, cold above mild, and the cold counts for more with heating', () => {
  const power = run()
  const mean = (isPicked: (day: (typeof calendar.days)[number]) => boolean) => {
    const picked = calendar.days.filter((day) => isPicked(day) && dayOf(power, day.dayOfYear) > 0)
    return picked.reduce((total, day) => total + dayOf(power, day.dayOfYear), 0) / picked.length
  }
  const work = mean((day) => isWorkday(holidays, day))
  expect(
    mean((day) => !isWorkday(holidays, day) && holidays.festival(day.date)?.name !== 'spring-festival'),
  ).toBeLessThan(0.9 * work)
  const january = (power: Float64Array) => sum(power.subarray(0, 31 * 96))
  expect(january(run())).toBeGreaterThan(january(run({ heatShape: 'process' })))
  const july = (power: Float64Array) => sum(power.subarray(181 * 96, 212 * 96))
  expect(july(run())).toBe(july(run({ heatShape: 'process' })))
})

test('over Spring Festival it holds its minimum load, or stands still where that is high', () => {
  expect(dayOf(run({ minLoadFraction: 0.3 }), 37)).toBeLessThan(1.02 * 1200)
  expect(dayOf(run({ minLoadFraction: 0.7 }), 37)).toBe(0)
})

test('a run over part of a year has that part of it, and another seed is another year', () => {
  const part = makeCalendar({ from: '2027-03-10', to: '2027-04-20' })
  const start = (part.days[0]!.dayOfYear - 1) * 96
  const end = start + part.intervals
  const cut = cogenerationPowerKw({
    spec,
    calendar: part,
    holidays,
    airTempC: airTempC.slice(start, end),
    random: randomStream(1, 'cogeneration'),
  })
  expect([...cut]).toEqual([...run().subarray(start, end)])
  expect(run()).toEqual(run())
  expect(run({}, 2)).not.toEqual(run())
})

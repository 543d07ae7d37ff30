import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeCalendar } from '../../src/base/calendar.ts'
import { randomStream } from '../../src/base/random.ts'
import { chargeOnArrival, serviceOf, siteLoadWh } from '../../src/assets/charging/schedule.ts'
import { drawSessions, type Fleet } from '../../src/assets/charging/sessions.ts'
import { isWorkday, parseHolidays } from '../../src/assets/holidays.ts'
import { someSessions } from './some-sessions.ts'

const holidays = parseHolidays(JSON.parse(readFileSync('seeds/holidays-cn.json', 'utf8')))
const year = makeCalendar({ from: '2027-01-01', to: '2027-12-31' })
const depot: Fleet = {
  vehicles: 20,
  workdayShare: 0.9,
  dayOffShare: 0.3,
  arrivalHour: { mean: 18, spread: 1.5 },
  stayHours: { mean: 12, spread: 1 },
  energyKwh: { mean: 45, spread: 12 },
  powerKw: 30,
}
const draw = (fleet: Partial<Fleet> = {}, calendar = year, seed = 1) =>
  drawSessions({
    fleet: { ...depot, ...fleet },
    calendar,
    holidays,
    random: randomStream(seed, 'charging'),
  })

test('drawSessions() keeps every visit within the run, each vehicle at one place at a time', () => {
  const spread = (most: number) =>
    fc.record({
      mean: fc.double({ min: 0, max: most, noNaN: true }),
      spread: fc.double({ min: 0, max: most, noNaN: true }),
    })
  const fleets = fc.record({
    vehicles: fc.integer({ min: 1, max: 3 }),
    workdayShare: fc.double({ min: 0, max: 1, noNaN: true }),
    dayOffShare: fc.double({ min: 0, max: 1, noNaN: true }),
    arrivalHour: spread(24),
    stayHours: spread(30),
    energyKwh: spread(100),
    powerKw: fc.double({ min: 1, max: 200, noNaN: true }),
  })
  fc.assert(
    fc.property(fleets, fc.nat(), (fleet, seed) => {
      const calendar = makeCalendar({ from: '2027-04-20', to: '2027-05-20' })
      const sessions = draw(fleet, calendar, seed)
      const goneAt = new Map<number, number>()
      let before = -1
      for (const { vehicle, arrival, departure, energyWh } of sessions) {
        expect(arrival).toBeGreaterThanOrEqual(before)
        before = arrival
        expect(arrival).toBeGreaterThanOrEqual(goneAt.get(vehicle) ?? 0)
        expect(departure).toBeGreaterThan(arrival)
        expect(departure - arrival).toBeLessThan(96)
        expect(departure).toBeLessThanOrEqual(calendar.intervals)
        expect(Number.isSafeInteger(energyWh) && energyWh >= 0).toBe(true)
        goneAt.set(vehicle, departure)
      }
    }),
    { numRuns: 20 },
  )
})

test('drawSessions() has the shares, hours and energies it was asked for', () => {
  const sessions = draw()
  const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length
  expect(mean(sessions.map((each) => (each.arrival % 96) / 4))).toBeCloseTo(18, 1)
  expect(mean(sessions.map((each) => (each.departure - each.arrival) / 4))).toBeCloseTo(12, 1)
  expect(Math.abs(mean(sessions.map((each) => each.energyWh)) / 45_000 - 1)).toBeLessThan(0.01)
  const workdays = new Set(year.days.flatMap((day, at) => (isWorkday(holidays, day) ? [at] : [])))
  const onWorkdays = sessions.filter((each) => workdays.has(Math.floor(each.arrival / 96))).length
  expect(onWorkdays / workdays.size / 20).toBeCloseTo(0.9, 1)
  expect((sessions.length - onWorkdays) / (365 - workdays.size) / 20).toBeCloseTo(0.3, 1)
})

test('a run over part of a year has that part of its visits, and another seed has others', () => {
  const part = makeCalendar({ from: '2027-03-10', to: '2027-04-20' })
  const start = (part.days[0]!.dayOfYear - 1) * 96
  const shifted = draw()
    .map((each) => ({ ...each, arrival: each.arrival - start, departure: each.departure - start }))
    .filter((each) => each.arrival >= 0 && each.departure <= part.intervals)
  expect(draw({}, part)).toEqual(shifted)
  expect(draw({}, part, 2)).not.toEqual(shifted)
})

test('one visit more leaves the others as they are', () => {
  const few = draw({ workdayShare: 0.5 })
  const many = new Set(draw({ workdayShare: 0.6 }).map((each) => JSON.stringify(each)))
  // A vehicle that is still there cannot come again; at a stay of 12 hours from the evening on that never happens.
  expect(few.every((each) => many.has(JSON.stringify(each)))).toBe(true)
})

test('chargeOnArrival() keeps charger, stay and site, loses no energy, and says who left short', () => {
  fc.assert(
    fc.property(someSessions(), fc.option(fc.integer({ min: 0, max: 40 })), (sessions, limit) => {
      const siteWh = limit ?? Infinity
      const schedule = chargeOnArrival(sessions, siteWh)
      const service = serviceOf(sessions, schedule)
      const load = siteLoadWh(sessions, schedule, 60)
      expect(load.every((energyWh) => energyWh <= siteWh)).toBe(true)
      expect(load.reduce((sum, each) => sum + each, 0)).toBe(service.chargedWh)
      expect(service.wantedWh - service.chargedWh).toBe(service.shortWh)
      if (limit !== null) return
      const reachable = sessions.map((each) => (each.departure - each.arrival) * each.powerWh)
      const expected = sessions.reduce((sum, each, at) => sum + Math.min(each.energyWh, reachable[at]!), 0)
      expect(service.chargedWh).toBe(expected)
      expect(service.shortSessions).toBe(sessions.filter((each, at) => each.energyWh > reachable[at]!).length)
    }),
  )
})

test('chargeOnArrival() of two trucks at one 10 Wh connection, by hand', () => {
  const truck = { vehicle: 0, powerWh: 8, energyWh: 12 }
  const sessions = [
    { ...truck, arrival: 0, departure: 4 },
    { ...truck, vehicle: 1, arrival: 1, departure: 3 },
  ]
  const schedule = chargeOnArrival(sessions, 10)
  // The first takes 8 and 4; the second has 6 beside it, then 6 of its 8, and leaves with all it wants.
  expect(schedule.chargeWh.map((each) => [...each])).toEqual([
    [8, 4, 0, 0],
    [6, 6],
  ])
  expect(serviceOf(sessions, schedule)).toEqual({
    sessions: 2,
    wantedWh: 24,
    chargedWh: 24,
    shortSessions: 0,
    shortWh: 0,
  })
  // At 5 Wh the first takes 5, 5 and 2, which leaves 3 of its last interval to the second.
  expect(serviceOf(sessions, chargeOnArrival(sessions, 5))).toMatchObject({ shortSessions: 1, shortWh: 9 })
})

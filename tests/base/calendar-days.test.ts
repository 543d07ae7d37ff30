import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BrokenAssertion } from '../../src/base/errors.ts'
import { daysBetween, isDate, isoStart, makeCalendar, midMs } from '../../src/base/calendar.ts'

const dayMs = 86_400_000
const isoDay = (dayNumber: number) => new Date(dayNumber * dayMs).toISOString().slice(0, 10)
/** Days since 1970-01-01, from 2000 to 2100. */
const dayNumber = fc.integer({ min: 10_957, max: 47_847 })
const span = fc.tuple(dayNumber, fc.nat(800)).map(([first, more]) => ({ first, last: first + more }))

test('makeCalendar() lists every day once, with the fields that the Gregorian calendar gives it', () => {
  fc.assert(
    fc.property(span, ({ first, last }) => {
      const calendar = makeCalendar({ from: isoDay(first), to: isoDay(last) })
      expect(calendar.intervals).toBe((last - first + 1) * 96)
      expect(calendar.days.map((day) => day.date)).toEqual(
        Array.from({ length: last - first + 1 }, (_, at) => isoDay(first + at)),
      )
      calendar.days.forEach((day, at) => {
        const date = new Date((first + at) * dayMs)
        const newYear = Date.UTC(date.getUTCFullYear(), 0, 1)
        expect(day).toMatchObject({
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          dayOfMonth: date.getUTCDate(),
          dayOfYear: (date.getTime() - newYear) / dayMs + 1,
          // 1970-01-01 was a Thursday.
          weekday: ((first + at + 3) % 7) + 1,
        })
      })
    }),
    { numRuns: 60, seed: 141 },
  )
})

test('the months of a calendar cover its intervals without gap, and every day knows its month', () => {
  fc.assert(
    fc.property(span, ({ first, last }) => {
      const { months, days, intervals } = makeCalendar({ from: isoDay(first), to: isoDay(last) })
      expect(months[0]!.firstInterval).toBe(0)
      expect(months.at(-1)!.endInterval).toBe(intervals)
      months.slice(1).forEach((month, at) => expect(month.firstInterval).toBe(months[at]!.endInterval))
      expect(new Set(months.map((month) => month.key)).size).toBe(months.length)
      days.forEach((day, at) => {
        const month = months[day.monthIndex]!
        expect(day.date.slice(0, 7)).toBe(month.key)
        expect([day.year, day.month]).toEqual([month.year, month.month])
        expect(at * 96 >= month.firstInterval && at * 96 < month.endInterval).toBe(true)
      })
    }),
    { numRuns: 60, seed: 142 },
  )
})

test('isoStart(calendar, i) is i quarter-hours after midnight in China, and midMs() the middle', () => {
  fc.assert(
    fc.property(span, fc.nat(96 * 800), ({ first, last }, pick) => {
      const calendar = makeCalendar({ from: isoDay(first), to: isoDay(last) })
      const interval = pick % calendar.intervals
      const startMs = Date.parse(`${isoDay(first)}T00:00:00+08:00`) + interval * 900_000
      expect(calendar.startMs).toBe(Date.parse(`${isoDay(first)}T00:00:00+08:00`))
      expect(Date.parse(isoStart(calendar, interval))).toBe(startMs)
      expect(isoStart(calendar, interval)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:(00|15|30|45):00\+08:00$/)
      expect(isoStart(calendar, interval).slice(0, 10)).toBe(calendar.days[Math.floor(interval / 96)]!.date)
      expect(midMs(calendar, interval)).toBe(startMs + 450_000)
    }),
    { numRuns: 200, seed: 143 },
  )
})

test('daysBetween() counts days whatever the clocks of the process do in between', () => {
  fc.assert(
    fc.property(dayNumber, dayNumber, (from, to) => {
      expect(daysBetween(isoDay(from), isoDay(to))).toBe(to - from)
    }),
    { numRuns: 1000, seed: 144 },
  )
})

test('isDate(text) holds for every day there is and for no day that is not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1900, max: 2200 }), fc.nat(99), fc.nat(99), (year, month, day) => {
      const two = (value: number) => String(value).padStart(2, '0')
      const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
      const lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      const exists = month >= 1 && month <= 12 && day >= 1 && day <= lengths[month - 1]!
      expect(isDate(`${year}-${two(month)}-${two(day)}`)).toBe(exists)
    }),
    { numRuns: 3000, seed: 145 },
  )
  expect(['2027-01-01T00:00', ' 2027-01-01', '20270101', '２027-01-01'].some(isDate)).toBe(false)
})

test('makeCalendar() of one day has 96 intervals, and of days that run backwards is our own mistake', () => {
  expect(makeCalendar({ from: '2027-05-01', to: '2027-05-01' })).toMatchObject({
    intervals: 96,
    months: [{ key: '2027-05', firstInterval: 0, endInterval: 96 }],
  })
  expect(() => makeCalendar({ from: '2027-05-02', to: '2027-05-01' })).toThrow(BrokenAssertion)
  expect(() => makeCalendar({ from: '2027-02-29', to: '2027-05-01' })).toThrow(BrokenAssertion)
})

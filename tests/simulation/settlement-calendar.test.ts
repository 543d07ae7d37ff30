import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseHolidays } from '../../src/assets/holidays.ts'
import { makeCalendar } from '../../src/base/calendar.ts'
import { settlementDates, type SettlementDates } from '../../src/settlement/settlement-dates.ts'
import { settlementCalendar } from '../../src/simulation/settlement-calendar.ts'

const holidays = parseHolidays(JSON.parse(readFileSync('seeds/holidays-cn.json', 'utf8')))
const calendarOf = (from: string, to: string) =>
  settlementCalendar({ calendar: makeCalendar({ from, to }), holidays })
const daysOf = ({ checkBy, confirmBy, finalBy, billBy }: SettlementDates) => [
  checkBy,
  confirmBy,
  finalBy,
  billBy,
]

// Counted by hand on the calendars of the State Council's notices.
test.each([
  [
    '2025-12',
    'New Year to 3 January, Sunday 4 worked',
    '2026-01-08',
    '2026-01-09',
    '2026-01-13',
    '2026-01-15',
  ],
  ['2026-01', 'before Spring Festival', '2026-02-06', '2026-02-09', '2026-02-11', '2026-02-13'],
  [
    '2026-04',
    'Labour Day to 5 May, Saturday 9 worked',
    '2026-05-11',
    '2026-05-12',
    '2026-05-14',
    '2026-05-18',
  ],
  [
    '2026-09',
    'National Day to 7, Saturday 10 worked',
    '2026-10-13',
    '2026-10-14',
    '2026-10-16',
    '2026-10-20',
  ],
  ['2024-01', 'Sunday 4 February worked', '2024-02-06', '2024-02-07', '2024-02-09', '2024-02-19'],
])('settlementCalendar() for %s: %s', (month, _, ...dates) => {
  const [entry] = calendarOf(`${month}-01`, `${month}-28`)
  expect(entry!.month).toBe(month)
  expect(daysOf(entry!)).toEqual(dates)
})

test('settlementCalendar() past the last known year counts weekends only and says so', () => {
  const entries = calendarOf('2027-01-01', '2027-12-31')
  expect(entries.map((each) => each.month)).toHaveLength(12)
  const [november, december] = entries.slice(-2)
  expect(november!.basis).toMatch(/976号 Art\. 38, 39, 42; public holidays of 2027: unverified/)
  // 1 January 2028 is a Saturday, and no holiday is known after it.
  expect(daysOf(december!)).toEqual(['2028-01-07', '2028-01-10', '2028-01-12', '2028-01-14'])
  expect(december!.basis).toMatch(/public holidays of 2028 are not known: weekends only/)
})

const someMonth = fc.record({
  year: fc.integer({ min: 2000, max: 2099 }),
  month: fc.integer({ min: 1, max: 12 }),
})
const daysOff = fc.uniqueArray(fc.integer({ min: 1, max: 28 }), { maxLength: 12 })

/** The same month after, day by day and without date-fns: the working days in order. */
function workdaysAfter(year: number, month: number, off: readonly number[]): string[] {
  return Array.from({ length: 62 }, (_, day) => new Date(Date.UTC(year, month, day + 1)))
    .filter((day) => day.getUTCDay() % 6 !== 0)
    .map((day) => day.toISOString().slice(0, 10))
    .filter((date) => !off.includes(Number(date.slice(8))))
}

test('settlementDates(month, isWorkday) are working days 5, 6, 8 and 10 of the month after', () => {
  fc.assert(
    fc.property(someMonth, daysOff, ({ year, month }, off) => {
      const dates = settlementDates(
        { year, month },
        ({ date, weekday }) => weekday <= 5 && !off.includes(Number(date.slice(8))),
      )
      const workdays = workdaysAfter(year, month, off)
      expect(daysOf(dates)).toEqual([4, 5, 7, 9].map((index) => workdays[index]))
    }),
  )
})

test('one more day off never makes a date earlier', () => {
  fc.assert(
    fc.property(someMonth, daysOff, fc.integer({ min: 1, max: 28 }), (month, off, more) => {
      const dates = (days: readonly number[]) =>
        daysOf(
          settlementDates(
            month,
            ({ date, weekday }) => weekday <= 5 && !days.includes(Number(date.slice(8))),
          ),
        )
      const later = dates([...off, more])
      dates(off).forEach((date, index) => expect(later[index]! >= date).toBe(true))
    }),
  )
})

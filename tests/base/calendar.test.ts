import { expect, test } from 'vitest'
import { daysBetween, isDate, isoStart, makeCalendar, midMs } from '../../src/base/calendar.ts'

test('makeCalendar(2027) has 35,040 quarter-hours in 12 months that join without a gap', () => {
  const year = makeCalendar({ from: '2027-01-01', to: '2027-12-31' })
  expect(year.intervals).toBe(35_040)
  expect(year.months).toHaveLength(12)
  year.months.reduce((end, month) => {
    expect(month.firstInterval).toBe(end)
    return month.endInterval
  }, 0)
  expect(year.months.at(-1)!.endInterval).toBe(35_040)
  expect(year.days[0]).toMatchObject({ date: '2027-01-01', weekday: 5, dayOfYear: 1 })
  expect(year.days[36]).toMatchObject({ date: '2027-02-06', weekday: 6, monthIndex: 1 })
})

test('isoStart(calendar, i) names intervals in Chinese time, whatever the zone of the process', () => {
  const days = makeCalendar({ from: '2028-02-28', to: '2028-03-01' })
  expect(days.days.map((day) => day.date)).toEqual(['2028-02-28', '2028-02-29', '2028-03-01'])
  expect(isoStart(days, 0)).toBe('2028-02-28T00:00:00+08:00')
  expect(isoStart(days, 96 + 51)).toBe('2028-02-29T12:45:00+08:00')
  expect(new Date(midMs(days, 0)).toISOString()).toBe('2028-02-27T16:07:30.000Z')
})

test('daysBetween(a, b) counts days across a summer-time change of the process zone', () => {
  expect(daysBetween('2027-03-01', '2027-04-01')).toBe(31)
  expect(daysBetween('2027-12-31', '2027-01-01')).toBe(-364)
})

test('isDate(text) knows the days there are', () => {
  expect(['2027-02-28', '2028-02-29'].every(isDate)).toBe(true)
  expect(['2027-02-29', '2027-13-01', '2027-1-1', '2027-04-31', 'today', ''].some(isDate)).toBe(false)
})

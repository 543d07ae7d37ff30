import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isWorkday, parseHolidays } from '../../src/assets/holidays.ts'
import { daysBetween, makeCalendar } from '../../src/base/calendar.ts'
import { InputFaults, type Fault } from '../../src/base/errors.ts'
import { newMoonMs } from './new-moon.ts'

interface Seed {
  years: Record<
    string,
    {
      confidence: string
      holidays: { name: string; from: string; to: string; statutory: string[] }[]
      workingWeekends: string[]
    }
  >
}
const readSeed = (): Seed => JSON.parse(readFileSync('seeds/holidays-cn.json', 'utf8')) as Seed
const seed = readSeed()
const holidays = parseHolidays(seed)
const years = Object.keys(seed.years)
const statutoryDays = (year: string) => seed.years[year]!.holidays.flatMap(({ statutory }) => statutory)
const daysOf = (year: string) => makeCalendar({ from: `${year}-01-01`, to: `${year}-12-31` }).days

const beijingDate = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10)

test('the seed holds 2024 to 2027, and calls 2027 unverified', () => {
  expect(holidays.years).toEqual([2024, 2025, 2026, 2027])
  expect(years.map((year) => seed.years[year]!.confidence)).toEqual([
    'verified-primary',
    'verified-primary',
    'verified-primary',
    'unverified',
  ])
  expect(holidays.sourceOf(2027)?.source).toMatch(/assumption/)
})

test.each(years)('%s: days off less working weekends are the statutory days of the law', (year) => {
  const weekdaysOff = daysOf(year).filter((day) => day.weekday <= 5 && holidays.isHoliday(day.date))
  const worked = daysOf(year).filter((day) => holidays.isWorkingWeekend(day.date))
  const byLaw = year === '2024' ? 11 : 13
  expect(statutoryDays(year)).toHaveLength(byLaw)
  expect(weekdaysOff.length - worked.length).toBe(byLaw)
})

describe('lunar feasts against the Chinese calendar of Intl', () => {
  const format = new Intl.DateTimeFormat('en-u-ca-chinese', {
    timeZone: 'UTC',
    month: 'numeric',
    day: 'numeric',
  })
  const lunarOf = (date: string) => {
    const parts = format.formatToParts(Date.parse(`${date}T00:00:00Z`))
    return ['month', 'day'].map((type) => parts.find((part) => part.type === type)!.value).join('-')
  }
  test.each(years)('%s: Dragon Boat is 5-5, Mid-Autumn 8-15, and no other day of the year', (year) => {
    for (const [lunar, name] of [
      ['5-5', 'dragon-boat'],
      ['8-15', 'mid-autumn'],
    ] as const) {
      const feasts = daysOf(year).filter(({ date }) => lunarOf(date) === lunar)
      expect(feasts).toHaveLength(1)
      expect(statutoryDays(year)).toContain(feasts[0]!.date)
      // In 2025 Mid-Autumn falls into National Day.
      if (year !== '2025' || name !== 'mid-autumn')
        expect(holidays.festival(feasts[0]!.date)?.name).toBe(name)
    }
  })
  // In 2027 the new moon comes four minutes before midnight in Beijing, and Intl is a day late.
  test.each(years.filter((year) => year !== '2027'))('%s: Spring Festival is 1-1', (year) => {
    const first = daysOf(year).find(({ date }) => lunarOf(date) === '1-1')!.date
    const { day } = holidays.festival(first)!
    expect(day).toBe(year === '2024' ? 1 : 2)
  })
})

test('newMoonMs() agrees with published new moons to two minutes', () => {
  // Almanac times of the new moons of Spring Festival, universal time.
  for (const published of [
    '2024-02-09T22:59Z',
    '2025-01-29T12:36Z',
    '2026-02-17T12:01Z',
    '2027-02-06T15:56Z',
  ])
    expect(Math.abs(newMoonMs(published.slice(0, 10)) - Date.parse(published))).toBeLessThan(120_000)
})

test.each(years)('%s: Spring Festival, 正月初一, is the Beijing date of the new moon', (year) => {
  const { statutory } = seed.years[year]!.holidays.find(({ name }) => name === 'spring-festival')!
  const newYear = beijingDate(newMoonMs(statutory[0]!))
  expect(statutory[year === '2024' ? 0 : 1]).toBe(newYear)
  if (year === '2027') expect(newYear).toBe('2027-02-06')
})

test('festival(date) counts from the first statutory day; days joined before it are 0 or less', () => {
  expect(holidays.festival('2026-02-15')).toEqual({ name: 'spring-festival', day: 0 })
  expect(holidays.festival('2026-02-16')).toEqual({ name: 'spring-festival', day: 1 })
  expect(holidays.festival('2026-02-23')).toEqual({ name: 'spring-festival', day: 8 })
  expect(holidays.festival('2027-05-03')).toEqual({ name: 'labour-day', day: 3 })
  expect(holidays.festival('2027-10-01')).toEqual({ name: 'national-day', day: 1 })
  expect(holidays.festival('2024-09-15')).toEqual({ name: 'mid-autumn', day: -1 })
  expect(holidays.festival('2027-02-13')).toBeUndefined()
})

test('isWorkday(day): weekdays but holidays, and working weekends', () => {
  const work = (date: string) => isWorkday(holidays, makeCalendar({ from: date, to: date }).days[0]!)
  expect(work('2026-02-14')).toBe(true) // Saturday before Spring Festival, worked
  expect(work('2026-02-21')).toBe(false) // Saturday within it
  expect(work('2026-02-20')).toBe(false)
  expect(work('2026-02-24')).toBe(true)
  expect(work('2026-03-07')).toBe(false)
  expect(work('2025-10-08')).toBe(false)
  expect(work('2025-10-11')).toBe(true)
})

function faultsOf(change: (seed: Seed) => void): readonly Fault[] {
  const changed = readSeed()
  change(changed)
  try {
    parseHolidays(changed, 'holidays.json')
  } catch (error) {
    if (error instanceof InputFaults) return error.faults
    throw error
  }
  return []
}

test('parseHolidays() names every fault of a file at once, with place and value', () => {
  const faults = faultsOf(({ years }) => {
    years['2025']!.holidays[0]!.from = '2025-02-30'
    years['2026']!.holidays[1]!.name = 'spring'
  })
  expect(faults.map(({ file, path, came }) => [file, path, came])).toEqual([
    ['holidays.json', 'years.2025.holidays.0.from', '"2025-02-30"'],
    ['holidays.json', 'years.2026.holidays.1.name', '"spring"'],
  ])
})

test('parseHolidays() refuses spans that overlap, leave their year or run backwards, and weekdays as working weekends', () => {
  const faults = faultsOf(({ years }) => {
    years['2025']!.holidays[1]!.to = '2025-04-04'
    years['2026']!.holidays[0]!.from = '2025-12-31'
    years['2027']!.holidays[0]!.statutory = ['2027-01-04']
    years['2027']!.workingWeekends.push('2027-03-01', '2027-02-06')
  })
  expect(faults.map(({ path }) => path)).toEqual([
    'years.2025.holidays.2',
    'years.2025.workingWeekends',
    'years.2026.holidays.0',
    'years.2027.holidays.0.statutory',
    'years.2027.workingWeekends',
    'years.2027.workingWeekends',
  ])
})

test('the calendar of 2027 has 248 workdays and no holiday longer than eight days', () => {
  expect(daysOf('2027').filter((day) => isWorkday(holidays, day))).toHaveLength(365 - 104 - 13)
  for (const { from, to } of seed.years['2027']!.holidays) expect(daysBetween(from, to)).toBeLessThan(8)
})

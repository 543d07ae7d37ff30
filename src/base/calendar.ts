/**
 * The quarter-hours of a run. China keeps UTC+8 all year, so a calendar is whole-number arithmetic on days;
 * no time zone of the machine enters. An interval is named by its start.
 */
import { differenceInCalendarDays } from 'date-fns/differenceInCalendarDays'
import { assert } from './errors.ts'
import { intervalsPerDay } from './units.ts'

const msPerDay = 86_400_000
const msPerInterval = msPerDay / intervalsPerDay
/** Hours that the clock of every run is ahead of UTC. */
export const clockOffsetHours = 8
const offsetMs = clockOffsetHours * 3_600_000

export interface CalendarDay {
  /** `2027-02-06` */
  readonly date: string
  readonly year: number
  /** 1 to 12 */
  readonly month: number
  readonly dayOfMonth: number
  /** 1 January is 1 */
  readonly dayOfYear: number
  /** Monday 1 to Sunday 7 */
  readonly weekday: number
  /** index into {@link Calendar.months} */
  readonly monthIndex: number
}

export interface CalendarMonth {
  /** `2027-02` */
  readonly key: string
  readonly year: number
  readonly month: number
  /** first interval of the month within the run */
  readonly firstInterval: number
  /** one past its last */
  readonly endInterval: number
}

export interface Calendar {
  /** first day, `2027-01-01` */
  readonly from: string
  /** last day, included */
  readonly to: string
  /** 96 a day */
  readonly intervals: number
  readonly days: readonly CalendarDay[]
  /** the months touched, whole or in part */
  readonly months: readonly CalendarMonth[]
  /** start of interval 0 as UTC epoch milliseconds */
  readonly startMs: number
}

/**
 * @param from first day, `YYYY-MM-DD`
 * @param to last day, included
 * @throws BrokenAssertion for dates that {@link isDate} refuses or that run backwards
 */
export function makeCalendar({ from, to }: { from: string; to: string }): Calendar {
  assert(isDate(from) && isDate(to) && from <= to, `no calendar from ${from} to ${to}`)
  const firstUtcMs = Date.parse(`${from}T00:00:00Z`)
  const dayCount = Math.round((Date.parse(`${to}T00:00:00Z`) - firstUtcMs) / msPerDay) + 1
  const days: CalendarDay[] = []
  const months: { key: string; year: number; month: number; firstInterval: number; endInterval: number }[] =
    []
  for (let index = 0; index < dayCount; index++) {
    const date = new Date(firstUtcMs + index * msPerDay).toISOString().slice(0, 10)
    const [year, month, dayOfMonth] = date.split('-').map(Number) as [number, number, number]
    const key = date.slice(0, 7)
    if (months.at(-1)?.key !== key) {
      months.push({ key, year, month, firstInterval: index * intervalsPerDay, endInterval: 0 })
    }
    months.at(-1)!.endInterval = (index + 1) * intervalsPerDay
    const weekday = ((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7) + 1
    days.push({
      date,
      year,
      month,
      dayOfMonth,
      dayOfYear: daysBetween(`${year}-01-01`, date) + 1,
      weekday,
      monthIndex: months.length - 1,
    })
  }
  return { from, to, intervals: dayCount * intervalsPerDay, days, months, startMs: firstUtcMs - offsetMs }
}

const knownYears = new WeakMap<Calendar, { calendar: Calendar; firstInterval: number }>()

/**
 * The calendar years that a run touches, whole, and where in them the run begins. Chance is drawn for whole years, so that
 * part of a year has the same days as the year.
 */
export function wholeYears(calendar: Calendar): {
  readonly calendar: Calendar
  readonly firstInterval: number
} {
  const known = knownYears.get(calendar)
  if (known) return known
  const [first, last] = [calendar.days[0]!, calendar.days.at(-1)!]
  const years = {
    calendar: makeCalendar({ from: `${first.year}-01-01`, to: `${last.year}-12-31` }),
    firstInterval: (first.dayOfYear - 1) * intervalsPerDay,
  }
  knownYears.set(calendar, years)
  return years
}

/** Whole days from one date to another, `YYYY-MM-DD` each. */
export function daysBetween(from: string, to: string): number {
  return differenceInCalendarDays(localNoon(to), localNoon(from))
}

/** date-fns counts calendar days in the process's zone; noon there is the same date whatever the zone. */
function localNoon(date: string): Date {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  return new Date(year, month - 1, day, 12)
}

/** Whether the text is a day of the Gregorian calendar written `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const ms = Date.parse(`${text}T00:00:00Z`)
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text)
}

/** Start of an interval as ISO 8601 in Chinese time, `2027-06-01T12:15:00+08:00`. */
export function isoStart(calendar: Calendar, interval: number): string {
  const local = new Date(calendar.startMs + offsetMs + interval * msPerInterval)
  return `${local.toISOString().slice(0, 19)}+08:00`
}

/** Middle of an interval as UTC epoch milliseconds: where the sun is looked up. */
export function midMs(calendar: Calendar, interval: number): number {
  return calendar.startMs + (interval + 0.5) * msPerInterval
}

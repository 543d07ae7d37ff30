/** How much of a workday's energy each day of a year has: weekends, public holidays, the pause of Spring Festival. */
import type { Calendar } from '../../base/calendar.ts'
import { isWorkday, type Holidays } from '../holidays.ts'
import type { LoadArchetype } from './archetype.ts'

/** What one enterprise makes of its kind. */
export interface Habits {
  /** later (positive) or earlier than the kind's clock [quarter-hours] */
  readonly shiftQuarters: number
  readonly saturdayShare: number
  readonly sundayShare: number
  /** length of the pause, and how much of it lies before the eve of the new year (除夕) [days] */
  readonly pauseDays: number
  readonly pauseDaysBefore: number
}

/** Work runs down and up again at half level on the days next to the pause. */
const rampDays = 2

/** @returns share of a workday's energy, one per day of the calendar */
export function dayShares(
  archetype: LoadArchetype,
  habits: Habits,
  holidays: Holidays,
  calendar: Calendar,
): Float64Array {
  const eves = calendar.days.flatMap(({ date }, index) => {
    const festival = holidays.festival(date)
    return festival?.name === 'spring-festival' && festival.day === 1 ? [index] : []
  })
  return Float64Array.from(calendar.days, (day, index) => {
    const ordinary = ordinaryShare(archetype, habits, holidays, day)
    const outside = Math.min(...eves.map((eve) => daysOutside(habits, index - eve)))
    if (habits.pauseDays === 0 || outside > rampDays) return ordinary
    const pause = archetype.springPauseShare.value
    return Math.min(ordinary, outside <= 0 ? pause : (1 + pause) / 2)
  })
}

/** Days from a date to the pause, 0 within it. */
function daysOutside({ pauseDays, pauseDaysBefore }: Habits, daysFromEve: number): number {
  const first = -pauseDaysBefore
  return Math.max(0, first - daysFromEve, daysFromEve - (first + pauseDays - 1))
}

function ordinaryShare(
  archetype: LoadArchetype,
  habits: Habits,
  holidays: Holidays,
  day: Calendar['days'][number],
): number {
  if (isWorkday(holidays, day)) return 1
  if (holidays.isHoliday(day.date)) return archetype.holidayShare.value
  return day.weekday === 6 ? habits.saturdayShare : habits.sundayShare
}

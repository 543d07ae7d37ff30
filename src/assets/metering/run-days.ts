/** Which days of the run a day of the file stands for. */
import type { Calendar } from '../../base/calendar.ts'
import type { Notes } from './notes.ts'

const msPerDay = 86_400_000
const leapDay = '02-29'

/** Run days, by index, for each day of the file, by its number from 1970. */
export type RunDays = ReadonlyMap<number, readonly number[]>

const dateOf = (day: number): string => new Date(day * msPerDay).toISOString().slice(0, 10)

/**
 * By date; with `mapYear` by month and day, so that a file of one year serves any other. A run's 29 February takes the
 * 28th where the file has none.
 *
 * @param fileDays numbers of the file's days, counted from 1970-01-01
 * @returns undefined with a fault where nothing of the file lies in the run
 */
export function runDays(
  fileDays: readonly number[],
  calendar: Calendar,
  mapYear: boolean,
  notes: Notes,
): RunDays | undefined {
  const first = Math.min(...fileDays)
  const last = Math.max(...fileDays)
  const span = `${dateOf(first)} to ${dateOf(last)}`
  if (mapYear && last - first > 365) {
    notes.fault(0, 'mapYear', 'one year of rows, to be laid by month and day', span)
    return undefined
  }
  const byKey = mapYear ? daysByMonthDay(calendar, fileDays) : daysByDate(calendar)
  const days = new Map(
    fileDays.map((day) => [day, byKey.get(mapYear ? dateOf(day).slice(5) : dateOf(day)) ?? []]),
  )
  if ([...days.values()].every((each) => each.length === 0)) {
    const hint = mapYear ? '' : ', or the option mapYear'
    notes.fault(0, 'time', `rows of ${calendar.from} to ${calendar.to}${hint}`, `rows of ${span}`)
    return undefined
  }
  if (mapYear) notes.findings.push(`rows of ${span} laid by month and day${shiftOf(days, calendar)}`)
  return days
}

function daysByDate({ days }: Calendar): Map<string, number[]> {
  return new Map(days.map(({ date }, index) => [date, [index]]))
}

function daysByMonthDay({ days }: Calendar, fileDays: readonly number[]): Map<string, number[]> {
  const hasLeapDay = fileDays.some((day) => dateOf(day).endsWith(leapDay))
  const byKey = new Map<string, number[]>()
  for (const [index, { date }] of days.entries()) {
    const own = date.slice(5)
    const key = own === leapDay && !hasLeapDay ? '02-28' : own
    byKey.set(key, [...(byKey.get(key) ?? []), index])
  }
  return byKey
}

/** Weekdays of another year fall on other dates; the reader of the result should know. */
function shiftOf(days: RunDays, calendar: Calendar): string {
  for (const [day, [index]] of days) {
    if (index === undefined) continue
    const weekday = ((day + 3) % 7) + 1
    const shift = (calendar.days[index]!.weekday - weekday + 7) % 7
    return shift === 0 ? ', weekdays fit' : `, weekdays shift by ${shift}`
  }
  return ''
}

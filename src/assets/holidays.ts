/**
 * Chinese public holidays (法定节假日) and working weekends (调休), year by year from data. The schedule of a year is
 * announced late in the year before, so a year that is not in the data is a fault, never a guess.
 */
import { z } from 'zod'
import { daysBetween, isDate, type CalendarDay } from '../base/calendar.ts'
import { InputFaults, show } from '../base/errors.ts'

const festivals = [
  'new-year',
  'spring-festival',
  'qingming',
  'labour-day',
  'dragon-boat',
  'mid-autumn',
  'national-day',
] as const
export type FestivalName = (typeof festivals)[number]

const date = z.string().refine(isDate, 'a day as YYYY-MM-DD')
const holidaysSchema = z.strictObject({
  id: z.string(),
  validFrom: date,
  years: z.record(
    z.string().regex(/^\d{4}$/),
    z.strictObject({
      source: z.string(),
      confidence: z.enum(['verified-primary', 'verified-secondary', 'derived', 'unverified']),
      note: z.string().optional(),
      holidays: z.array(z.strictObject({ name: z.enum(festivals), from: date, to: date })),
      workingWeekends: z.array(date),
    }),
  ),
})

export interface Holidays {
  readonly years: readonly number[]
  isHoliday(date: string): boolean
  /** a Saturday or Sunday on which people work */
  isWorkingWeekend(date: string): boolean
  /** the holiday a day belongs to, and its number within it from 1 */
  festival(date: string): { readonly name: FestivalName; readonly day: number } | undefined
  /** where a year's schedule comes from */
  sourceOf(year: number): { readonly source: string; readonly confidence: string } | undefined
}

/** @throws InputFaults with every fault of the file */
export function parseHolidays(json: unknown, file: string): Holidays {
  const parsed = holidaysSchema.safeParse(json)
  if (!parsed.success) {
    throw new InputFaults(
      parsed.error.issues.map((issue) => ({
        code: 'holidays',
        file,
        path: issue.path.join('.'),
        wanted: issue.message,
        came: show(issue.input),
      })),
    )
  }
  const { years } = parsed.data
  const spans = Object.values(years).flatMap((year) => year.holidays)
  const working = new Set(Object.values(years).flatMap((year) => year.workingWeekends))
  const known = new Map<string, { name: FestivalName; day: number } | undefined>()
  const find = (day: string) => {
    const span = spans.find(({ from, to }) => from <= day && day <= to)
    return span && { name: span.name, day: daysBetween(span.from, day) + 1 }
  }
  const festival = (day: string) => {
    if (!known.has(day)) known.set(day, find(day))
    return known.get(day)
  }
  return {
    years: Object.keys(years).map(Number),
    isHoliday: (day) => festival(day) !== undefined,
    isWorkingWeekend: (day) => working.has(day),
    festival,
    sourceOf: (year) => years[String(year)],
  }
}

/** Whether an ordinary business works that day. */
export function isWorkday(holidays: Holidays, day: CalendarDay): boolean {
  if (holidays.isHoliday(day.date)) return false
  return day.weekday <= 5 || holidays.isWorkingWeekend(day.date)
}

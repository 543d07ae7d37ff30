/**
 * Chinese public holidays (法定节假日) and working weekends (调休), year by year from data (`seeds/holidays-cn.json`). The
 * schedule of a year is announced late in the year before, so a year that is not in the data is a fault of the scenario,
 * never a guess.
 */
import { z } from 'zod'
import { daysBetween, isDate, type CalendarDay } from '../base/calendar.ts'
import { InputFaults, show, type Fault } from '../base/errors.ts'
import { seedFaults } from './seed-faults.ts'

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
const yearSchema = z.strictObject({
  source: z.string(),
  confidence: z.enum(['verified-primary', 'verified-secondary', 'derived', 'unverified']),
  note: z.string().optional(),
  holidays: z.array(
    z.strictObject({
      name: z.enum(festivals),
      /** first and last day off, weekends joined to it included */
      from: date,
      to: date,
      /** days off by law, the rest is moved (调休) or weekend */
      statutory: z.array(date).min(1),
    }),
  ),
  workingWeekends: z.array(date),
})
const holidaysSchema = z.strictObject({
  id: z.string(),
  validFrom: date,
  years: z.record(z.string().regex(/^\d{4}$/), yearSchema),
})
type HolidayYear = z.infer<typeof yearSchema>
type HolidaySpan = HolidayYear['holidays'][number]

/** The holiday a day belongs to. */
export interface Festival {
  readonly name: FestivalName
  /** 1 on the first statutory day; 0 or less on a day off joined before it */
  readonly day: number
}

export interface Holidays {
  readonly years: readonly number[]
  /** a day off by the schedule, weekends within a holiday included */
  isHoliday(date: string): boolean
  /** a Saturday or Sunday on which people work (调休) */
  isWorkingWeekend(date: string): boolean
  festival(date: string): Festival | undefined
  /** where a year's schedule comes from */
  sourceOf(year: number): { readonly source: string; readonly confidence: string } | undefined
}

/**
 * @param json the parsed seed file
 * @param file its name, for the faults
 * @throws InputFaults with every fault of the file
 */
export function parseHolidays(json: unknown, file = 'holidays'): Holidays {
  const parsed = holidaysSchema.safeParse(json)
  if (!parsed.success) throw new InputFaults(seedFaults('holidays', file, json, parsed.error.issues))
  const { years } = parsed.data
  const faults = Object.entries(years).flatMap(([year, schedule]) => faultsOf(year, schedule, file))
  if (faults.length > 0) throw new InputFaults(faults)
  return lookUp(years)
}

function fault(file: string, path: string, wanted: string, came: string): Fault {
  return { code: 'holidays', file, path, wanted, came }
}

/** What the shape of the file cannot say: dates in their year, in order, apart, and weekends that are weekends. */
function faultsOf(year: string, schedule: HolidayYear, file: string): Fault[] {
  const { holidays, workingWeekends } = schedule
  const covers = ({ from, to }: HolidaySpan, day: string) => from <= day && day <= to
  const spans = holidays.flatMap((span, row): Fault[] => {
    const path = `years.${year}.holidays.${row}`
    const inYear = span.from.startsWith(year) && span.to.startsWith(year) && span.from <= span.to
    const apart = holidays.slice(0, row).every((other) => span.to < other.from || other.to < span.from)
    return [
      ...(inYear ? [] : [fault(file, path, `from and to in order within ${year}`, show(span))]),
      ...(apart ? [] : [fault(file, path, 'a holiday apart from the others', show(span))]),
      ...span.statutory
        .filter((day) => !covers(span, day))
        .map((day) => fault(file, `${path}.statutory`, `days from ${span.from} to ${span.to}`, show(day))),
    ]
  })
  const weekends = workingWeekends
    .filter((day) => !day.startsWith(year) || !isWeekend(day) || holidays.some((span) => covers(span, day)))
    .map((day) =>
      fault(
        file,
        `years.${year}.workingWeekends`,
        `a weekend day of ${year} outside its holidays`,
        show(day),
      ),
    )
  return [...spans, ...weekends]
}

function isWeekend(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).getUTCDay() % 6 === 0
}

function lookUp(years: Readonly<Record<string, HolidayYear>>): Holidays {
  const festivalOf = new Map<string, Festival>()
  for (const { name, from, to, statutory } of Object.values(years).flatMap(({ holidays }) => holidays)) {
    const first = statutory.toSorted()[0]!
    for (let offset = daysBetween(first, from); offset <= daysBetween(first, to); offset++) {
      festivalOf.set(dayAfter(first, offset), { name, day: offset + 1 })
    }
  }
  const working = new Set(Object.values(years).flatMap(({ workingWeekends }) => workingWeekends))
  return {
    years: Object.keys(years).map(Number),
    isHoliday: (day) => festivalOf.has(day),
    isWorkingWeekend: (day) => working.has(day),
    festival: (day) => festivalOf.get(day),
    sourceOf: (year) => years[String(year)],
  }
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** Whether an ordinary business works that day: Monday to Friday or a working weekend, and no holiday. */
export function isWorkday(holidays: Holidays, day: Pick<CalendarDay, 'date' | 'weekday'>): boolean {
  if (holidays.isHoliday(day.date)) return false
  return day.weekday <= 5 || holidays.isWorkingWeekend(day.date)
}

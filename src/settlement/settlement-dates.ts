/**
 * The dates by which a month is settled, counted in working days of the month after it (发改能源规〔2025〕976号). The
 * rule does not say when money moves: the grid company pays within 5 working days of the generator's invoice (Art. 44).
 */
import { addDays } from 'date-fns/addDays'
import { getISODay } from 'date-fns/getISODay'
import { lightFormat } from 'date-fns/lightFormat'
import type { CalendarDay } from '../base/calendar.ts'

/** Whether people work on a day; the holiday calendar is the caller's. */
export type WorkdayTest = (day: Pick<CalendarDay, 'date' | 'weekday'>) => boolean

/** Latest days, `YYYY-MM-DD`. */
export interface SettlementDates {
  /** statement to check (核对), working day 5 (Art. 38) */
  readonly checkBy: string
  /** end of confirmation, 1 working day later; silence is agreement (Art. 38) */
  readonly confirmBy: string
  /** final basis of settlement, working day 8 (Art. 39) */
  readonly finalBy: string
  /** bill, working day 10 (Art. 42) */
  readonly billBy: string
}

/** What the dates follow. */
export const settlementRule = '发改能源规〔2025〕976号 Art. 38, 39, 42'

/** @param month the month that is settled, `month` from 1 to 12 */
export function settlementDates(
  { year, month }: { readonly year: number; readonly month: number },
  isWorkday: WorkdayTest,
): SettlementDates {
  // Months of a Date count from 0, so this is the first of the month after. Noon is the same date in any time zone.
  const first = new Date(year, month, 1, 12)
  const workingDay = (nth: number) => nthWorkingDay(first, nth, isWorkday)
  return { checkBy: workingDay(5), confirmBy: workingDay(6), finalBy: workingDay(8), billBy: workingDay(10) }
}

function nthWorkingDay(first: Date, nth: number, isWorkday: WorkdayTest): string {
  let worked = 0
  for (let offset = 0; ; offset++) {
    const day = addDays(first, offset)
    const date = lightFormat(day, 'yyyy-MM-dd')
    if (isWorkday({ date, weekday: getISODay(day) })) worked++
    if (worked === nth) return date
  }
}

/** Stretches of a run with constant rates: its months, split again where an edition changes inside one. */
import { intervalsPerDay } from '../base/units.ts'
import type { Calendar } from '../base/calendar.ts'
import type { Rates, TariffBook } from './book.ts'

export interface Segment {
  readonly firstInterval: number
  /** one past the last */
  readonly endInterval: number
  readonly monthIndex: number
  readonly rates: Rates
}

export function segments(book: TariffBook, calendar: Calendar): Segment[] {
  const found: { firstInterval: number; endInterval: number; monthIndex: number; rates: Rates }[] = []
  calendar.days.forEach((day, index) => {
    const rates = book.ratesOn(day.date)
    const last = found.at(-1)
    const endInterval = (index + 1) * intervalsPerDay
    if (last && last.monthIndex === day.monthIndex && last.rates === rates) last.endInterval = endInterval
    else
      found.push({ firstInterval: index * intervalsPerDay, endInterval, monthIndex: day.monthIndex, rates })
  })
  return found
}

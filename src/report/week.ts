/** A typical week: of the weeks of May (or of the run), the one whose traded energy is the median. */
import { intervalsPerDay } from '../base/units.ts'
import type { SimulationResult } from '../simulation/result.ts'

export interface Week {
  readonly first: number
  readonly end: number
  readonly from: string
  readonly to: string
}

const weekLength = 7 * intervalsPerDay

export function typicalWeek({ main, zone }: SimulationResult): Week {
  const { days, intervals } = zone.calendar
  const mondays = days.flatMap((day, index) =>
    day.weekday === 1 && (index + 7) * intervalsPerDay <= intervals ? [index] : [],
  )
  const inMay = mondays.filter((index) => days[index]!.month === 5)
  const candidates = inMay.length > 0 ? inMay : mondays
  const traded = (index: number) => {
    const first = index * intervalsPerDay
    return main.columns.tradedWh.subarray(first, first + weekLength).reduce((sum, value) => sum + value, 0)
  }
  const ranked = candidates.toSorted((a, b) => traded(a) - traded(b) || a - b)
  const chosen = ranked[Math.floor(ranked.length / 2)] ?? 0
  const first = chosen * intervalsPerDay
  const end = Math.min(intervals, first + weekLength)
  return { first, end, from: days[chosen]!.date, to: days[Math.floor((end - 1) / intervalsPerDay)]!.date }
}

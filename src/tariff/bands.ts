/** The time-of-use band (分时时段) of every quarter-hour, from the calendar in force that day. */
import { intervalsPerDay } from '../base/units.ts'
import type { Calendar } from '../base/calendar.ts'
import { bandCode, type Band, type Rates, type TariffBook } from './book.ts'

/** The festival a day belongs to and its number within it, 1 for the first statutory day. */
export type FestivalOf = (date: string) => { readonly name: string; readonly day: number } | undefined

/** @returns band code per interval, index into `bands` */
export function bandSeries(book: TariffBook, calendar: Calendar, festivalOf: FestivalOf): Uint8Array {
  const series = new Uint8Array(calendar.intervals)
  calendar.days.forEach((day, index) => {
    const { timeOfUse } = book.ratesOn(day.date)
    const season = timeOfUse.seasons.find(({ months }) => months.includes(day.month))!
    const row = series.subarray(index * intervalsPerDay, (index + 1) * intervalsPerDay)
    paint(row, season.bands)
    paint(row, holidayBands(timeOfUse, festivalOf(day.date)))
  })
  return series
}

function holidayBands(timeOfUse: Rates['timeOfUse'], festival: ReturnType<FestivalOf>) {
  const rule = timeOfUse.holidays.find(
    ({ festival: name, days }) =>
      festival?.name === name && festival.day >= days[0] && festival.day <= days[1],
  )
  return rule?.bands ?? []
}

function paint(row: Uint8Array, stretches: readonly { from: string; to: string; band: Band }[]): void {
  for (const { from, to, band } of stretches) row.fill(bandCode(band), quarterOf(from), quarterOf(to))
}

function quarterOf(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number) as [number, number]
  return hours * 4 + minutes / 15
}

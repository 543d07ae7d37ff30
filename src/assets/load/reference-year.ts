/** Air temperature of an ordinary year, where a run does not bring its own. */
import type { Calendar } from '../../base/calendar.ts'
import { intervalsPerDay } from '../../base/units.ts'
import type { ReferenceYear } from './archetype.ts'

/** Days are warmer and colder than their season by this much. [K] */
const swingK = 3
const hottestHour = 15

/**
 * Monthly means and daily ranges joined by straight lines, with warm and cold days in a fixed order: two waves of
 * 5.3 and 8.9 days, which fit no calendar.
 *
 *     T(d, h) = mean(d) + range(d)/2 · cos(2π (h − 15) / 24) + 3 K · (sin(2πd/5.3) + sin(2πd/8.9))
 *
 * @returns one value per interval [°C]
 */
export function referenceTempC({ months }: ReferenceYear, calendar: Calendar): Float64Array {
  const tempC = new Float64Array(calendar.intervals)
  const daily = Float64Array.from({ length: intervalsPerDay }, (_, quarter) =>
    Math.cos((2 * Math.PI * (quarter / 4 + 0.125 - hottestHour)) / 24),
  )
  calendar.days.forEach((day, index) => {
    // The middle of a month has its mean; the day lies `share` of the way from one middle to the next.
    const position = day.month - 1 + (day.dayOfMonth - 15.5) / 30.4
    const from = Math.floor(position)
    const share = position - from
    const [a, b] = [months[(from + 12) % 12]!, months[(from + 13) % 12]!]
    const wave = Math.sin((2 * Math.PI * day.dayOfYear) / 5.3) + Math.sin((2 * Math.PI * day.dayOfYear) / 8.9)
    const meanC = a.meanC + share * (b.meanC - a.meanC) + swingK * wave
    const rangeOf = (month: typeof a) => (month.meanDailyMaxC - month.meanDailyMinC) / 2
    const amplitudeK = rangeOf(a) + share * (rangeOf(b) - rangeOf(a))
    for (let quarter = 0; quarter < intervalsPerDay; quarter++) {
      tempC[index * intervalsPerDay + quarter] = meanC + amplitudeK * daily[quarter]!
    }
  })
  return tempC
}

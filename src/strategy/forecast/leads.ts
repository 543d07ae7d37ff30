/**
 * How long before each quarter-hour of a day its forecast is made: from the closing of an auction's gate to the start of the
 * quarter-hour. 96 entries [h].
 */
import { hoursPerInterval, intervalsPerDay } from '../../base/units.ts'

/** One gate for all of a day, on the day before: `lead = 24 − closing + quarter / 4`. */
export function dayAheadLeads(closesHour: number): Float64Array {
  return Float64Array.from(
    { length: intervalsPerDay },
    (_, quarter) => 24 - closesHour + quarter * hoursPerInterval,
  )
}

/** A gate for each quarter-hour, always as long before it. */
export function intradayLeads(closesMinutesBefore: number): Float64Array {
  return new Float64Array(intervalsPerDay).fill(closesMinutesBefore / 60)
}

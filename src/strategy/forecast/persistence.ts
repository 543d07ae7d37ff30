/**
 * As it was: the meter of the same quarter-hour of the last day of the same kind.
 *
 *     forecast_t = metered_s,   s = t − 96 · n for the smallest n ≥ 1 with   s + 1 ≤ t − 4 · lead   and   kind(s) = kind(t)
 *
 * The first condition says that s was metered in full when the forecast was made. Where no day of the kind is known yet, the
 * last known day of any kind serves; where no day is known at all, nothing is expected, and nothing ordered.
 */
import { hoursPerInterval, intervalsPerDay } from '../../base/units.ts'

/**
 * @param leadHours by quarter of the day
 * @param dayKinds by day, equal for days that are alike; null where all are
 */
export function persistent(
  meteredWh: Int32Array,
  leadHours: Float64Array,
  dayKinds: Uint8Array | null,
): Int32Array {
  const forecastWh = new Int32Array(meteredWh.length)
  for (let interval = 0; interval < meteredWh.length; interval++) {
    const day = Math.floor(interval / intervalsPerDay)
    const quarter = interval % intervalsPerDay
    const known = lastKnownDay(interval, leadHours[quarter]!)
    const alike = dayKinds ? lastAlike(dayKinds, known, dayKinds[day]!) : known
    if (alike >= 0) forecastWh[interval] = meteredWh[alike * intervalsPerDay + quarter]!
  }
  return forecastWh
}

/** The last day whose same quarter-hour has ended when the forecast is made; negative before the run. */
function lastKnownDay(interval: number, leadHours: number): number {
  const lastMetered = Math.floor(interval - leadHours / hoursPerInterval) - 1
  return Math.floor((lastMetered - (interval % intervalsPerDay)) / intervalsPerDay)
}

/** The last day of a kind up to a day, or that day itself where there is none. */
function lastAlike(dayKinds: Uint8Array, upTo: number, kind: number): number {
  for (let day = upTo; day >= 0; day--) if (dayKinds[day] === kind) return day
  return upTo
}

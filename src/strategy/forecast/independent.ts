/**
 * The truth with a relative error that knows no lead: drawn for every quarter-hour by itself, cut at three standard deviations,
 * the same for whoever asks early or late.
 *
 *     forecast = max(0, round(metered · (1 + share · z))),   |z| ≤ 3
 */
import type { RandomStream } from '../../base/random.ts'
import { intervalsPerDay } from '../../base/units.ts'
import { nearestWhole } from '../../base/whole.ts'

export function independent(meteredWh: Int32Array, errorShare: number, random: RandomStream): Int32Array {
  const draws = new Float64Array(intervalsPerDay)
  const forecastWh = new Int32Array(meteredWh.length)
  for (let first = 0; first < meteredWh.length; first += intervalsPerDay) {
    random.fillNormal(draws)
    for (let quarter = 0; quarter < intervalsPerDay; quarter++) {
      const error = Math.max(-3, Math.min(3, draws[quarter]!)) * errorShare
      forecastWh[first + quarter] = Math.max(0, nearestWhole(meteredWh[first + quarter]! * (1 + error)))
    }
  }
  return forecastWh
}

/**
 * The truth with an error that shrinks towards delivery. For one quarter-hour the relative error is a walk along the lead ℓ,
 * which starts at 0 at delivery:
 *
 *     forecast(ℓ) = max(0, round(metered · (1 + ε(ℓ)))),   ε(ℓ₂) = ε(ℓ₁) + share · √((ℓ₂ − ℓ₁) / ℓ_ref) · z,   ℓ₁ < ℓ₂
 *
 * with z normal and drawn anew for each stretch, so its standard deviation is share · √(ℓ / ℓ_ref). Whoever goes from the longer
 * lead to the shorter takes one increment away: revisions have mean 0 and do not depend on each other, a martingale for who
 * knows nothing of the outcome but its forecasts. Along the day z follows an autoregression of the first order,
 *
 *     z_t = ρ · z_(t−1) + √(1 − ρ²) · n_t,
 *
 * so that neighbouring quarter-hours err alike. The error is relative: what is 0 is known to be 0. It is normal and unbounded
 * upward; where an error below −1 would leave less than nothing, nothing is expected.
 */
import type { RandomStream } from '../../base/random.ts'
import { intervalsPerDay } from '../../base/units.ts'
import type { NoisyMode } from './mode.ts'

/**
 * @param leadHours by quarter of the day, one column for each forecast wanted, the shortest lead first
 * @param streams chance of each stretch of leads, one for each forecast
 * @returns one column for each forecast, in the same order [Wh]
 */
export function noisy(
  meteredWh: Int32Array,
  mode: NoisyMode,
  leadHours: readonly Float64Array[],
  streams: readonly RandomStream[],
): Int32Array[] {
  const error = new Float64Array(meteredWh.length)
  return leadHours.map((leads, stretch) => {
    const nearer = stretch === 0 ? null : leadHours[stretch - 1]!
    const spread = leads.map(
      (lead, quarter) => mode.errorShare * Math.sqrt((lead - (nearer?.[quarter] ?? 0)) / mode.atLeadHours),
    )
    walkOn(error, spread, mode.neighbourCorrelation, streams[stretch]!)
    return Int32Array.from(meteredWh, (energyWh, interval) =>
      Math.max(0, Math.round(energyWh * (1 + error[interval]!))),
    )
  })
}

/** Adds the increment of one stretch of leads to the error of every interval. */
function walkOn(error: Float64Array, spread: Float64Array, correlation: number, random: RandomStream): void {
  const draws = new Float64Array(error.length)
  random.fillNormal(draws)
  const fresh = Math.sqrt(1 - correlation ** 2)
  let z = draws[0] ?? 0
  for (let interval = 0; interval < error.length; interval++) {
    if (interval > 0) z = correlation * z + fresh * draws[interval]!
    error[interval]! += spread[interval % intervalsPerDay]! * z
  }
}

/** Bends a year so that it has a given load factor (负荷率) and a given energy. */
import { assert } from '../../base/errors.ts'
import { exp } from '../../base/exp.ts'
import { hoursPerInterval } from '../../base/units.ts'

const bins = 2048
/** Levels below e^−deepest of the highest are counted as that. */
const deepest = 8
const exponentRange: readonly [number, number] = [0.2, 6]

/**
 * Bends levels by a power and scales them to an energy, in place; they become mean power [kW].
 *
 *     power ∝ level^p,   p so that mean(level^p) / max(level^p) = load factor
 *
 * A power keeps the order of levels and leaves none below zero. All is done on the depth of a level below the highest,
 * d = −ln(level / highest), since level^p = highest^p · e^(−p·d).
 *
 * @param levels ≥ 0, at least one above
 * @param loadFactor between 0 and 1; where p would leave 0.2 to 6 the load factor is as near as it gets
 */
export function bendAndScale(levels: Float64Array, loadFactor: number, energyKwh: number): void {
  assert(loadFactor > 0 && loadFactor < 1, () => `a load factor is between 0 and 1, not ${loadFactor}`)
  turnIntoDepths(levels)
  const exponent = exponentFor(countByDepth(levels), levels.length, loadFactor)
  let sum = 0
  for (let at = 0; at < levels.length; at++) {
    const bent = exp(-exponent * levels[at]!)
    levels[at] = bent
    sum += bent
  }
  const scale = energyKwh / (sum * hoursPerInterval)
  for (let at = 0; at < levels.length; at++) levels[at] = levels[at]! * scale
}

function turnIntoDepths(levels: Float64Array): void {
  let highest = 0
  for (let at = 0; at < levels.length; at++) if (levels[at]! > highest) highest = levels[at]!
  assert(highest > 0, 'a year without load has no load factor')
  for (let at = 0; at < levels.length; at++) levels[at] = -Math.log(levels[at]! / highest)
}

function countByDepth(depths: Float64Array): Float64Array {
  const counts = new Float64Array(bins)
  for (let at = 0; at < depths.length; at++) {
    const bin = Math.min(bins - 1, depths[at]! * (bins / deepest)) | 0
    counts[bin] = counts[bin]! + 1
  }
  return counts
}

/** Halves the range of exponents until the counted levels have the load factor. */
function exponentFor(counts: Float64Array, total: number, loadFactor: number): number {
  let [low, high] = exponentRange
  for (let step = 0; step < 30; step++) {
    const middle = (low + high) / 2
    if (loadFactorAt(counts, middle, total) > loadFactor) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Each level stands in the middle of its bin, and each bin's power is the one before times the same factor. */
function loadFactorAt(counts: Float64Array, exponent: number, total: number): number {
  const factor = Math.exp((-exponent * deepest) / bins)
  let bent = Math.sqrt(factor)
  let sum = 0
  for (let bin = 0; bin < bins; bin++) {
    sum += counts[bin]! * bent
    bent *= factor
  }
  return sum / total
}

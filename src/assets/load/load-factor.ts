/** Bends a year so that it has a given load factor (负荷率) and a given energy. */
import { assert } from '../../base/errors.ts'
import { hoursPerInterval } from '../../base/units.ts'

const bins = 2048
/** Levels below e^−deepest of the highest are taken as that. */
const deepest = 8
const exponentRange: readonly [number, number] = [0.2, 6]

/**
 * The exponent p with mean(level^p) / max(level^p) = load factor. A power keeps the order of levels, leaves none below
 * zero, and at p = 1 changes nothing.
 *
 * @param levels ≥ 0, at least one above
 * @returns p within 0.2 to 6; at an end the load factor is as near as it gets
 */
export function exponentFor(levels: Float64Array, loadFactor: number): number {
  assert(loadFactor > 0 && loadFactor < 1, () => `a load factor is between 0 and 1, not ${loadFactor}`)
  const counts = countByDepth(levels)
  let [low, high] = exponentRange
  for (let step = 0; step < 30; step++) {
    const middle = (low + high) / 2
    if (loadFactorAt(counts, middle, levels.length) > loadFactor) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** How many levels lie how far below the highest, on a logarithmic scale. */
function countByDepth(levels: Float64Array): Float64Array {
  let highest = 0
  for (let at = 0; at < levels.length; at++) if (levels[at]! > highest) highest = levels[at]!
  assert(highest > 0, 'a year without load has no load factor')
  const counts = new Float64Array(bins)
  for (let at = 0; at < levels.length; at++) {
    const depth = Math.min(deepest, -Math.log(levels[at]! / highest))
    const bin = Math.min(bins - 1, Math.floor((depth / deepest) * bins))
    counts[bin] = counts[bin]! + 1
  }
  return counts
}

function loadFactorAt(counts: Float64Array, exponent: number, total: number): number {
  let sum = 0
  for (let bin = 0; bin < bins; bin++) {
    if (counts[bin] !== 0) sum += counts[bin]! * Math.exp((-exponent * deepest * (bin + 0.5)) / bins)
  }
  return sum / total
}

/** Bends levels by the exponent and scales them to an energy, in place; they become mean power [kW]. */
export function bendAndScale(levels: Float64Array, exponent: number, energyKwh: number): void {
  let sum = 0
  for (let at = 0; at < levels.length; at++) {
    levels[at] = levels[at]! ** exponent
    sum += levels[at]!
  }
  const scale = energyKwh / (sum * hoursPerInterval)
  for (let at = 0; at < levels.length; at++) levels[at] = levels[at]! * scale
}

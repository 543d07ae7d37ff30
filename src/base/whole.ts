/**
 * From a product or quotient of doubles to a whole number: such a value may miss the whole number it stands for by a few
 * units in its last place, and would be rounded past it.
 */

const roundingShare = 4 * Number.EPSILON

/** The largest whole number at or below the value meant. */
export function floorWhole(value: number): number {
  return Math.floor(value + Math.abs(value) * roundingShare)
}

/** The smallest whole number at or above the value meant. */
export function ceilWhole(value: number): number {
  return Math.ceil(value - Math.abs(value) * roundingShare)
}

/** The nearest whole number, of two the higher. Not `Math.round`, whose branch is guessed wrong half the time. */
export function nearestWhole(value: number): number {
  return Math.floor(value + 0.5)
}

/**
 * 0 as a column holds it. A sum of doubles that begins at a literal 0, or at a small whole number, is checked for being a whole
 * number at every step, which costs more than the sum; begun at this, or at the larger of the two, it is not.
 */
export const nothing = new Float64Array(1)

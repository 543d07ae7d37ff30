/**
 * A curve of a bus's net export, and the sum of two. A curve is a run of pairs (key, level): the level is the net export
 * once the price has passed the key. It begins with (−∞, −demand) and ends with (∞, ∞), which belongs to no step.
 *
 * A key is `2 · price + kind`, kind 0 for sells and 1 for buys: sells switch on before buys switch off at the same price,
 * so that volume is largest. A fee moves a key by twice its ticks.
 */

/** Numbers that a curve without steps takes. */
export const emptyCurve = 4

/** Two curves in one column: from `left` up to `leftEnd`, from `right` up to `rightEnd`. */
export interface TwoCurves {
  left: number
  leftEnd: number
  right: number
  rightEnd: number
}

/**
 * Writes the sum of two curves to `to` from `out` on; equal keys may follow each other in it. The same column may be read
 * and written, at different places.
 *
 * Which of two steps comes next is computed, not branched on: a branch would be guessed wrong half the time. It is found
 * from both ends at once, since each step waits for the one before.
 *
 * @returns where the sum ends
 */
export function addCurves(pairs: Float64Array, curves: TwoCurves, to: Float64Array, out: number): number {
  const { leftEnd, rightEnd } = curves
  let left = curves.left | 0
  let right = curves.right | 0
  let leftLast = (leftEnd - 4) | 0
  let rightLast = (rightEnd - 4) | 0
  const steps = (leftEnd - left + rightEnd - right - 2 * emptyCurve) >> 1
  let first = out | 0
  let last = (out + 2 * steps) | 0
  let below = pairs[left + 1]! + pairs[right + 1]!
  let above = pairs[leftLast + 1]! + pairs[rightLast + 1]!
  to[first] = -Infinity
  to[first + 1] = below
  to[last + 2] = Infinity
  to[last + 3] = Infinity
  for (let pair = steps >> 1; pair > 0; pair--) {
    // Upwards the left one of equals comes first, downwards the right one.
    const takesLeft = Number(pairs[left + 2]! <= pairs[right + 2]!)
    left = (left + 2 * takesLeft) | 0
    right = (right + 2 - 2 * takesLeft) | 0
    const next = (left & -takesLeft) | (right & (takesLeft - 1))
    below += pairs[next + 1]! - pairs[next - 1]!
    first = (first + 2) | 0
    to[first] = pairs[next]!
    to[first + 1] = below

    const takesRight = Number(pairs[rightLast]! >= pairs[leftLast]!)
    const before = (rightLast & -takesRight) | (leftLast & (takesRight - 1))
    to[last] = pairs[before]!
    to[last + 1] = above
    above -= pairs[before + 1]! - pairs[before - 1]!
    last = (last - 2) | 0
    rightLast = (rightLast - 2 * takesRight) | 0
    leftLast = (leftLast - 2 + 2 * takesRight) | 0
  }
  if (steps % 2 === 1) {
    to[last] = Math.min(pairs[left + 2]!, pairs[right + 2]!)
    to[last + 1] = above
  }
  return out + 2 * steps + emptyCurve
}

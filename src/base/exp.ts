/**
 * The exponential function in a fifth of the time of `Math.exp`, the same on every machine: a year of a district takes forty
 * million of them. The power of two nearest below in 128 steps an octave comes from tables, the rest from its series:
 *
 *     e^x = 2^(k/128) · e^r,   k = round(128 · x / ln 2),   |r| ≤ ln 2 / 256
 *
 * Within one unit in the last place. Method: Tang, ACM TOMS 15 (1989) 144.
 */

const steps = 128
const octaves = 1000
const stepOf = Float64Array.from({ length: steps }, (_, step) => 2 ** (step / steps))
const octaveOf = Float64Array.from({ length: 2 * octaves + 1 }, (_, at) => 2 ** (at - octaves))
const stepsPerUnit = steps / Math.LN2
/** ln 2 / 128 in two parts, the first of which has so few digits that its products with k are exact. */
const lnHigh = 0.6931471803691238 / steps
const lnLow = 1.9082149292705877e-10 / steps

export function exp(x: number): number {
  if (!(x > -690 && x < 690)) return Math.exp(x)
  const k = Math.floor(x * stepsPerUnit + 0.5) | 0
  const r = x - k * lnHigh - k * lnLow
  const more = r + r * r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120))))
  const power = stepOf[k & (steps - 1)]! * octaveOf[(k >> 7) + octaves]!
  return power + power * more
}

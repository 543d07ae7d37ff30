import { parseScaled } from '../base/decimal.ts'
import { rateE8, type RateE8 } from '../base/units.ts'

/** A price of the file as a published rate; digits beyond its eighth are rounded. */
export function e8(cny: number): RateE8 {
  return rateE8(Number(parseScaled(cny.toFixed(8), 8)))
}

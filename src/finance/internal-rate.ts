/**
 * Internal rate of return (内部收益率): the discount rate at which a series of flows is worth nothing.
 *
 *     Σ flow_t / (1 + rate)^t = 0   ⇔   Σ flow_t · v^(N−t) = 0,   v = 1 + rate > 0
 *
 * A project may have no such rate, or several: then no single one says whether it pays, and the net present value
 * must. So the positive roots of the polynomial in v are counted exactly (Sturm), not looked for from a first guess.
 */
import { Decimal } from './money.ts'
import { positiveRoots } from './polynomial.ts'

export type InternalRate =
  | { readonly kind: 'one'; readonly rate: Decimal }
  | { readonly kind: 'several'; readonly rates: readonly Decimal[] }
  /** flows that are never of two signs, or signs that change but never balance */
  | { readonly kind: 'none' }

const bits = 60n
const places = 12

/**
 * @param flows from year 0 on, in whole fen
 * @returns every rate above −1, to 12 decimals, in rising order
 */
export function internalRate(flows: readonly Decimal[]): InternalRate {
  const fen = flows.map((flow) => BigInt(flow.times(100).toFixed(0)))
  const scale = new Decimal(2).pow(bits.toString())
  const [rate, ...others] = positiveRoots(fen, bits).map((numerator) =>
    new Decimal(numerator.toString()).div(scale).minus(1).toDecimalPlaces(places),
  )
  if (!rate) return { kind: 'none' }
  return others.length === 0 ? { kind: 'one', rate } : { kind: 'several', rates: [rate, ...others] }
}

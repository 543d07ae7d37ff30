import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exp } from '../../src/base/exp.ts'

test('exp(x) is Math.exp(x) within two units in the last place', () => {
  const usual = fc.double({ min: -60, max: 60, noNaN: true })
  fc.assert(
    fc.property(fc.oneof(usual, fc.double({ min: -745, max: 709, noNaN: true })), (x) => {
      expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThanOrEqual(2 * Number.EPSILON)
    }),
    { numRuns: 20_000, seed: 131 },
  )
})

test('exp(x) where there is nothing to compute', () => {
  for (const x of [-Infinity, -1e300, -746, 0, -0, 710, Infinity, NaN]) expect(exp(x)).toBe(Math.exp(x))
})

test('exp(x) never falls where x climbs by a thousandth', () => {
  for (let at = -20_000; at < 20_000; at++) expect(exp(at / 1000)).toBeLessThan(exp((at + 1) / 1000))
})

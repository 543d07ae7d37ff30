import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ExactSums } from '../../src/base/exact-sum.ts'

test('ExactSums totals equal BigInt totals, far beyond 2^53 and through changes of sign', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -7e15, max: 7e15 }), { maxLength: 200 }), (values) => {
      const sums = new ExactSums(1)
      for (const value of values) sums.add(0, value)
      expect(sums.get(0)).toBe(values.reduce((sum, value) => sum + BigInt(value), 0n))
    }),
  )
})

test('ExactSums.add(value) refuses what a double cannot hold', () => {
  expect(() => new ExactSums(1).add(0, 9.1e15)).toThrow(/beyond/)
  expect(() => new ExactSums(1).addProduct(0, 2 ** 52, 2 ** 53 - 1)).toThrow(/beyond/)
})

test('ExactSums products and totals of other columns equal those in BigInt', () => {
  const safe = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })
  const ticks = fc.integer({ min: -(2 ** 32), max: 2 ** 32 })
  fc.assert(
    fc.property(fc.array(fc.tuple(ticks, safe), { maxLength: 100 }), (pairs) => {
      const sums = new ExactSums(2)
      for (const [a, b] of pairs) sums.addProduct(0, a, b)
      sums.addTotal(1, sums, 0)
      sums.addTotal(1, sums, 0)
      const total = pairs.reduce((sum, [a, b]) => sum + BigInt(a) * BigInt(b), 0n)
      expect(sums.get(0)).toBe(total)
      expect(sums.get(1)).toBe(2n * total)
      sums.addProduct(0, -1, Number(total % 1000n))
      expect(sums.isZero(0)).toBe(total === total % 1000n)
      sums.clear()
      expect(sums.isZero(0)).toBe(true)
    }),
  )
})

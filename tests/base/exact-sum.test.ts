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
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { remainingShare } from '../../src/assets/ageing.ts'

test('remainingShare() of 2 % in the first year and 0.5 % in each later one, by hand', () => {
  const ageing = { firstYearLoss: 0.02, yearlyLoss: 0.005 }
  expect([1, 2, 3, 4].map((year) => remainingShare(ageing, year))).toEqual([
    1,
    0.98,
    0.98 * 0.995,
    0.98 * 0.995 ** 2,
  ])
  expect(remainingShare(ageing, 25)).toBeCloseTo(0.8733, 4)
})

test('an asset never gets younger, and one that does not age stays as it is', () => {
  const loss = fc.double({ min: 0, max: 0.2, noNaN: true })
  fc.assert(
    fc.property(loss, loss, fc.integer({ min: 1, max: 40 }), (firstYearLoss, yearlyLoss, year) => {
      const ageing = { firstYearLoss, yearlyLoss }
      expect(remainingShare(ageing, year + 1)).toBeLessThanOrEqual(remainingShare(ageing, year))
      expect(remainingShare({ firstYearLoss: 0, yearlyLoss: 0 }, year)).toBe(1)
    }),
  )
  expect(() => remainingShare({ firstYearLoss: 0, yearlyLoss: 0 }, 0)).toThrow(/first year is 1/)
})

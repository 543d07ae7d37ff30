import fc from 'fast-check'
import { expect, test } from 'vitest'
import { divideHalfEven, formatScaled, parseScaled } from '../../src/base/decimal.ts'

test('parseScaled(formatScaled(n)) gives n back, whatever the scale', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(10), (units, places) => {
      expect(parseScaled(formatScaled(units, places), places)).toBe(units)
      expect(parseScaled(formatScaled(units, places, { trim: true }), places)).toBe(units)
    }),
  )
})

test('parseScaled(text, places) refuses more places than the unit has, and anything that is no number', () => {
  for (const text of ['0.41531', '', '.', '1e5', 'NaN', '0x10', '1,5', ' ', '--1', 'Infinity']) {
    expect(parseScaled(text, 4), text).toBeUndefined()
  }
  expect(parseScaled(Number.NaN, 4)).toBeUndefined()
  expect(parseScaled(Number.POSITIVE_INFINITY, 4)).toBeUndefined()
  expect(parseScaled('0.41530', 4)).toBe(4153n)
})

test('parseScaled(number) takes the shortest decimal form as what was meant', () => {
  expect(parseScaled(0.4153, 4)).toBe(4153n)
  expect(parseScaled(1e-7, 7)).toBe(1n)
  expect(parseScaled(1e21, 0)).toBe(10n ** 21n)
  expect(parseScaled(0.1 + 0.2, 4)).toBeUndefined()
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), (units) => {
      expect(parseScaled(units / 1e4, 4)).toBe(BigInt(units))
    }),
  )
})

test('divideHalfEven(a, b) is within half a unit of a/b, and even at the half', () => {
  expect([5n, 15n, 25n, -5n, -15n, 26n].map((n) => divideHalfEven(n, 10n))).toEqual([0n, 2n, 2n, 0n, -2n, 3n])
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt({ min: 1n, max: 10n ** 9n }), (top, bottom) => {
      const off = divideHalfEven(top, bottom) * bottom - top
      expect((off < 0n ? -off : off) * 2n <= bottom).toBe(true)
    }),
  )
})

import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { divideHalfEven, formatScaled, parseScaled } from '../../src/base/decimal.ts'

const amount = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n })
const divisor = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }).filter((each) => each !== 0n)
const Wide = Decimal.clone({ precision: 80, rounding: Decimal.ROUND_HALF_EVEN })

test('divideHalfEven(a, b) is what decimal.js rounds half to even, whatever the signs', () => {
  fc.assert(
    fc.property(amount, divisor, (top, bottom) => {
      const expected = new Wide(top.toString()).div(bottom.toString()).toDecimalPlaces(0).toFixed()
      expect(divideHalfEven(top, bottom).toString()).toBe(expected === '-0' ? '0' : expected)
    }),
    { numRuns: 1000, seed: 131 },
  )
})

test('divideHalfEven(n + ½) goes to the even neighbour, on both sides of 0 and of the divisor', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), divisor, (whole, bottom) => {
      const half = divideHalfEven((2n * whole + 1n) * bottom, 2n * bottom)
      expect(half === (whole % 2n === 0n ? whole : whole + 1n)).toBe(true)
    }),
    { numRuns: 1000, seed: 132 },
  )
})

test('divideHalfEven() changes sign with either of its numbers, and gives a whole quotient back', () => {
  fc.assert(
    fc.property(amount, divisor, (top, bottom) => {
      const quotient = divideHalfEven(top, bottom)
      expect(divideHalfEven(-top, bottom)).toBe(-quotient)
      expect(divideHalfEven(top, -bottom)).toBe(-quotient)
      expect(divideHalfEven(top * bottom, bottom)).toBe(top)
    }),
    { numRuns: 500, seed: 133 },
  )
})

test('formatScaled(n, places) is what decimal.js writes, with all places or without trailing noughts', () => {
  fc.assert(
    fc.property(amount, fc.integer({ min: 0, max: 12 }), (units, places) => {
      const value = new Wide(units.toString()).div(new Wide(10).pow(places))
      const sign = value.isZero() ? value.abs() : value
      expect(formatScaled(units, places)).toBe(sign.toFixed(places))
      expect(formatScaled(units, places, { trim: true })).toBe(sign.toFixed())
    }),
    { numRuns: 500, seed: 134 },
  )
})

test('parseScaled(number) reads what the number prints, in every size and sign, or refuses it', () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: 0, max: 30 }),
      (value, places) => {
        const exact = new Wide(String(value)).mul(new Wide(10).pow(places))
        const parsed = parseScaled(value, places)
        if (exact.isInteger()) expect(parsed?.toString()).toBe(exact.isZero() ? '0' : exact.toFixed())
        else expect(parsed).toBeUndefined()
      },
    ),
    { numRuns: 2000, seed: 135 },
  )
})

test('parseScaled(text) takes a sign, blanks around and noughts behind, no comma, exponent or lone point', () => {
  expect([' +0.0483 ', '00.0483', '0.04830000', '-0'].map((text) => parseScaled(text, 4))).toEqual([
    483n,
    483n,
    483n,
    0n,
  ])
  expect(parseScaled('5.', 2)).toBe(500n)
  for (const text of ['.5', '5,0', '5e0', '- 5', '5 5', '+', '∞', '５']) {
    expect(parseScaled(text, 4), text).toBeUndefined()
  }
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatScaled, parseScaled } from '../../src/base/decimal.ts'
import {
  kwhText,
  limitPrice,
  meterKwh,
  orderKwh,
  priceText,
  ticksOf,
  whOf,
} from '../../src/contract/decimals.ts'

/** Decimal text with up to so many places, written in any of its ways. */
const decimal = (whole: number, places: number) =>
  fc
    .tuple(fc.bigInt(0n, 10n ** BigInt(whole + places) - 1n), fc.boolean(), fc.nat(3))
    .map(([units, trim, zeros]) => {
      const text = formatScaled(units, places, { trim })
      const padded = '0'.repeat(zeros) + text
      return padded.split('.')[0]!.length <= whole ? padded : text
    })

test('whOf(text) is exactly what was written, for every energy that the patterns let in', () => {
  fc.assert(
    fc.property(decimal(6, 3), (text) => {
      expect(meterKwh.safeParse(text).success).toBe(true)
      expect(BigInt(whOf(text))).toBe(parseScaled(text, 3))
      expect(orderKwh.safeParse(text).success).toBe(whOf(text) > 0)
    }),
  )
})

test('ticksOf(text) is exactly what was written, for every price that the pattern lets in', () => {
  fc.assert(
    fc.property(decimal(4, 4), fc.boolean(), (text, negative) => {
      const signed = negative ? `-${text}` : text
      expect(limitPrice.safeParse(signed).success).toBe(true)
      expect(Object.is(ticksOf(signed), Number(parseScaled(signed, 4)))).toBe(true)
    }),
  )
})

test('kwhText and priceText are read back as the same whole number', () => {
  fc.assert(
    fc.property(fc.nat(999_999_999), fc.integer({ min: -99_999_999, max: 99_999_999 }), (wh, ticks) => {
      expect(whOf(kwhText(wh))).toBe(wh)
      expect(ticksOf(priceText(ticks))).toBe(ticks)
    }),
  )
})

test.each([
  '',
  '0',
  '0.000',
  '-1',
  '1.2345',
  '1e3',
  ' 1',
  '1 ',
  '.5',
  '1.',
  '1234567',
  '٣',
  'NaN',
  'Infinity',
  '0x10',
])('orderKwh refuses %j', (text) => {
  expect(orderKwh.safeParse(text).success).toBe(false)
})

test.each([1, null, true, {}, [], ['1']])('orderKwh refuses %j, which is no text', (value) => {
  expect(orderKwh.safeParse(value).success).toBe(false)
})

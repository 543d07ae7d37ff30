import fc from 'fast-check'
import { expect, test } from 'vitest'
import { grouped, percent } from '../../src/report/numbers.ts'

test('what rounds to 0 has no sign, everything else its own', () => {
  expect([grouped(-0.4), grouped(-0.004, 2), percent(-0.000_04), percent(-0)]).toEqual([
    '0',
    '0.00',
    '0.00 %',
    '0.00 %',
  ])
  expect([grouped(-0.6), grouped(-1234.5, 1), percent(-0.0001)]).toEqual(['-1', '-1,234.5', '-0.01 %'])
  fc.assert(
    fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.nat(3), (value, decimals) => {
      for (const [text, number] of [
        [grouped(value, decimals), value],
        [percent(value, decimals), 100 * value],
      ] as const) {
        expect(text.startsWith('-')).toBe(/[1-9]/.test(text) && number < 0)
      }
    }),
  )
})

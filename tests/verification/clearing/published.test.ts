import { expect, test } from 'vitest'
import { clearAverageFee, moneyOf, readings, sharesOf } from './average-fee.ts'
import { publishedCases } from './published-cases.ts'
import { judge } from './published.ts'

test.each(publishedCases)('$source: $name', (published) => {
  const { outcome, isRight, isTheirs, welfare, theirWelfare } = judge(published)
  expect(outcome.proved).toBe(true)
  expect(isRight, JSON.stringify(outcome)).toBe(true)
  expect(isTheirs).toBe(published.right === undefined)
  expect(welfare).toBeGreaterThanOrEqual(theirWelfare - 1e-9)
})

test.each(readings)(
  'averaged fees, Simply issue 220, $reading: nobody loses, and money balances',
  ({ farAsk }) => {
    const shares = sharesOf(farAsk)
    expect(Math.min(...shares.map(({ gain }) => gain))).toBeGreaterThanOrEqual(0)
    const { paid, received, fees } = moneyOf(farAsk)
    expect(paid).toBeCloseTo(received + fees, 9)
    // What the issue tries leaves the offer of 2.5 with a loss.
    expect(shares.find(({ id }) => id === 'offer 2.5')!.averagedGain).toBeCloseTo(-0.3, 9)
  },
)

test('averaged fees: the buses are apart by exactly the fee, and the pair worth nothing is traded', () => {
  const { buses, accepted } = clearAverageFee(0.6)
  expect([buses['cluster 1']!.price, buses['beyond the fee']!.price]).toEqual([3, 0.6])
  expect(Object.values(accepted)).toEqual([1, 1, 1, 1, 1, 1])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { limitTicks, truthful, type Strategy } from '../../src/strategy/bidding/index.ts'

const buyLimitTicks = (valueTicks: number, by: Strategy) => limitTicks(valueTicks, 0, by)
const sellLimitTicks = (valueTicks: number, by: Strategy) => limitTicks(valueTicks, 1, by)

/** Values as the simulation has them: whole 1e-8 CNY/kWh, up to 10 CNY/kWh, handed over in ticks. */
const valueE8 = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 })
const share = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }))
const strategy: fc.Arbitrary<Strategy> = fc.oneof(
  fc.constant(truthful),
  share.map((each) => ({ kind: 'markup' as const, share: each })),
)

/** ⌊a / 10,000⌋ without a float. */
function floorTicks(e8: number): number {
  const [value, tick] = [BigInt(e8), 10_000n]
  return Number(value >= 0n ? value / tick : -((-value + tick - 1n) / tick))
}

test('a truthful limit is the value to the next whole tick: down for a buyer, up for a seller', () => {
  fc.assert(
    fc.property(valueE8, (e8) => {
      expect(buyLimitTicks(e8 / 10_000, truthful)).toBe(floorTicks(e8))
      expect(sellLimitTicks(e8 / 10_000, truthful) + floorTicks(-e8)).toBe(0)
    }),
    { numRuns: 2000, seed: 81 },
  )
})

test('no strategy buys above its value or sells below it, and every limit is a whole tick', () => {
  fc.assert(
    fc.property(valueE8, strategy, (e8, each) => {
      const [buy, sell] = [buyLimitTicks(e8 / 10_000, each), sellLimitTicks(e8 / 10_000, each)]
      expect(Number.isSafeInteger(buy) && Number.isSafeInteger(sell)).toBe(true)
      expect(buy * 10_000).toBeLessThanOrEqual(e8)
      expect(sell * 10_000).toBeGreaterThanOrEqual(e8)
    }),
    { numRuns: 2000, seed: 82 },
  )
})

test('a markup shades by its share of the value, to a tick, and by nothing at 0', () => {
  fc.assert(
    fc.property(valueE8, share, (e8, each) => {
      const value = e8 / 10_000
      const markup = { kind: 'markup', share: each } as const
      const shaded = Math.abs(value) * each
      expect(Math.abs(value - shaded - buyLimitTicks(value, markup))).toBeLessThan(1.001)
      expect(Math.abs(value + shaded - sellLimitTicks(value, markup))).toBeLessThan(1.001)
      const none = { kind: 'markup', share: 0 } as const
      expect(buyLimitTicks(value, none)).toBe(buyLimitTicks(value, truthful))
      expect(sellLimitTicks(value, none)).toBe(sellLimitTicks(value, truthful))
    }),
    { numRuns: 1000, seed: 83 },
  )
})

test('a limit never falls with the value; more markup never raises a bid or lowers an offer', () => {
  fc.assert(
    fc.property(valueE8, fc.nat(1_000_000_000), share, share, (e8, more, a, b) => {
      const [little, much] = (a < b ? [a, b] : [b, a]).map((each) => ({
        kind: 'markup' as const,
        share: each,
      }))
      const [lower, higher] = [e8 / 10_000, (e8 + more) / 10_000]
      for (const each of [truthful, little!, much!]) {
        expect(buyLimitTicks(higher, each)).toBeGreaterThanOrEqual(buyLimitTicks(lower, each))
        expect(sellLimitTicks(higher, each)).toBeGreaterThanOrEqual(sellLimitTicks(lower, each))
      }
      expect(buyLimitTicks(lower, much!)).toBeLessThanOrEqual(buyLimitTicks(lower, little!))
      expect(sellLimitTicks(lower, much!)).toBeGreaterThanOrEqual(sellLimitTicks(lower, little!))
    }),
    { numRuns: 1000, seed: 84 },
  )
})

test('facts §2.5: a noon ceiling of 0.3643 − 0.1727 is bid as 0.1915, a floor of 0.41531 as 0.4154', () => {
  const ceilingE8 = 36_430_000 - 4_830_000 - 1_360_000 - 8_160_000 - 2_923_875
  expect(buyLimitTicks(ceilingE8 / 10_000, truthful)).toBe(1915)
  expect(sellLimitTicks(4153.1, truthful)).toBe(4154)
  expect(buyLimitTicks(2000, { kind: 'markup', share: 0.1 })).toBe(1800)
  expect(sellLimitTicks(4153, { kind: 'markup', share: 0.1 })).toBe(4569)
})

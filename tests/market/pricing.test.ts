import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ClearingEngine } from '../../src/market/clear.ts'
import { Pairing } from '../../src/market/pairs.ts'
import { busPrices } from '../../src/market/prices.ts'
import { priceRuleNames, priceRules, type PriceRuleName } from '../../src/market/pricing/index.ts'
import { caseOf, type Case } from './books.ts'

function settle({ network, book }: Case, rule: PriceRuleName, kNumerator: number) {
  const clearing = new ClearingEngine(network).clear(book)
  const busPriceTicks = new Float64Array(network.busCount)
  busPrices(network, clearing, { floorTicks: -1000, capTicks: 1000, kNumerator }, busPriceTicks)
  const pairs = new Pairing(network).pair(book, clearing)
  const out = { sellerTicks: new Float64Array(pairs.count), buyerTicks: new Float64Array(pairs.count) }
  priceRules[rule]({ network, book, pairs, busPriceTicks, kNumerator }, out)
  return { clearing, pairs, ...out }
}

const k = fc.integer({ min: 0, max: 10_000 })

describe.each(priceRuleNames)('what a market owes its members under %s', (rule) => {
  test('pairs are complete: what an order trades is what was accepted, in fewer pairs than accepted orders', () => {
    fc.assert(
      fc.property(caseOf({ orders: 20 }), k, ({ network, book }, kNumerator) => {
        const { clearing, pairs } = settle({ network, book }, rule, kNumerator)
        const traded = Array.from({ length: book.count }, () => 0)
        for (let pair = 0; pair < pairs.count; pair++) {
          expect(pairs.quantityWh[pair]!).toBeGreaterThan(0)
          traded[pairs.sell[pair]!]! += pairs.quantityWh[pair]!
          traded[pairs.buy[pair]!]! += pairs.quantityWh[pair]!
        }
        expect(traded).toEqual([...clearing.acceptedWh.subarray(0, book.count)])
        expect(pairs.count).toBeLessThanOrEqual(Math.max(0, traded.filter((energy) => energy > 0).length - 1))
      }),
      { numRuns: 1000, seed: 21 },
    )
  })

  test('nobody trades beyond its limit, and money is conserved: paid = received + fees + rent, rent not negative', () => {
    fc.assert(
      fc.property(caseOf({ orders: 20 }), k, ({ network, book }, kNumerator) => {
        const { clearing, pairs, sellerTicks, buyerTicks } = settle({ network, book }, rule, kNumerator)
        let rent = 0
        let pathFees = 0
        for (let pair = 0; pair < pairs.count; pair++) {
          expect(sellerTicks[pair]!).toBeGreaterThanOrEqual(book.limitTicks[pairs.sell[pair]!]!)
          expect(buyerTicks[pair]!).toBeLessThanOrEqual(book.limitTicks[pairs.buy[pair]!]!)
          pathFees += pairs.pathFeeTicks[pair]! * pairs.quantityWh[pair]!
          rent +=
            (buyerTicks[pair]! - sellerTicks[pair]! - pairs.pathFeeTicks[pair]!) * pairs.quantityWh[pair]!
        }
        let arcFees = 0
        for (let bus = 1; bus < network.busCount; bus++) {
          const flow = clearing.flowUpWh[bus]!
          arcFees += flow > 0 ? flow * network.feeUpTicks[bus]! : -flow * network.feeDownTicks[bus]!
        }
        expect(pathFees).toBe(arcFees + 0)
        if (rule === 'nodal-uniform') expect(rent).toBeGreaterThanOrEqual(0)
        else expect(rent + 0).toBe(0)
      }),
      { numRuns: 1000, seed: 22 },
    )
  })
})

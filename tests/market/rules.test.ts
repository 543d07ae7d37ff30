/** What a market owes its members, whatever the price rule; and what each rule owes beyond that. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buySide } from '../../src/market/book.ts'
import { certify } from '../../src/market/certificate.ts'
import { ClearingEngine } from '../../src/market/clear.ts'
import { busPrices } from '../../src/market/prices.ts'
import { applyRule, gapOf, welfareOf, type Settled } from '../../src/market/pricing/apply-rule.ts'
import {
  holdsOnTrees,
  priceRuleNames,
  treeRuleNames,
  type PriceRuleName,
} from '../../src/market/pricing/index.ts'
import { bookOf, caseOf, shuffled, type Case } from './books.ts'

interface Outcome extends Settled {
  readonly busPriceTicks: Float64Array
  readonly optimum: bigint
}

function settle({ network, book }: Case, rule: PriceRuleName, kNumerator = 5000): Outcome {
  const clearing = new ClearingEngine(network).clear(book)
  const busPriceTicks = new Float64Array(network.busCount)
  busPrices(network, clearing, { floorTicks: -1000, capTicks: 1000, kNumerator }, busPriceTicks)
  const { welfare, dualBound } = certify(network, book, clearing, busPriceTicks)
  expect(welfare).toBe(dualBound)
  const settled = applyRule(rule, { network, book, clearing, busPriceTicks, kNumerator })
  return { ...settled, busPriceTicks, optimum: welfare }
}

/** What each order pays (buys) or receives (sells). [Wh·tick] */
function moneyOf({ book }: Case, { pairs, sellerTicks, buyerTicks }: Settled): number[] {
  const money = Array.from({ length: book.count }, () => 0)
  for (let pair = 0; pair < pairs.count; pair++) {
    money[pairs.sell[pair]!]! += sellerTicks[pair]! * pairs.quantityWh[pair]!
    money[pairs.buy[pair]!]! += buyerTicks[pair]! * pairs.quantityWh[pair]!
  }
  return money
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const sideSum = ({ book }: Case, values: readonly number[], side: number) =>
  sum(values.filter((_, row) => book.side[row] === side))
const acceptedOf = ({ book }: Case, { clearing }: Settled) => [...clearing.acceptedWh.subarray(0, book.count)]

function arcFees({ network }: Case, { clearing }: Settled): number {
  let fees = 0
  for (let bus = 1; bus < network.busCount; bus++) {
    const flow = clearing.flowUpWh[bus]!
    fees += flow > 0 ? flow * network.feeUpTicks[bus]! : -flow * network.feeDownTicks[bus]!
  }
  return fees
}

const k = fc.integer({ min: 0, max: 10_000 })

describe.each(priceRuleNames)('what a market owes its members under %s', (rule) => {
  const books = (orders = 20, prices = 12) =>
    caseOf(holdsOnTrees(rule) ? { orders, prices } : { orders, prices, buses: 1 })

  test('energy is conserved: nobody trades more than it asked for, and every bus is balanced', () => {
    fc.assert(
      fc.property(books(), (each) => {
        const { network, book } = each
        const settled = settle(each, rule)
        const netWh = Array.from(settled.clearing.flowUpWh, (flow) => -flow)
        acceptedOf(each, settled).forEach((energyWh, row) => {
          expect(energyWh).toBeGreaterThanOrEqual(0)
          expect(energyWh).toBeLessThanOrEqual(book.quantityWh[row]!)
          netWh[book.bus[row]!]! += book.side[row] === buySide ? -energyWh : energyWh
        })
        for (let bus = 1; bus < network.busCount; bus++)
          netWh[network.parent[bus]!]! += settled.clearing.flowUpWh[bus]!
        expect(netWh.every((energyWh) => energyWh === 0)).toBe(true)
        expect(sideSum(each, acceptedOf(each, settled), buySide)).toBe(settled.clearing.volumeWh)
      }),
      { numRuns: 1000, seed: 20 },
    )
  })

  test('pairs are complete: what an order trades is what was accepted, in fewer pairs than accepted orders', () => {
    fc.assert(
      fc.property(books(), k, (each, kNumerator) => {
        const settled = settle(each, rule, kNumerator)
        const { pairs } = settled
        const traded = Array.from({ length: each.book.count }, () => 0)
        for (let pair = 0; pair < pairs.count; pair++) {
          expect(pairs.quantityWh[pair]!).toBeGreaterThan(0)
          traded[pairs.sell[pair]!]! += pairs.quantityWh[pair]!
          traded[pairs.buy[pair]!]! += pairs.quantityWh[pair]!
        }
        expect(traded).toEqual(acceptedOf(each, settled))
        expect(pairs.count).toBeLessThanOrEqual(Math.max(0, traded.filter((energy) => energy > 0).length - 1))
      }),
      { numRuns: 1000, seed: 21 },
    )
  })

  test('nobody trades beyond its limit', () => {
    fc.assert(
      fc.property(books(), k, (each, kNumerator) => {
        const { pairs, sellerTicks, buyerTicks } = settle(each, rule, kNumerator)
        for (let pair = 0; pair < pairs.count; pair++) {
          expect(sellerTicks[pair]!).toBeGreaterThanOrEqual(each.book.limitTicks[pairs.sell[pair]!]!)
          expect(buyerTicks[pair]!).toBeLessThanOrEqual(each.book.limitTicks[pairs.buy[pair]!]!)
        }
      }),
      { numRuns: 1000, seed: 22 },
    )
  })

  test('money is conserved: paid = received + fees + what the market keeps, which is never below 0', () => {
    fc.assert(
      fc.property(books(), k, (each, kNumerator) => {
        const settled = settle(each, rule, kNumerator)
        const money = moneyOf(each, settled)
        const kept = Number(gapOf(settled))
        expect(sideSum(each, money, buySide)).toBe(
          sideSum(each, money, 1 - buySide) + arcFees(each, settled) + kept,
        )
        expect(kept).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 1000, seed: 23 },
    )
  })

  test('handing the same orders over in another sequence changes nobody’s energy or money', () => {
    const withOrder = books(16, 4).chain((each) =>
      fc.tuple(
        fc.constant(each),
        fc.shuffledSubarray([...Array(each.book.count).keys()], { minLength: each.book.count }),
      ),
    )
    fc.assert(
      fc.property(withOrder, ([each, order]) => {
        const other = { network: each.network, book: shuffled(each.book, order) }
        const before = settle(each, rule)
        const after = settle(other, rule)
        const accepted = acceptedOf(each, before)
        const money = moneyOf(each, before)
        expect(order.map((row) => accepted[row])).toEqual(acceptedOf(other, after))
        expect(order.map((row) => money[row])).toEqual(moneyOf(other, after))
      }),
      { numRuns: 1000, seed: 24 },
    )
  })

  test('a larger k moves no energy and lowers no price', () => {
    fc.assert(
      fc.property(books(), k, k, (each, one, other) => {
        const low = settle(each, rule, Math.min(one, other))
        const high = settle(each, rule, Math.max(one, other))
        expect(acceptedOf(each, high)).toEqual(acceptedOf(each, low))
        low.sellerTicks.forEach((ticks, pair) =>
          expect(high.sellerTicks[pair]!).toBeGreaterThanOrEqual(ticks),
        )
        low.buyerTicks.forEach((ticks, pair) => expect(high.buyerTicks[pair]!).toBeGreaterThanOrEqual(ticks))
      }),
      { numRuns: 500, seed: 25 },
    )
  })

  test('no welfare is lost but by trade-reduction, and what is traded is never worth more than the optimum', () => {
    fc.assert(
      fc.property(books(), (each) => {
        const settled = settle(each, rule)
        const welfare = welfareOf(each.book, settled)
        if (holdsOnTrees(rule)) expect(welfare).toBe(settled.optimum)
        else expect(settled.optimum >= welfare && welfare >= 0n).toBe(true)
      }),
      { numRuns: 500, seed: 26 },
    )
  })

  test('a book without a match, or without orders, is settled with nothing', () => {
    const apart = bookOf(
      [
        { bus: 0, side: 0, limit: 3, quantity: 5 },
        { bus: 0, side: 1, limit: 4, quantity: 5 },
      ],
      1,
    )
    const network = oneBus()
    for (const book of [apart, bookOf([], 1)]) {
      const { pairs, clearing } = settle({ network, book }, rule)
      expect([pairs.count, clearing.volumeWh]).toEqual([0, 0])
    }
  })
})

function oneBus() {
  return {
    busCount: 1,
    parent: Int32Array.of(-1),
    feeUpTicks: Float64Array.of(0),
    feeDownTicks: Float64Array.of(0),
    capacityUpWh: Float64Array.of(Infinity),
    capacityDownWh: Float64Array.of(Infinity),
  }
}

test('under nodal-uniform rent is never below 0, stands on full arcs only, and is all that the market keeps', () => {
  fc.assert(
    fc.property(caseOf({ orders: 20 }), k, (each, kNumerator) => {
      const { network } = each
      const settled = settle(each, 'nodal-uniform', kNumerator)
      let rents = 0
      for (let bus = 1; bus < network.busCount; bus++) {
        const flow = settled.clearing.flowUpWh[bus]!
        if (flow === 0) continue
        const gap = settled.busPriceTicks[network.parent[bus]!]! - settled.busPriceTicks[bus]!
        const rent = flow > 0 ? gap - network.feeUpTicks[bus]! : -gap - network.feeDownTicks[bus]!
        const room = flow > 0 ? network.capacityUpWh[bus]! : network.capacityDownWh[bus]!
        expect(rent).toBeGreaterThanOrEqual(0)
        if (rent > 0) expect(Math.abs(flow)).toBe(room)
        rents += rent * Math.abs(flow)
      }
      expect(gapOf(settled)).toBe(BigInt(rents))
    }),
    { numRuns: 2000, seed: 27 },
  )
})

test.each(['high-low', 'pay-as-bid'] as const)(
  'under %s every pair keeps its whole gain: no rent',
  (rule) => {
    fc.assert(
      fc.property(caseOf({ orders: 20 }), k, (each, kNumerator) => {
        const { pairs, sellerTicks, buyerTicks } = settle(each, rule, kNumerator)
        for (let pair = 0; pair < pairs.count; pair++)
          expect(buyerTicks[pair]! - sellerTicks[pair]!).toBe(pairs.pathFeeTicks[pair]!)
      }),
      { numRuns: 1000, seed: 28 },
    )
  },
)

test('pay-as-bid charges each buyer its limit, high-low at k = 0 pays each seller its own', () => {
  fc.assert(
    fc.property(caseOf({ orders: 20 }), k, (each, kNumerator) => {
      const bid = settle(each, 'pay-as-bid', kNumerator)
      const ask = settle(each, 'high-low', 0)
      for (let pair = 0; pair < bid.pairs.count; pair++) {
        expect(bid.buyerTicks[pair]).toBe(each.book.limitTicks[bid.pairs.buy[pair]!])
        expect(ask.sellerTicks[pair]).toBe(each.book.limitTicks[ask.pairs.sell[pair]!])
      }
    }),
    { numRuns: 500, seed: 29 },
  )
})

describe('trade-reduction', () => {
  const rule = 'trade-reduction'

  /** One bus, one order per member, all of one size. */
  const singleUnits = fc
    .tuple(caseOf({ buses: 1, orders: 14 }), fc.constantFrom(1, 7, 10_000))
    .map(([each, unitWh]) => ({ each: resized(each, () => unitWh), unitWh }))

  function resized({ network, book }: Case, sizeOf: (row: number) => number): Case {
    return { network, book: { ...book, quantityWh: book.quantityWh.map((_, row) => sizeOf(row)) } }
  }

  /** What an order gains when its true limit is `truth`, whatever it named. */
  function gainOf(each: Case, row: number, truth: number): number {
    const settled = settle(each, rule)
    const worth = truth * settled.clearing.acceptedWh[row]!
    const money = moneyOf(each, settled)[row]!
    return each.book.side[row] === buySide ? worth - money : money - worth
  }

  function lied({ network, book }: Case, row: number, limit: number): Case {
    const limitTicks = book.limitTicks.slice()
    limitTicks[row] = limit
    return { network, book: { ...book, limitTicks } }
  }

  const lie = fc.integer({ min: -5, max: 14 })

  test('is truthful for single-unit orders: naming another limit never gains anything', () => {
    fc.assert(
      fc.property(singleUnits, fc.nat(1000), lie, ({ each }, pick, limit) => {
        fc.pre(each.book.count > 0)
        const row = pick % each.book.count
        const truth = each.book.limitTicks[row]!
        expect(gainOf(lied(each, row, limit), row, truth)).toBeLessThanOrEqual(gainOf(each, row, truth))
      }),
      { numRuns: 4000, seed: 31 },
    )
  })

  test('with orders of any size another limit gains nothing either', () => {
    fc.assert(
      fc.property(caseOf({ buses: 1, orders: 12 }), fc.nat(1000), lie, (each, pick, limit) => {
        fc.pre(each.book.count > 0)
        const row = pick % each.book.count
        const truth = each.book.limitTicks[row]!
        expect(gainOf(lied(each, row, limit), row, truth)).toBeLessThanOrEqual(gainOf(each, row, truth))
      }),
      { numRuns: 4000, seed: 32 },
    )
  })

  test('with orders of several units a larger quantity than the true one can gain', () => {
    const order = (side: number, limit: number, quantity: number) => ({ bus: 0, side, limit, quantity })
    const each = (firstWh: number): Case => ({
      network: oneBus(),
      book: bookOf(
        [order(0, 10, firstWh), order(0, 9, 1000), order(0, 5, 500), order(1, 1, 1000), order(1, 2, 1100)],
        1,
      ),
    })
    // It gets 500 of its true 1000 Wh, and 512 when it asks for 1050; the price is 5 both times.
    expect(gainOf(each(1000), 0, 10)).toBe(5 * 500)
    expect(gainOf(each(1050), 0, 10)).toBe(5 * 512)
  })

  test('of single units it loses the marginal pair, no more: at most one part in n of the welfare of n trades', () => {
    fc.assert(
      fc.property(singleUnits, ({ each, unitWh }) => {
        const settled = settle(each, rule)
        const trades = new ClearingEngine(each.network).clear(each.book).volumeWh / unitWh
        const lost = settled.optimum - welfareOf(each.book, settled)
        const { buy, sell } = settled.reduction!
        if (trades === 0) expect([buy, sell, lost]).toEqual([-1, -1, 0n])
        else {
          const pair = each.book.limitTicks[buy]! - each.book.limitTicks[sell]!
          expect(lost).toBe(BigInt(pair * unitWh))
          expect(lost * BigInt(trades) <= settled.optimum).toBe(true)
          expect(settled.clearing.volumeWh).toBe((trades - 1) * unitWh)
        }
      }),
      { numRuns: 1000, seed: 33 },
    )
  })

  test('of single units it trades what the textbook says: the best n − 1 of either side, at the limits of the n-th', () => {
    fc.assert(
      fc.property(singleUnits, ({ each: { network, book } }) => {
        const rows = [...Array(book.count).keys()]
        const limit = (row: number) => book.limitTicks[row]!
        const buys = rows.filter((row) => book.side[row] === buySide).sort((a, b) => limit(b) - limit(a))
        const sells = rows.filter((row) => book.side[row] !== buySide).sort((a, b) => limit(a) - limit(b))
        const n = buys.filter((buy, at) => at < sells.length && limit(buy) >= limit(sells[at]!)).length
        const settled = settle({ network, book }, rule)
        const traded = rows.filter((row) => settled.clearing.acceptedWh[row]! > 0)
        const best = [...buys.slice(0, Math.max(0, n - 1)), ...sells.slice(0, Math.max(0, n - 1))]
        expect(traded).toEqual(best.sort((a, b) => a - b))
        if (n > 0) expect(settled.reduction).toMatchObject({ buy: buys[n - 1], sell: sells[n - 1] })
      }),
      { numRuns: 1000, seed: 37 },
    )
  })

  test('loses no more energy than the larger marginal order has, and gives up the two it names', () => {
    fc.assert(
      fc.property(caseOf({ buses: 1, orders: 20 }), (each) => {
        const settled = settle(each, rule)
        const { volumeWh } = new ClearingEngine(each.network).clear(each.book)
        fc.pre(volumeWh > 0)
        const { buy, sell } = settled.reduction!
        const given = [buy, sell].map((row) => each.book.quantityWh[row]!)
        expect(volumeWh - settled.clearing.volumeWh).toBeLessThanOrEqual(Math.max(...given))
        expect([buy, sell].map((row) => settled.clearing.acceptedWh[row])).toEqual([0, 0])
      }),
      { numRuns: 1000, seed: 34 },
    )
  })

  test('has one price for each side, and their difference is its surplus', () => {
    fc.assert(
      fc.property(caseOf({ buses: 1, orders: 20 }), (each) => {
        const settled = settle(each, rule)
        const { buy, sell } = settled.reduction!
        if (settled.pairs.count === 0) return
        const [paid, received] = [each.book.limitTicks[buy]!, each.book.limitTicks[sell]!]
        expect(new Set(settled.buyerTicks)).toEqual(new Set([paid]))
        expect(new Set(settled.sellerTicks)).toEqual(new Set([received]))
        expect(gapOf(settled)).toBe(BigInt((paid - received) * settled.clearing.volumeWh))
      }),
      { numRuns: 1000, seed: 35 },
    )
  })

  test('is no rule for a tree', () => {
    const two = fc.sample(
      caseOf({ buses: 6 }).filter(({ network }) => network.busCount > 1),
      { numRuns: 1, seed: 36 },
    )[0]!
    expect(() => settle(two, rule)).toThrow('trade-reduction on')
    expect(priceRuleNames.filter((name) => !holdsOnTrees(name))).toEqual([rule])
    expect(treeRuleNames).not.toContain(rule)
  })
})

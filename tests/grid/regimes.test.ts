import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BrokenAssertion } from '../../src/base/errors.ts'
import type { Network } from '../../src/grid/network.ts'
import { fillRegime, type Filling, type LevelTree, type Regime } from '../../src/grid/regimes/index.ts'
import type { TdPrices } from '../../src/grid/td-prices.ts'
import { ClearingEngine } from '../../src/market/clear.ts'
import { Pairing } from '../../src/market/pairs.ts'
import { bookOf } from '../market/books.ts'
import {
  firstUnused,
  fourthPeriod,
  highestTouched,
  levelTree,
  parallelPrices,
  pathFee,
  pathOf,
  price,
  rules,
  tdPrices,
  trades,
} from './trees.ts'

const differences = ['1901-literal', '1901-one-above'] as const
const regime: fc.Arbitrary<Regime> = fc.oneof(
  fc.constantFrom(...differences, 'full-td' as const, 'zero' as const).map((kind) => ({ kind })),
  fc.nat(3000).map((feeTicks) => ({ kind: 'flat' as const, feeTicks })),
  fc.nat(10_000).map((loadRateE4) => ({ kind: 'capacity-1192' as const, loadRateE4 })),
)

function feeOf(filling: Filling, tree: LevelTree, { from, to, part }: ReturnType<typeof trades>[number]) {
  return pathFee(tree, filling, from, to) + filling.withdrawalTicks(to, part)
}

test('no fee of fillRegime() is negative or part of a tick: arcs up, arcs down, own connection', () => {
  fc.assert(
    fc.property(regime, levelTree, tdPrices, (each, tree, prices) => {
      const filling = fillRegime(each, tree, prices)
      const own = trades(tree).map(({ to, part }) => filling.withdrawalTicks(to, part))
      for (const fee of [...filling.feeUpTicks, ...filling.feeDownTicks, ...own]) {
        expect(Number.isSafeInteger(fee) && fee >= 0).toBe(true)
      }
      expect([filling.feeUpTicks[0], filling.feeDownTicks[0]]).toEqual([0, 0])
    }),
    { numRuns: 500, seed: 21 },
  )
})

for (const kind of differences) {
  test(`path fee and connection under ${kind} are the rule's wherever the filling calls itself exact`, () => {
    let exact = 0
    fc.assert(
      fc.property(levelTree, tdPrices, (tree, prices) => {
        const filling = fillRegime({ kind }, tree, prices)
        if (!filling.exact) return
        exact++
        for (const trade of trades(tree)) {
          const { from, to, part } = trade
          expect(feeOf(filling, tree, trade)).toBe(rules[kind](tree, prices, from, to, part))
        }
      }),
      { numRuns: 1000, seed: 22 },
    )
    expect(exact).toBeGreaterThan(100)
  })

  test(`path fee and connection under ${kind} are the rule's on any tree if the columns are parallel`, () => {
    fc.assert(
      fc.property(levelTree, parallelPrices, (tree, prices) => {
        const filling = fillRegime({ kind }, tree, prices)
        for (const trade of trades(tree)) {
          const { from, to, part } = trade
          expect(feeOf(filling, tree, trade)).toBe(rules[kind](tree, prices, from, to, part))
        }
      }),
      { numRuns: 500, seed: 23 },
    )
  })

  test(`a two-part buyer above 1 kV pays the rule's difference under ${kind} on any tree`, () => {
    fc.assert(
      fc.property(levelTree, tdPrices, (tree, prices) => {
        const filling = fillRegime({ kind }, tree, prices)
        for (const trade of trades(tree)) {
          const { from, to, part } = trade
          if (part === 'single' || tree.level[to] === '0.4kV') continue
          expect(feeOf(filling, tree, trade)).toBe(rules[kind](tree, prices, from, to, part))
        }
      }),
      { numRuns: 500, seed: 24 },
    )
  })
}

test('the exception of 1901-literal: single-part above 1 kV pays the rule or more, the rule from the top', () => {
  fc.assert(
    fc.property(levelTree, tdPrices, (tree, prices) => {
      const filling = fillRegime({ kind: '1901-literal' }, tree, prices)
      for (const trade of trades(tree)) {
        const { from, to } = trade
        if (!isSingleAboveOneKv(tree, trade)) continue
        const rule = rules['1901-literal'](tree, prices, from, to, 'single')
        expect(feeOf(filling, tree, trade)).toBeGreaterThanOrEqual(rule)
        if (highestTouched(tree, from, to) === tree.level[0]) expect(feeOf(filling, tree, trade)).toBe(rule)
      }
    }),
    { numRuns: 500, seed: 25 },
  )
})

test('the exception of 1901-one-above: single-part above 1 kV pays the rule in a substation, less across', () => {
  fc.assert(
    fc.property(levelTree, tdPrices, (tree, prices) => {
      const filling = fillRegime({ kind: '1901-one-above' }, tree, prices)
      for (const trade of trades(tree)) {
        const { from, to } = trade
        if (!isSingleAboveOneKv(tree, trade)) continue
        const rule = rules['1901-one-above'](tree, prices, from, to, 'single')
        const short = columnGap('1901-one-above', tree, prices, from, to)
        expect(feeOf(filling, tree, trade)).toBe(rule - short)
        expect(short).toBeGreaterThanOrEqual(0)
        if (highestTouched(tree, from, to) === tree.level[to]) expect(short).toBe(0)
      }
    }),
    { numRuns: 500, seed: 26 },
  )
})

test('the exception of both: 0.4 kV pays two-part prices on its path above the transformer', () => {
  fc.assert(
    fc.property(levelTree, tdPrices, fc.constantFrom(...differences), (tree, prices, kind) => {
      const filling = fillRegime({ kind }, tree, prices)
      for (const trade of trades(tree)) {
        const { from, to } = trade
        if (tree.level[to] !== '0.4kV') continue
        const rule = rules[kind](tree, prices, from, to, 'single')
        expect(feeOf(filling, tree, trade)).toBe(rule - columnGap(kind, tree, prices, from, to))
      }
    }),
    { numRuns: 500, seed: 33 },
  )
})

function isSingleAboveOneKv(tree: LevelTree, { to, part }: ReturnType<typeof trades>[number]): boolean {
  return part === 'single' && tree.level[to] !== '0.4kV'
}

/** What the arcs into buses above 1 kV on the way down would cost more in the single-part column. */
function columnGap(
  kind: (typeof differences)[number],
  tree: LevelTree,
  prices: TdPrices,
  from: number,
  to: number,
): number {
  const at = (bus: number, part: 'single' | 'two') => {
    const level = kind === '1901-literal' ? tree.level[bus]! : firstUnused(tree, tree.level[bus]!)
    return price(prices, level, part)
  }
  return pathOf(tree, from, to)
    .down.filter((bus) => tree.level[bus] !== '0.4kV')
    .map((bus) => [bus, tree.parent[bus]!] as const)
    .reduce(
      (sum, [bus, parent]) =>
        sum + at(bus, 'single') - at(parent, 'single') - (at(bus, 'two') - at(parent, 'two')),
      0,
    )
}

test('zero ≤ 1901-literal ≤ 1901-one-above ≤ full-td at the prices of 1077号, but for trades below', () => {
  fc.assert(
    fc.property(levelTree, (tree) => {
      const fillings = (['zero', '1901-literal', '1901-one-above', 'full-td'] as const).map((kind) =>
        fillRegime({ kind }, tree, fourthPeriod),
      )
      for (const trade of trades(tree)) {
        const crosses = highestTouched(tree, trade.from, trade.to) !== tree.level[trade.to]
        if (isSingleAboveOneKv(tree, trade) && crosses) continue
        const fees = fillings.map((filling) => feeOf(filling, tree, trade))
        expect(fees).toEqual(fees.toSorted((a, b) => a - b))
        expect(fees[0]).toBe(0)
      }
    }),
    { numRuns: 500, seed: 27 },
  )
})

test('10 kV single-part, supplied from 220 kV, stands outside that order: 0.0764 literal, 0.0718 one above', () => {
  const tree: LevelTree = { parent: [-1, 0, 1], level: ['220kV', '110kV', '10kV'], levelAboveRoot: null }
  const fees = differences.map((kind) =>
    feeOf(fillRegime({ kind }, tree, fourthPeriod), tree, { from: 0, to: 2, part: 'single' }),
  )
  // Both rules say T(10) − T(220) = 0.0764 here; the arc from 220 to 110 kV carries 0.0104 instead of 0.0150.
  expect(fees).toEqual([764, 718])
})

test('for a two-part buyer that order holds at any prices that fall with the voltage', () => {
  fc.assert(
    fc.property(levelTree, tdPrices, (tree, prices) => {
      const fillings = (['1901-literal', '1901-one-above', 'full-td'] as const).map((kind) =>
        fillRegime({ kind }, tree, prices),
      )
      for (const trade of trades(tree)) {
        if (trade.part === 'single' || tree.level[trade.to] === '0.4kV') continue
        const fees = fillings.map((filling) => feeOf(filling, tree, trade))
        expect(fees).toEqual(fees.toSorted((a, b) => a - b))
      }
    }),
    { numRuns: 500, seed: 28 },
  )
})

test('a fee under 1901 depends on the way down only: how deep the seller stands changes nothing', () => {
  fc.assert(
    fc.property(levelTree, tdPrices, fc.constantFrom(...differences), (tree, prices, kind) => {
      const filling = fillRegime({ kind }, tree, prices)
      for (const trade of trades(tree)) {
        const { top } = pathOf(tree, trade.from, trade.to)
        expect(feeOf(filling, tree, trade)).toBe(feeOf(filling, tree, { ...trade, from: top }))
      }
    }),
    { numRuns: 300, seed: 29 },
  )
})

test('path fees are additive: down from an ancestor over any bus between costs the two parts', () => {
  fc.assert(
    fc.property(levelTree, tdPrices, regime, (tree, prices, each) => {
      const filling = fillRegime(each, tree, prices)
      for (const bus of tree.parent.keys()) {
        for (const between of pathOf(tree, 0, bus).down) {
          const parts = pathFee(tree, filling, 0, between) + pathFee(tree, filling, between, bus)
          expect(pathFee(tree, filling, 0, bus)).toBe(parts)
        }
      }
    }),
    { numRuns: 300, seed: 30 },
  )
})

test('full-td, flat and zero leave the arcs free: the whole fee is on the own connection', () => {
  fc.assert(
    fc.property(levelTree, tdPrices, fc.nat(3000), (tree, prices, feeTicks) => {
      for (const each of [{ kind: 'full-td' }, { kind: 'flat', feeTicks }, { kind: 'zero' }] as Regime[]) {
        const filling = fillRegime(each, tree, prices)
        expect(filling.exact).toBe(true)
        for (const { from, to, part } of trades(tree)) {
          expect(pathFee(tree, filling, from, to)).toBe(0)
          const own = { 'full-td': price(prices, tree.level[to]!, part), flat: feeTicks, zero: 0 }
          expect(filling.withdrawalTicks(to, part)).toBe(own[each.kind as keyof typeof own])
        }
      }
    }),
    { numRuns: 200, seed: 31 },
  )
})

test('pair(book) charges every pair the fee that the rule gives for its two buses', () => {
  const orders = fc.array(
    fc.record({
      bus: fc.nat(1000),
      side: fc.integer({ min: 0, max: 1 }),
      limit: fc.integer({ min: 0, max: 4000 }),
      quantity: fc.integer({ min: 1, max: 50 }),
    }),
    { minLength: 4, maxLength: 24 },
  )
  let pairs = 0
  fc.assert(
    fc.property(
      levelTree,
      parallelPrices,
      fc.constantFrom(...differences),
      orders,
      (tree, prices, kind, list) => {
        const filling = fillRegime({ kind }, tree, prices)
        const network = networkOf(tree, filling)
        const book = bookOf(list, network.busCount)
        const made = new Pairing(network).pair(book, new ClearingEngine(network).clear(book))
        for (let row = 0; row < made.count; row++) {
          const from = book.bus[made.sell[row]!]!
          const to = book.bus[made.buy[row]!]!
          pairs++
          for (const part of ['single', 'two'] as const) {
            const paid = made.pathFeeTicks[row]! + filling.withdrawalTicks(to, part)
            expect(paid).toBe(rules[kind](tree, prices, from, to, part))
          }
        }
      },
    ),
    { numRuns: 1000, seed: 32 },
  )
  expect(pairs).toBeGreaterThan(1000)
})

function networkOf(tree: LevelTree, { feeUpTicks, feeDownTicks }: Filling): Network {
  const unlimited = () => new Float64Array(tree.parent.length).fill(Infinity)
  return {
    busCount: tree.parent.length,
    parent: Int32Array.from(tree.parent),
    feeUpTicks,
    feeDownTicks,
    capacityUpWh: unlimited(),
    capacityDownWh: unlimited(),
  }
}

test('fillRegime() refuses T&D prices that fall towards lower voltage, as our own mistake', () => {
  const upsideDown: TdPrices = {
    single: fourthPeriod.single,
    two: { ...fourthPeriod.two, '10kV': 700 },
  }
  const tree: LevelTree = { parent: [-1, 0], level: ['110kV', '10kV'], levelAboveRoot: '220kV' }
  expect(() => fillRegime({ kind: '1901-literal' }, tree, upsideDown)).toThrow(BrokenAssertion)
  const swapped: TdPrices = { ...fourthPeriod, two: { ...fourthPeriod.two, '110kV': 600 } }
  expect(() => fillRegime({ kind: '1901-one-above' }, tree, swapped)).toThrow(/bus 1/)
})

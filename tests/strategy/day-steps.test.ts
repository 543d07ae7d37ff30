import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Network } from '../../src/grid/network.ts'
import type { Book } from '../../src/market/book.ts'
import { addToLevels, appendSteps, makeDaySteps, makePriceLevels } from '../../src/strategy/day-steps.ts'
import { ClearingEngine } from '../../src/market/clear.ts'
import { ordersOf, rowsOf, stepsOf, type LevelOrder, type Step } from './days.ts'

const book = ordersOf({ count: 14, priceMin: -5, priceMax: 12 })

const oneBus: Network = {
  busCount: 1,
  parent: Int32Array.of(-1),
  feeUpTicks: new Float64Array(1),
  feeDownTicks: new Float64Array(1),
  capacityUpWh: new Float64Array(1),
  capacityDownWh: new Float64Array(1),
}

function asBook(orders: readonly LevelOrder[]): Book {
  return {
    count: orders.length,
    bus: new Int32Array(orders.length),
    side: Uint8Array.from(orders, ({ isSell }) => Number(isSell)),
    limitTicks: Int32Array.from(orders, ({ priceTicks }) => priceTicks),
    quantityWh: Float64Array.from(orders, ({ energyWh }) => energyWh),
    sequence: Float64Array.from(orders, (_, row) => row),
  }
}

function sum(orders: readonly { readonly energyWh: number }[]): number {
  return orders.reduce((total, { energyWh }) => total + energyWh, 0)
}

/** Welfare of a book of one bus with energy brought in from outside (below 0: taken out), by plain search. */
function welfare(orders: readonly LevelOrder[], broughtInWh: number): number {
  const unit = ({ priceTicks, energyWh }: LevelOrder) => Array.from({ length: energyWh }, () => priceTicks)
  const buys = orders
    .filter((order) => !order.isSell)
    .flatMap(unit)
    .toSorted((a, b) => b - a)
  const sells = orders
    .filter((order) => order.isSell)
    .flatMap(unit)
    .toSorted((a, b) => a - b)
  const prefix = (prices: readonly number[]) =>
    prices.reduce((sums, price) => [...sums, sums.at(-1)! + price], [0])
  const [worth, cost] = [prefix(buys), prefix(sells)]
  let best = -Infinity
  for (let bought = 0; bought <= buys.length; bought++) {
    const sold = bought - broughtInWh
    if (sold >= 0 && sold <= sells.length) best = Math.max(best, worth[bought]! - cost[sold]!)
  }
  return best
}

/** Money of the first Wh of steps taken in the given order. */
function moneyOf(steps: readonly Step[], energyWh: number): number {
  let left = energyWh
  let money = 0
  for (const step of steps) {
    const takenWh = Math.min(left, step.energyWh)
    money += takenWh * step.priceTicks
    left -= takenWh
  }
  return money
}

test('addToLevels() keeps prices sorted and apart, and conserves demand and supply at every price', () => {
  fc.assert(
    fc.property(book, (orders) => {
      const levels = makePriceLevels(orders.length)
      for (const { isSell, priceTicks, energyWh } of orders) addToLevels(levels, isSell, priceTicks, energyWh)
      const prices = [...levels.priceTicks.subarray(0, levels.count)]
      expect(prices).toEqual([...new Set(orders.map((each) => each.priceTicks))].toSorted((a, b) => a - b))
      prices.forEach((priceTicks, row) => {
        const at = orders.filter((order) => order.priceTicks === priceTicks)
        expect(levels.supplyWh[row]).toBe(sum(at.filter((order) => order.isSell)))
        expect(levels.demandWh[row]).toBe(sum(at.filter((order) => !order.isSell)))
      })
    }),
    { numRuns: 1000, seed: 91 },
  )
})

test('addToLevels() does not mind the sequence of the orders, and can be used again from count 0', () => {
  const shuffled = book.chain((orders) =>
    fc.tuple(fc.constant(orders), fc.shuffledSubarray(orders, { minLength: orders.length })),
  )
  const levels = makePriceLevels(64)
  const filled = (orders: readonly LevelOrder[]) => {
    levels.count = 0
    for (const { isSell, priceTicks, energyWh } of orders) addToLevels(levels, isSell, priceTicks, energyWh)
    const columns = [levels.priceTicks, levels.demandWh, levels.supplyWh]
    return columns.map((column) => [...column.subarray(0, levels.count)])
  }
  fc.assert(
    fc.property(shuffled, ([orders, again]) => {
      expect(filled(again)).toEqual(filled(orders))
    }),
    { numRuns: 500, seed: 92 },
  )
})

test('appendSteps() offers all demand and all supply, climbing in price, demand before supply', () => {
  fc.assert(
    fc.property(fc.array(book, { maxLength: 4 }), (day) => {
      const rows = rowsOf(stepsOf(day))
      expect(rows.every((row) => row.energyWh > 0)).toBe(true)
      day.forEach((orders, interval) => {
        const own = rows.filter((row) => row.interval === interval)
        const demand = own.filter((row) => !row.isSupply)
        const supply = own.filter((row) => row.isSupply)
        expect(sum(demand)).toBe(sum(orders.filter((order) => !order.isSell)))
        expect(sum(supply)).toBe(sum(orders.filter((order) => order.isSell)))
        expect(own).toEqual([...demand, ...supply])
        const prices = own.map((row) => row.priceTicks)
        expect(prices).toEqual(prices.toSorted((a, b) => a - b))
      })
      const intervals = rows.map((row) => row.interval)
      expect(intervals).toEqual(intervals.toSorted((a, b) => a - b))
    }),
    { numRuns: 1000, seed: 93 },
  )
})

test('the dearest demand is what a book gains by energy brought in, the cheapest supply what it loses', () => {
  fc.assert(
    fc.property(book, fc.nat(30), (orders, energyWh) => {
      const rows = rowsOf(stepsOf([orders]))
      const demand = rows.filter((row) => !row.isSupply).toReversed()
      const supply = rows.filter((row) => row.isSupply)
      const without = welfare(orders, 0)
      const sold = Math.min(energyWh, sum(demand))
      // A seller who is underbid, and a buyer who is outbid, cost a tick more.
      const gained = welfare(orders, sold) - without
      expect(moneyOf(demand, sold)).toBeLessThanOrEqual(gained)
      expect(moneyOf(demand, sold)).toBeGreaterThanOrEqual(gained - sold)
      const bought = Math.min(energyWh, sum(supply))
      const lost = without - welfare(orders, -bought)
      expect(moneyOf(supply, bought)).toBeGreaterThanOrEqual(lost)
      expect(moneyOf(supply, bought)).toBeLessThanOrEqual(lost + bought)
    }),
    { numRuns: 1500, seed: 94 },
  )
})

test('who bids the price of the last step it wants gets all of it, however ties fall', () => {
  const engine = new ClearingEngine(oneBus)
  fc.assert(
    fc.property(book, fc.integer({ min: 1, max: 30 }), fc.boolean(), (orders, wantedWh, isSell) => {
      const rows = rowsOf(stepsOf([orders])).filter((row) => row.isSupply !== isSell)
      const wanted = isSell ? rows.toReversed() : rows
      const energyWh = Math.min(wantedWh, sum(wanted))
      if (energyWh === 0) return
      const last = wanted.find((_, at) => sum(wanted.slice(0, at + 1)) >= energyWh)!
      const own = { isSell, priceTicks: last.priceTicks, energyWh }
      const { acceptedWh } = engine.clear(asBook([...orders, own]))
      expect(acceptedWh[orders.length]).toBe(energyWh)
    }),
    { numRuns: 1500, seed: 95 },
  )
})

test('appendSteps() leaves out what is farther from the crossing than anybody wants', () => {
  fc.assert(
    fc.property(book, fc.integer({ min: 1, max: 20 }), (orders, mostWh) => {
      const levels = makePriceLevels(orders.length)
      for (const { isSell, priceTicks, energyWh } of orders) addToLevels(levels, isSell, priceTicks, energyWh)
      const steps = makeDaySteps(4 * orders.length)
      appendSteps(steps, 0, levels, mostWh)
      const near = rowsOf(steps)
      const all = rowsOf(stepsOf([orders]))
      for (const isSupply of [true, false]) {
        const side = (rows: readonly Step[]) => rows.filter((row) => row.isSupply === isSupply)
        expect(sum(side(near))).toBe(Math.min(mostWh, sum(side(all))))
        const first = (rows: readonly Step[]) => (isSupply ? side(rows) : side(rows).toReversed())
        expect(moneyOf(first(near), mostWh)).toBe(moneyOf(first(all), mostWh))
      }
    }),
    { numRuns: 1000, seed: 96 },
  )
})

test('a book by hand: 8 Wh asked at 9 and 4 at 5 meet 6 offered at 3 and 7 at 7', () => {
  // Without the battery 6 Wh at 3 and 2 at 7 go to the buyers at 9. Who sells more must underbid those two, who buys more
  // than the 5 Wh left at 7 must outbid the buyers.
  const orders: LevelOrder[] = [
    { isSell: false, priceTicks: 9, energyWh: 8 },
    { isSell: false, priceTicks: 5, energyWh: 4 },
    { isSell: true, priceTicks: 3, energyWh: 6 },
    { isSell: true, priceTicks: 7, energyWh: 7 },
  ]
  expect(rowsOf(stepsOf([orders]))).toEqual([
    { interval: 0, isSupply: false, priceTicks: 2, energyWh: 6 },
    { interval: 0, isSupply: false, priceTicks: 5, energyWh: 4 },
    { interval: 0, isSupply: false, priceTicks: 6, energyWh: 2 },
    { interval: 0, isSupply: true, priceTicks: 7, energyWh: 5 },
    { interval: 0, isSupply: true, priceTicks: 10, energyWh: 8 },
  ])
})

test('appendSteps() of an interval without orders appends nothing', () => {
  const steps = makeDaySteps(4)
  appendSteps(steps, 0, makePriceLevels(4))
  expect(steps.count).toBe(0)
})

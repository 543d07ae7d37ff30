import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Network } from '../../src/grid/network.ts'
import { ClearingEngine, type Tuning } from '../../src/market/clear.ts'
import { clearNaively } from '../../src/market/clear-naive.ts'
import { busPrices } from '../../src/market/prices.ts'
import { bookOf, caseOf, numbersUpTo, type Case } from './books.ts'

// Every network counts as deep, so that steps stand in trees.
const deep: Tuning = {
  scoutFrom: Infinity,
  sampleRun: 2,
  fewOrders: Infinity,
  fewPerBus: Infinity,
  movesPerStep: 0,
}

function equalsNaive({ network, book }: Case) {
  const clearing = new ClearingEngine(network, deep).clear(book)
  const naive = clearNaively(network, book)
  expect([...clearing.acceptedWh.subarray(0, book.count)]).toEqual(naive.accepted)
  expect([...clearing.flowUpWh].map((flow) => flow + 0)).toEqual(naive.flowUp.map((flow) => flow + 0))
  expect([...clearing.priceLowTicks]).toEqual(naive.low)
  expect([...clearing.priceHighTicks]).toEqual(naive.high)
}

test('clear(book) with steps in trees equals the naive clearing: coarse prices and ties', () => {
  fc.assert(fc.property(caseOf({ buses: 12, orders: 30 }), equalsNaive), { numRuns: 2000, seed: 81 })
})

test('clear(book) with steps in trees equals the naive clearing: prices that seldom meet', () => {
  fc.assert(fc.property(caseOf({ buses: 12, orders: 30, prices: 900_000, quantities: 9 }), equalsNaive), {
    numRuns: 1000,
    seed: 82,
  })
})

/** A chain with an order on about every bus. Fees and limits of 0 to `fee` and from `room` on, Infinity for none. */
function chain({
  buses,
  orders,
  fee,
  room,
}: {
  buses: number
  orders: number
  fee: number
  room: number
}): Case {
  const upTo = numbersUpTo(12_345)
  const column = (valueAt: () => number) => Float64Array.from({ length: buses }, valueAt)
  const network: Network = {
    busCount: buses,
    parent: Int32Array.from({ length: buses }, (_, bus) => bus - 1),
    feeUpTicks: column(() => upTo(fee + 1)),
    feeDownTicks: column(() => upTo(fee + 1)),
    capacityUpWh: column(() => room + upTo(room < Infinity ? room : 1)),
    capacityDownWh: column(() => room + upTo(room < Infinity ? room : 1)),
  }
  const list = Array.from({ length: orders }, () => ({
    bus: upTo(buses),
    side: upTo(2),
    limit: 2000 + upTo(7000),
    quantity: 1 + upTo(500_000),
  }))
  return { network, book: bookOf(list, buses) }
}

test('a chain of 300 buses is cleared alike with its steps in columns and in trees', () => {
  for (const fee of [0, 3, 60]) {
    for (const room of [300_000, 20_000_000, Infinity]) {
      const { network, book } = chain({ buses: 300, orders: 700, fee, room })
      const inTrees = new ClearingEngine(network, deep).clear(book)
      const inColumns = new ClearingEngine(network, { ...deep, movesPerStep: Infinity }).clear(book)
      expect(inTrees).toEqual(inColumns)
    }
  }
})

test('clear(book) clears 100,000 orders on a chain of 100,000 buses', () => {
  const { network, book } = chain({ buses: 100_000, orders: 100_000, fee: 3, room: Infinity })
  const engine = new ClearingEngine(network)
  const prices = new Float64Array(network.busCount)
  busPrices(network, engine.clear(book), { floorTicks: 0, capTicks: 20_000, kNumerator: 5000 }, prices)
  expect(engine.isProved(prices)).toBe(true)
  expect(engine.certificate(prices).welfare).toBeGreaterThan(0n)
})

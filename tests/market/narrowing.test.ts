import fc from 'fast-check'
import { expect, test } from 'vitest'
import { certify } from '../../src/market/certificate.ts'
import { ClearingEngine, type Tuning } from '../../src/market/clear.ts'
import { busPrices } from '../../src/market/prices.ts'
import {
  distanceClass,
  distanceOfClass,
  mostClassesOfDistance,
} from '../../src/market/engine/distance-classes.ts'
import { caseOf, bookOf, oneBusNetwork, type Case } from './books.ts'

// Large books are narrowed before they are cleared; here everything down to two orders is, so that the twin below, which
// narrows nothing, shows whether that changes an answer.
const narrowing: Tuning = {
  scoutFrom: 6,
  sampleRun: 2,
  fewOrders: 2,
  fewPerBus: 0,
  movesPerStep: 256,
}
const plain: Tuning = {
  scoutFrom: Infinity,
  sampleRun: 2,
  fewOrders: Infinity,
  fewPerBus: Infinity,
  movesPerStep: 256,
}

function outcome(engine: ClearingEngine, { network, book }: Case) {
  const clearing = engine.clear(book)
  const prices = new Float64Array(network.busCount)
  busPrices(network, clearing, { floorTicks: -1e6, capTicks: 1e6, kNumerator: 5000 }, prices)
  const plus0 = (column: Float64Array) => [...column].map((value) => value + 0)
  return {
    accepted: plus0(clearing.acceptedWh.subarray(0, book.count)),
    flows: plus0(clearing.flowUpWh),
    low: plus0(clearing.priceLowTicks),
    high: plus0(clearing.priceHighTicks),
    traded: [...clearing.traded],
    volumeWh: clearing.volumeWh,
    proved: engine.isProved(prices),
    certificate: engine.certificate(prices),
    whole: certify(network, book, clearing, prices),
  }
}

function sameAnswer(each: Case) {
  const narrowed = outcome(new ClearingEngine(each.network, narrowing), each)
  expect(narrowed).toEqual(outcome(new ClearingEngine(each.network, plain), each))
  expect(narrowed.proved).toBe(true)
  expect(narrowed.certificate).toEqual(narrowed.whole)
}

test('a narrowed book is cleared and proved as the whole one: trees with coarse prices and ties', () => {
  fc.assert(fc.property(caseOf({ buses: 9, orders: 60 }), sameAnswer), { numRuns: 3000, seed: 31 })
})

test('a narrowed book is cleared and proved as the whole one: trees with prices that seldom meet', () => {
  fc.assert(fc.property(caseOf({ buses: 9, orders: 60, prices: 900_000, quantities: 9 }), sameAnswer), {
    numRuns: 3000,
    seed: 32,
  })
})

test('a guess from a sample, right or wrong, changes nothing on a single bus', () => {
  fc.assert(fc.property(caseOf({ buses: 1, orders: 80, prices: 300, quantities: 500 }), sameAnswer), {
    numRuns: 3000,
    seed: 33,
  })
})

test('one engine clears book after book as a new one would', () => {
  const one = fc.tuple(caseOf({ buses: 6, orders: 40 }), fc.array(fc.nat(1000), { maxLength: 4 }))
  fc.assert(
    fc.property(one, ([{ network, book }, cuts]) => {
      const engine = new ClearingEngine(network, narrowing)
      for (const cut of [...cuts, book.count]) {
        const part = { ...book, count: cut % (book.count + 1) }
        expect(outcome(engine, { network, book: part })).toEqual(
          outcome(new ClearingEngine(network, plain), { network, book: part }),
        )
      }
    }),
    { numRuns: 1000, seed: 34 },
  )
})

test('limits at both ends of what a book may hold', () => {
  const widest = 2 ** 30 - 1
  const orders = [-widest, widest, 0, 1, -1, widest - 1].flatMap((limit) => [
    { bus: 0, side: 0, limit, quantity: 7 },
    { bus: 0, side: 1, limit, quantity: 5 },
  ])
  sameAnswer({ network: oneBusNetwork, book: bookOf(orders, 1) })
})

test('sums beyond 2^53 are proved in whole numbers of any size', () => {
  const quantity = 2 ** 50
  const orders = [0, 1, 2, 3].map((row) => ({
    bus: 0,
    side: row % 2,
    limit: row % 2 === 0 ? 10_000 : 5000,
    quantity,
  }))
  const each = { network: oneBusNetwork, book: bookOf(orders, 1) }
  sameAnswer(each)
  expect(outcome(new ClearingEngine(oneBusNetwork, narrowing), each).certificate.welfare).toBe(
    2n * BigInt(quantity) * 5000n,
  )
})

test('classes of distance follow each other and hold what belongs to them', () => {
  for (let place = 1; place < mostClassesOfDistance - 32; place++) {
    const largest = distanceOfClass(place)
    expect(distanceClass(largest)).toBe(place)
    expect(distanceClass(largest + 1)).toBe(place + 1)
  }
  expect(distanceClass(0)).toBe(0)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Network } from '../../src/grid/network.ts'
import type { Book, Orders } from '../../src/market/book.ts'
import { ChainEngine } from '../../src/market/clear-chain.ts'
import { ClearingEngine } from '../../src/market/clear.ts'
import { bookOf } from './books.ts'

interface Chain {
  readonly buses: number
  readonly capacityWh: number
  readonly book: Book
}

/** A chain with coarse prices and many ties, rows in the sequence the engine wants. */
function chainOf({ buses = 8, orders = 20, prices = 10, quantities = 12 } = {}): fc.Arbitrary<Chain> {
  const order = fc.record({
    bus: fc.nat(buses - 1),
    side: fc.integer({ min: 0, max: 1 }),
    limit: fc.integer({ min: -prices, max: prices }),
    quantity: fc.integer({ min: 0, max: quantities }),
  })
  return fc
    .record({
      orders: fc.array(order, { maxLength: orders, size: 'max' }),
      capacityWh: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3 * quantities })),
    })
    .map((each) => ({
      buses,
      capacityWh: each.capacityWh,
      book: bookOf(
        each.orders.toSorted((a, b) => a.bus - b.bus || b.side - a.side),
        buses,
      ),
    }))
}

/** The same chain for the engine that clears trees: the last bus is the root, energy goes up to it. */
function asTree({ buses, capacityWh, book }: Chain): { network: Network; book: Book } {
  return {
    network: {
      busCount: buses,
      parent: Int32Array.from({ length: buses }, (_, bus) => bus - 1),
      feeUpTicks: new Float64Array(buses),
      feeDownTicks: new Float64Array(buses),
      capacityUpWh: new Float64Array(buses).fill(capacityWh),
      capacityDownWh: new Float64Array(buses),
    },
    book: { ...book, bus: book.bus.map((bus) => buses - 1 - bus) },
  }
}

function worth({ count, side, limitTicks }: Orders, acceptedWh: Float64Array): number {
  let sum = 0
  for (let row = 0; row < count; row++) sum += (1 - 2 * side[row]!) * limitTicks[row]! * acceptedWh[row]!
  return sum
}

const engine = new ChainEngine(8, 20)

test('clear(book, capacity) finds the welfare and the very prices that the clearing of a tree finds', () => {
  let carrying = 0
  fc.assert(
    fc.property(chainOf(), (chain) => {
      const tree = asTree(chain)
      const wanted = new ClearingEngine(tree.network).clear(tree.book)
      const found = engine.clear(chain.book, chain.capacityWh)
      expect(worth(chain.book, found.acceptedWh)).toBe(worth(tree.book, wanted.acceptedWh))
      expect([...found.priceLowTicks]).toEqual([...wanted.priceLowTicks].toReversed())
      expect([...found.priceHighTicks]).toEqual([...wanted.priceHighTicks].toReversed())
      if (found.carriedWh.some((wh) => wh > 0)) carrying++
    }),
    { numRuns: 3000, seed: 41 },
  )
  expect(carrying).toBeGreaterThan(800)
})

test('clear(book, capacity) balances every bus, keeps to quantities and capacity, and is proved', () => {
  fc.assert(
    fc.property(chainOf(), (chain) => {
      const { book, buses, capacityWh } = chain
      const { acceptedWh, carriedWh } = engine.clear(book, capacityWh)
      let carried = 0
      for (let at = 0; at < buses; at++) {
        for (let row = 0; row < book.count; row++) {
          if (book.bus[row] !== at) continue
          expect(acceptedWh[row]! >= 0 && acceptedWh[row]! <= book.quantityWh[row]!).toBe(true)
          carried += (2 * book.side[row]! - 1) * acceptedWh[row]!
        }
        expect(carriedWh[at]).toBe(carried)
        expect(carried >= 0 && carried <= capacityWh).toBe(true)
      }
      expect(carried).toBe(0)
      expect(engine.isProved(book, capacityWh)).toBe(true)
    }),
    { numRuns: 2000, seed: 42 },
  )
})

test('clear(book, capacity) moves the least energy of all optima', () => {
  fc.assert(
    fc.property(chainOf({ prices: 2 }), (chain) => {
      const volumeWh = (cleared: ArrayLike<number>, { side, count }: Orders) => {
        let sum = 0
        for (let row = 0; row < count; row++) if (side[row] === 0) sum += cleared[row]!
        return sum
      }
      const { book, capacityWh } = chain
      const found = volumeWh(engine.clear(book, capacityWh).acceptedWh, book)
      // With every limit doubled and sells dearer by one, the tree's rule of largest volume has no tie left to decide.
      const spread = book.limitTicks.map((limit, row) => 2 * limit + book.side[row]!)
      const tree = asTree({ ...chain, book: { ...book, limitTicks: spread } })
      expect(found).toBe(volumeWh(new ClearingEngine(tree.network).clear(tree.book).acceptedWh, tree.book))
    }),
    { numRuns: 2000, seed: 43 },
  )
})

test('of equal offers the latest is taken, of equal wants the earliest is met', () => {
  const rows = (side: number, count: number) =>
    Array.from({ length: count }, (_, bus) => ({
      bus: side === 1 ? bus : 2 + bus,
      side,
      limit: 1 + side,
      quantity: 5,
    }))
  const dear = rows(0, 2).map((row) => ({ ...row, limit: 9 }))
  const two = new ChainEngine(4, 4)
  const sellsTie = bookOf([...rows(1, 2), dear[1]!], 4)
  expect([...two.clear(sellsTie, 100).acceptedWh.subarray(0, 3)]).toEqual([0, 5, 5])
  const buysTie = bookOf([rows(1, 1)[0]!, ...dear], 4)
  expect([...two.clear(buysTie, 100).acceptedWh.subarray(0, 3)]).toEqual([5, 5, 0])
})

test('a chain that has cleared other books clears the next as a new one would', () => {
  fc.assert(
    fc.property(chainOf(), ({ book, capacityWh }) => {
      const fresh = new ChainEngine(8, 20).clear(book, capacityWh)
      const used = engine.clear(book, capacityWh)
      expect([...used.acceptedWh.subarray(0, book.count)]).toEqual([
        ...fresh.acceptedWh.subarray(0, book.count),
      ])
    }),
    { numRuns: 300, seed: 44 },
  )
})

test('a chain of 100,000 buses is cleared and proved', () => {
  const buses = 100_000
  const orders = Array.from({ length: buses }, (_, bus) => ({
    bus,
    side: bus % 3 === 0 ? 1 : 0,
    limit: (bus * 7919) % 1000,
    quantity: 1 + (bus % 50),
  }))
  const book = bookOf(orders, buses)
  const long = new ChainEngine(buses, buses)
  const { acceptedWh } = long.clear(book, 500)
  expect(long.isProved(book, 500)).toBe(true)
  expect(worth(book, acceptedWh)).toBeGreaterThan(0)
})

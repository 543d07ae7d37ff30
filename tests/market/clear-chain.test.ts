import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Network } from '../../src/grid/network.ts'
import { widestTicks, type Book, type Orders } from '../../src/market/book.ts'
import {
  buyKey,
  ChainEngine,
  sellKey,
  type ChainClearing,
  type ChainOrders,
} from '../../src/market/clear-chain.ts'
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

/** The book as the engine of a chain wants it. */
function inChain({ count, bus, side, limitTicks, quantityWh }: Book): ChainOrders {
  const key = limitTicks.map((limit, row) => (side[row] === 1 ? sellKey(limit) : buyKey(limit)))
  return { count, bus, key, quantityWh }
}

function acceptedWh(
  { side, quantityWh }: Book,
  { switchedWh }: Pick<ChainClearing, 'switchedWh'>,
): Float64Array {
  return quantityWh.map((quantity, row) => (side[row] === 1 ? switchedWh[row]! : quantity - switchedWh[row]!))
}

/** What no clearing can pass, at the prices given. */
function dualBound(
  { count, bus, side, limitTicks, quantityWh }: Book,
  prices: Float64Array,
  capacityWh: number,
): number {
  let sum = 0
  for (let row = 0; row < count; row++) {
    const gain = (1 - 2 * side[row]!) * (limitTicks[row]! - prices[bus[row]!]!)
    sum += quantityWh[row] === 0 ? 0 : Math.max(0, gain) * quantityWh[row]!
  }
  for (let at = 1; at < prices.length; at++) {
    if (prices[at]! > prices[at - 1]!) sum += (prices[at]! - prices[at - 1]!) * capacityWh
  }
  return sum
}

function worth({ count, side, limitTicks }: Orders, accepted: Float64Array): number {
  let sum = 0
  for (let row = 0; row < count; row++) sum += (1 - 2 * side[row]!) * limitTicks[row]! * accepted[row]!
  return sum
}

const engine = new ChainEngine(8, 20)

test('clear(book, capacity) finds the welfare and the very prices that the clearing of a tree finds', () => {
  let carrying = 0
  fc.assert(
    fc.property(chainOf(), (chain) => {
      const tree = asTree(chain)
      const wanted = new ClearingEngine(tree.network).clear(tree.book)
      const found = engine.clear(inChain(chain.book), chain.capacityWh)
      expect(worth(chain.book, acceptedWh(chain.book, found))).toBe(worth(tree.book, wanted.acceptedWh))
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
      const orders = inChain(book)
      const cleared = engine.clear(orders, capacityWh)
      const accepted = acceptedWh(book, cleared)
      let carried = 0
      for (let at = 0; at < buses; at++) {
        let change = 0
        for (let row = 0; row < book.count; row++) {
          if (book.bus[row] !== at) continue
          expect(accepted[row]! >= 0 && accepted[row]! <= book.quantityWh[row]!).toBe(true)
          change += (2 * book.side[row]! - 1) * accepted[row]!
        }
        carried += change
        expect(cleared.changeWh[at]).toBe(change)
        expect(cleared.carriedWh[at]).toBe(carried)
        expect(carried >= 0 && carried <= capacityWh).toBe(true)
      }
      expect(carried).toBe(0)
      expect(engine.isProved(orders, capacityWh)).toBe(true)
    }),
    { numRuns: 2000, seed: 42 },
  )
})

test('no clearing is worth more than what its prices allow, and clear(book, capacity) is worth just that', () => {
  fc.assert(
    fc.property(chainOf(), ({ book, capacityWh }) => {
      const cleared = engine.clear(inChain(book), capacityWh)
      // A bus that nothing bounds from below has nothing that a price could be too low for.
      const prices = cleared.priceLowTicks.map((low) => Math.max(low, -widestTicks))
      expect(dualBound(book, prices, capacityWh)).toBe(worth(book, acceptedWh(book, cleared)))
    }),
    { numRuns: 1000, seed: 45 },
  )
})

test('isProved(book, capacity) is false once an order, a flow or a price is not what was cleared', () => {
  const refused = { orders: 0, flows: 0, capacity: 0 }
  fc.assert(
    fc.property(chainOf(), fc.nat(), (chain, pick) => {
      const orders = inChain(chain.book)
      const { switchedWh, changeWh, carriedWh } = engine.clear(orders, chain.capacityWh)
      const isProved = () => engine.isProved(orders, chain.capacityWh)
      const row = pick % Math.max(1, orders.count)
      const quantity = orders.quantityWh[row] ?? 0
      if (quantity > 0) {
        // A Wh more or less of one order alone breaks the balance, whatever its price says.
        const change = switchedWh[row] === quantity ? -1 : 1
        const at = orders.bus[row]!
        switchedWh[row] = switchedWh[row]! + change
        changeWh[at] = changeWh[at]! + change
        expect(isProved()).toBe(false)
        switchedWh[row] = switchedWh[row]! - change
        changeWh[at] = changeWh[at]! - change
        refused.orders++
      }
      const at = pick % chain.buses
      carriedWh[at] = carriedWh[at]! + 1
      expect(isProved()).toBe(false)
      carriedWh[at] = carriedWh[at]! - 1
      refused.flows++
      const most = Math.max(...carriedWh)
      if (most > 0) {
        expect(engine.isProved(orders, most - 1)).toBe(false)
        refused.capacity++
      }
      expect(isProved()).toBe(true)
    }),
    { numRuns: 1000, seed: 46 },
  )
  for (const count of Object.values(refused)) expect(count).toBeGreaterThan(200)
})

test('isProved(book, capacity) is false for a clearing that is not the best one of its book', () => {
  // 5 Wh at 3 for who pays 7, and then another book in the same rows: somebody sells the same at 2, the next bus pays 9.
  const cleared = bookOf(
    [
      { bus: 0, side: 1, limit: 3, quantity: 5 },
      { bus: 0, side: 1, limit: 4, quantity: 5 },
      { bus: 1, side: 0, limit: 7, quantity: 5 },
      { bus: 2, side: 0, limit: 6, quantity: 5 },
    ],
    3,
  )
  const two = new ChainEngine(3, 4)
  const orders = inChain(cleared)
  two.clear(orders, 5)
  expect(two.isProved(orders, 5)).toBe(true)
  const cheaper = { ...orders, key: Int32Array.of(sellKey(3), sellKey(2), buyKey(7), buyKey(6)) }
  expect(two.isProved(cheaper, 5)).toBe(false)
  const dearer = { ...orders, key: Int32Array.of(sellKey(3), sellKey(4), buyKey(7), buyKey(9)) }
  expect(two.isProved(dearer, 5)).toBe(false)
  expect(two.isProved(orders, 6)).toBe(false)
})

test('accept(book, capacity) is the same without prices', () => {
  fc.assert(
    fc.property(chainOf(), ({ book, capacityWh }) => {
      const { switchedWh, changeWh } = new ChainEngine(8, 20).accept(inChain(book), capacityWh)
      const whole = engine.clear(inChain(book), capacityWh)
      const rows = (column: Float64Array) => [...column.subarray(0, book.count)]
      expect(rows(switchedWh)).toEqual(rows(whole.switchedWh))
      expect([...changeWh]).toEqual([...whole.changeWh])
    }),
    { numRuns: 300, seed: 47 },
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
      const found = volumeWh(acceptedWh(book, engine.clear(inChain(book), capacityWh)), book)
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
  expect([...acceptedWh(sellsTie, two.clear(inChain(sellsTie), 100))].slice(0, 3)).toEqual([0, 5, 5])
  const buysTie = bookOf([rows(1, 1)[0]!, ...dear], 4)
  expect([...acceptedWh(buysTie, two.clear(inChain(buysTie), 100))].slice(0, 3)).toEqual([5, 5, 0])
})

test('a chain that has cleared other books clears the next as a new one would', () => {
  fc.assert(
    fc.property(chainOf(), ({ book, capacityWh }) => {
      const fresh = new ChainEngine(8, 20).clear(inChain(book), capacityWh)
      const used = engine.clear(inChain(book), capacityWh)
      expect([...used.switchedWh.subarray(0, book.count)]).toEqual([
        ...fresh.switchedWh.subarray(0, book.count),
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
  const cleared = long.clear(inChain(book), 500)
  expect(long.isProved(inChain(book), 500)).toBe(true)
  expect(worth(book, acceptedWh(book, cleared))).toBeGreaterThan(0)
})

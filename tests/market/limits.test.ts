/** What a book may hold at most: the widest prices, the most energy, more orders than one would ever see. */
import { expect, test } from 'vitest'
import { BrokenAssertion } from '../../src/base/errors.ts'
import type { Network } from '../../src/grid/network.ts'
import { widestTicks, type Book } from '../../src/market/book.ts'
import { ClearingEngine, type Tuning } from '../../src/market/clear.ts'
import { busPrices } from '../../src/market/prices.ts'
import { bookOf, numbersUpTo, oneBusNetwork } from './books.ts'

const everywhere = { floorTicks: -widestTicks, capTicks: widestTicks, kNumerator: 5000 }

/** Books down to two orders are narrowed; nothing is; steps stand in trees. */
const tunings: Readonly<Record<string, Tuning>> = {
  narrowed: {
    scoutFrom: 6,
    sampleRun: 2,
    fewOrders: 2,
    fewPerBus: 0,
    movesPerStep: 256,
  },
  plain: {
    scoutFrom: Infinity,
    sampleRun: 2,
    fewOrders: Infinity,
    fewPerBus: Infinity,
    movesPerStep: Infinity,
  },
  deep: {
    scoutFrom: Infinity,
    sampleRun: 2,
    fewOrders: Infinity,
    fewPerBus: Infinity,
    movesPerStep: 0,
  },
}

/** A feeder below a busbar: fee 1 either way, and as much room as there is. */
const feeder: Network = {
  busCount: 2,
  parent: Int32Array.of(-1, 0),
  feeUpTicks: Float64Array.of(0, 1),
  feeDownTicks: Float64Array.of(0, 1),
  capacityUpWh: Float64Array.of(0, Infinity),
  capacityDownWh: Float64Array.of(0, Infinity),
}

function randomBook(count: number, buses: number, limitOf: (upTo: (most: number) => number) => number): Book {
  const upTo = numbersUpTo(7)
  const book = {
    count,
    bus: new Int32Array(count),
    side: new Uint8Array(count),
    limitTicks: new Int32Array(count),
    quantityWh: new Float64Array(count),
    sequence: Float64Array.from({ length: count }, (_, row) => row),
  }
  for (let row = 0; row < count; row++) {
    book.bus[row] = upTo(buses)
    book.side[row] = upTo(2)
    book.limitTicks[row] = limitOf(upTo)
    book.quantityWh[row] = 1 + upTo(500_000)
  }
  return book
}

function proved(network: Network, book: Book, tuning?: Tuning) {
  const engine = new ClearingEngine(network, tuning)
  const { acceptedWh } = engine.clear(book)
  const prices = new Float64Array(network.busCount)
  busPrices(network, engine.clear(book), everywhere, prices)
  expect(engine.isProved(prices)).toBe(true)
  return { accepted: acceptedWh.slice(0, book.count), prices, certificate: engine.certificate(prices) }
}

test.each(Object.keys(tunings))(
  'a book of 2^53 − 1 Wh is cleared to the last Wh, one of 2^53 Wh refused: %s',
  (name) => {
    const half = 2 ** 52
    const orders = (sold: number) => [
      { bus: 0, side: 0, limit: 9, quantity: half - 4 },
      { bus: 0, side: 0, limit: 7, quantity: 1 },
      { bus: 0, side: 0, limit: 8, quantity: 3 },
      { bus: 0, side: 1, limit: 2, quantity: sold - 5 },
      { bus: 0, side: 1, limit: 3, quantity: 4 },
      { bus: 0, side: 1, limit: 4, quantity: 1 },
    ]
    for (const network of [oneBusNetwork, feeder]) {
      const { accepted, certificate } = proved(network, bookOf(orders(half - 1), 1), tunings[name])
      // One Wh less is offered than asked for: the cheapest buy, of 1 Wh, is left.
      expect([...accepted]).toEqual([half - 4, 0, 3, half - 6, 4, 1])
      expect(certificate.welfare).toBe(7n * BigInt(half) - 36n + 24n + 12n - 12n - 4n)
      const tooMuch = () => new ClearingEngine(network, tunings[name]).clear(bookOf(orders(half), 1))
      expect(tooMuch).toThrow(BrokenAssertion)
      expect(tooMuch).toThrow(/2\^53/)
    }
  },
)

test.each(Object.keys(tunings))('energy that is no number, or has no end, is refused: %s', (name) => {
  for (const quantity of [NaN, Infinity]) {
    for (const side of [0, 1]) {
      const orders = Array.from({ length: 8 }, (_, at) => ({ bus: at, side: at % 2, limit: at, quantity: 5 }))
      const book = bookOf([...orders, { bus: 0, side, limit: 4, quantity }], 2)
      expect(() => new ClearingEngine(feeder, tunings[name]).clear(book)).toThrow(BrokenAssertion)
    }
  }
})

test('limits over 2,000,000,000 ticks clear as they do without narrowing, on one bus and on a tree', () => {
  for (const network of [oneBusNetwork, feeder]) {
    const book = randomBook(110_000, network.busCount, (upTo) => upTo(2 * widestTicks + 1) - widestTicks)
    expect(proved(network, book)).toEqual(proved(network, book, tunings['plain']))
  }
})

test('orders that all but a few stand at one price clear as they do without narrowing', () => {
  const book = randomBook(110_000, 1, (upTo) => (upTo(10_000) === 0 ? upTo(9000) : 5000))
  expect(proved(oneBusNetwork, book)).toEqual(proved(oneBusNetwork, book, tunings['plain']))
})

test('ten million orders in one book', () => {
  const book = randomBook(10_000_000, 1, (upTo) => 2000 + upTo(7001))
  const engine = new ClearingEngine(oneBusNetwork)
  const prices = new Float64Array(1)
  busPrices(oneBusNetwork, engine.clear(book), everywhere, prices)
  expect(engine.isProved(prices)).toBe(true)
  expect(engine.certificate(prices).welfare).toBeGreaterThan(0n)
})

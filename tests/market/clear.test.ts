import fc from 'fast-check'
import { expect, test } from 'vitest'
import { certify } from '../../src/market/certificate.ts'
import { ClearingEngine } from '../../src/market/clear.ts'
import { clearNaively } from '../../src/market/clear-naive.ts'
import { busPrices } from '../../src/market/prices.ts'
import { bookOf, caseOf, shuffled, type Case } from './books.ts'

const wide = { floorTicks: -1000, capTicks: 1000 }

function cleared({ network, book }: Case, kNumerator = 5000) {
  const clearing = new ClearingEngine(network).clear(book)
  const prices = new Float64Array(network.busCount)
  busPrices(network, clearing, { ...wide, kNumerator }, prices)
  return { clearing, prices, accepted: [...clearing.acceptedWh.subarray(0, book.count)] }
}

test('clear(book) equals the naive clearing order by order, flow by flow and price by price', () => {
  fc.assert(
    fc.property(caseOf(), (each) => {
      const { clearing, accepted } = cleared(each)
      const naive = clearNaively(each.network, each.book)
      expect(accepted).toEqual(naive.accepted)
      expect([...clearing.flowUpWh].map((flow) => flow + 0)).toEqual(naive.flowUp.map((flow) => flow + 0))
      expect([...clearing.priceLowTicks]).toEqual(naive.low)
      expect([...clearing.priceHighTicks]).toEqual(naive.high)
    }),
    { numRuns: 4000, seed: 1 },
  )
})

test('welfare equals the dual bound for every k, so every clearing is proved optimal', () => {
  fc.assert(
    fc.property(
      caseOf({ buses: 12, orders: 24 }),
      fc.integer({ min: 0, max: 10_000 }),
      (each, kNumerator) => {
        const { clearing, prices } = cleared(each, kNumerator)
        const { welfare, dualBound } = certify(each.network, each.book, clearing, prices)
        expect(welfare).toBe(dualBound)
      },
    ),
    { numRuns: 4000, seed: 2 },
  )
})

test('priceRanges(book) are those of clear(book), whoever of those tied at a margin trades', () => {
  fc.assert(
    fc.property(caseOf({ buses: 12, orders: 24, prices: 5, lowest: 0 }), ({ network, book }) => {
      const { priceLowTicks, priceHighTicks } = new ClearingEngine(network).clear(book)
      const alone = new ClearingEngine(network).priceRanges(book)
      expect([alone.priceLowTicks, alone.priceHighTicks]).toEqual([priceLowTicks, priceHighTicks])
    }),
    { numRuns: 4000, seed: 5 },
  )
})

test('nobody buys above or sells below the price of its bus, and accepted orders are those the price allows', () => {
  fc.assert(
    fc.property(caseOf({ orders: 24 }), fc.integer({ min: 0, max: 10_000 }), (each, k) => {
      const { accepted, prices } = cleared(each, k)
      accepted.forEach((energyWh, row) => {
        const gain =
          (each.book.side[row] === 0 ? 1 : -1) * (each.book.limitTicks[row]! - prices[each.book.bus[row]!]!)
        if (energyWh > 0) expect(gain).toBeGreaterThanOrEqual(0)
        if (energyWh < each.book.quantityWh[row]!) expect(gain).toBeLessThanOrEqual(0)
      })
    }),
    { numRuns: 2000, seed: 3 },
  )
})

test('handing the same orders over in another sequence changes nothing', () => {
  const withOrder = caseOf({ orders: 16, prices: 4 }).chain((each) =>
    fc.tuple(
      fc.constant(each),
      fc.shuffledSubarray(
        Array.from({ length: each.book.count }, (_, row) => row),
        { minLength: each.book.count },
      ),
    ),
  )
  fc.assert(
    fc.property(withOrder, ([each, order]) => {
      const before = cleared(each).accepted
      const after = cleared({ network: each.network, book: shuffled(each.book, order) }).accepted
      expect(order.map((row) => before[row])).toEqual(after)
    }),
    { numRuns: 2000, seed: 4 },
  )
})

test('clear(book) handles a chain of 100,000 buses, and prices a million apart', () => {
  const buses = 100_000
  const column = () => new Float64Array(buses)
  const network = {
    busCount: buses,
    parent: Int32Array.from({ length: buses }, (_, bus) => bus - 1),
    feeUpTicks: column(),
    feeDownTicks: column(),
    capacityUpWh: column().fill(Infinity),
    capacityDownWh: column().fill(Infinity),
  }
  const book = bookOf(
    [
      { bus: buses - 1, side: 1, limit: -1_000_000_000, quantity: 5 },
      { bus: 0, side: 0, limit: 1_000_000_000, quantity: 3 },
    ],
    buses,
  )
  expect(cleared({ network, book }).accepted).toEqual([3, 3])
})

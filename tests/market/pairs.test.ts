import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ClearingEngine } from '../../src/market/clear.ts'
import { Pairing } from '../../src/market/pairs.ts'
import { bookOf, caseOf, type Case } from './books.ts'

interface Waits {
  readonly row: number
  readonly side: number
  readonly net: number
  readonly fees: number
  left: number
}

/** Pairing as its rule says: at each bus from the last to the root, all who wait sorted anew. */
function pairNaively({ network, book }: Case, acceptedWh: ArrayLike<number>): number[][] {
  const pairs: number[][] = []
  const waiting: Waits[][] = Array.from({ length: network.busCount }, () => [])
  for (let row = 0; row < book.count; row++) {
    if (acceptedWh[row] === 0) continue
    const net = book.limitTicks[row]!
    waiting[book.bus[row]!]!.push({ row, side: book.side[row]!, net, fees: 0, left: acceptedWh[row]! })
  }
  for (let bus = network.busCount - 1; bus >= 0; bus--) {
    const [buys, sells] = [0, 1].map((side) =>
      waiting[bus]!.filter((each) => each.side === side).toSorted(
        (a, b) =>
          (side === 1 ? a.net - b.net : b.net - a.net) || book.sequence[a.row]! - book.sequence[b.row]!,
      ),
    ) as [Waits[], Waits[]]
    while (buys.length > 0 && sells.length > 0) {
      const [buy, sell] = [buys[0]!, sells[0]!]
      const energy = Math.min(buy.left, sell.left)
      pairs.push([sell.row, buy.row, energy, sell.fees + buy.fees])
      buy.left -= energy
      sell.left -= energy
      if (buy.left === 0) buys.shift()
      if (sell.left === 0) sells.shift()
    }
    for (const each of [...buys, ...sells]) {
      const fee = each.side === 1 ? network.feeUpTicks[bus]! : network.feeDownTicks[bus]!
      const climbed = { ...each, net: each.net + (each.side === 1 ? fee : -fee), fees: each.fees + fee }
      if (bus > 0) waiting[network.parent[bus]!]!.push(climbed)
    }
  }
  return pairs
}

function listed({ count, sell, buy, quantityWh, pathFeeTicks }: ReturnType<Pairing['pair']>): number[][] {
  return Array.from({ length: count }, (_, pair) => [
    sell[pair]!,
    buy[pair]!,
    quantityWh[pair]!,
    pathFeeTicks[pair]!,
  ])
}

test('pair(book) equals the naive pairing pair by pair, and again with the same pairing', () => {
  fc.assert(
    fc.property(caseOf({ buses: 9, orders: 40 }), (each) => {
      const clearing = new ClearingEngine(each.network).clear(each.book)
      const pairing = new Pairing(each.network)
      const naive = pairNaively(each, clearing.acceptedWh)
      expect(listed(pairing.pair(each.book, clearing))).toEqual(naive)
      expect(listed(pairing.pair(each.book, clearing))).toEqual(naive)
    }),
    { numRuns: 3000, seed: 91 },
  )
})

test('pair(book) takes 40,000 orders up a chain of 100,000 buses', () => {
  const buses = 100_000
  const column = (value: number) => new Float64Array(buses).fill(value)
  const network = {
    busCount: buses,
    parent: Int32Array.from({ length: buses }, (_, bus) => bus - 1),
    feeUpTicks: column(1),
    feeDownTicks: column(0),
    capacityUpWh: column(Infinity),
    capacityDownWh: column(Infinity),
  }
  // Sells in the lower half, buys in the upper: all climb past each other's buses before they meet.
  const orders = Array.from({ length: 40_000 }, (_, at) => ({
    bus: at % 2 === 1 ? buses - 1 - at : at,
    side: at % 2,
    limit: at % 2 === 1 ? at : 1_000_000 + at,
    quantity: 1 + (at % 7),
  }))
  const book = bookOf(orders, buses)
  const clearing = new ClearingEngine(network).clear(book)
  const pairs = new Pairing(network).pair(book, clearing)
  const quantityWh = pairs.quantityWh.subarray(0, pairs.count).reduce((sum, each) => sum + each, 0)
  expect(quantityWh).toBe(clearing.volumeWh)
  for (let pair = 0; pair < pairs.count; pair++) {
    expect(pairs.pathFeeTicks[pair]).toBe(book.bus[pairs.sell[pair]!]! - book.bus[pairs.buy[pair]!]!)
  }
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Network } from '../../src/grid/network.ts'
import { widestTicks, type Orders } from '../../src/market/book.ts'
import { certify, type Certificate, type ClearedOrders } from '../../src/market/certificate.ts'
import { ClearingEngine, type Tuning } from '../../src/market/clear.ts'
import { busPrices } from '../../src/market/prices.ts'
import { bookOf, caseOf, oneBusNetwork } from './books.ts'

/** The certificate as its equation says, in whole numbers of any size. */
function certifyInBigInt(
  { busCount, parent, feeUpTicks, feeDownTicks, capacityUpWh, capacityDownWh }: Network,
  { count, bus, side, limitTicks, quantityWh }: Orders,
  { acceptedWh, flowUpWh }: ClearedOrders,
  priceTicks: Float64Array,
): Certificate {
  const times = (ticks: number, energyWh: number) => (ticks === 0 ? 0n : BigInt(ticks) * BigInt(energyWh))
  let [welfare, dualBound, wheelingFees] = [0n, 0n, 0n]
  for (let row = 0; row < count; row++) {
    const sign = side[row] === 0 ? 1 : -1
    welfare += times(sign * limitTicks[row]!, acceptedWh[row]!)
    dualBound += times(Math.max(0, sign * (limitTicks[row]! - priceTicks[bus[row]!]!)), quantityWh[row]!)
  }
  for (let at = 1; at < busCount; at++) {
    const flow = flowUpWh[at]!
    const gap = priceTicks[parent[at]!]! - priceTicks[at]!
    wheelingFees += times(flow > 0 ? feeUpTicks[at]! : feeDownTicks[at]!, Math.abs(flow))
    dualBound += times(Math.max(0, gap - feeUpTicks[at]!), capacityUpWh[at]!)
    dualBound += times(Math.max(0, -gap - feeDownTicks[at]!), capacityDownWh[at]!)
  }
  return { welfare: welfare - wheelingFees, dualBound, wheelingFees }
}

const wide = { floorTicks: -widestTicks, capTicks: widestTicks, kNumerator: 5000 }

test('certify() equals the sums in BigInt, whatever the size of quantities and prices', () => {
  const scales = fc.record({
    quantity: fc.constantFrom(1, 1e6, 2 ** 30, 2 ** 44),
    price: fc.constantFrom(1, 1e4, 8e7),
  })
  fc.assert(
    fc.property(caseOf({ orders: 12 }), scales, ({ network, book }, scale) => {
      const scaled = {
        ...book,
        quantityWh: book.quantityWh.map((each) => each * scale.quantity),
        limitTicks: book.limitTicks.map((each) => each * scale.price),
      }
      const clearing = new ClearingEngine(network).clear(scaled)
      const prices = new Float64Array(network.busCount)
      busPrices(network, clearing, wide, prices)
      const found = certify(network, scaled, clearing, prices)
      expect(found).toEqual(certifyInBigInt(network, scaled, clearing, prices))
      expect(found.welfare).toBe(found.dualBound)
    }),
    { numRuns: 1500, seed: 61 },
  )
})

test('certify() finds what is missing of a clearing that is not optimal, to the last unit', () => {
  fc.assert(
    fc.property(
      caseOf({ orders: 12 }),
      fc.nat(11),
      fc.integer({ min: -40, max: 40 }),
      (each, at, offTicks) => {
        const { network, book } = each
        const clearing = new ClearingEngine(network).clear(book)
        const prices = new Float64Array(network.busCount)
        busPrices(network, clearing, { ...wide, floorTicks: -1000, capTicks: 1000 }, prices)
        // Without this order's energy, and judged by other prices, nothing balances any more.
        if (at < book.count) clearing.acceptedWh[at] = 0
        for (let bus = 0; bus < prices.length; bus++) prices[bus] = prices[bus]! + offTicks
        expect(certify(network, book, clearing, prices)).toEqual(
          certifyInBigInt(network, book, clearing, prices),
        )
      },
    ),
    { numRuns: 1500, seed: 62 },
  )
})

test('the proof of a narrowed book stays exact when a single block of it passes 2^53', () => {
  const narrowing: Tuning = {
    scoutFrom: 6,
    sampleRun: 2,
    fewOrders: 2,
    fewPerBus: 0,
    movesPerStep: 256,
  }
  const order = fc.record({
    bus: fc.constant(0),
    side: fc.integer({ min: 0, max: 1 }),
    limit: fc.integer({ min: -widestTicks, max: widestTicks }),
    quantity: fc.integer({ min: 1, max: 2 ** 46 }),
  })
  fc.assert(
    fc.property(fc.array(order, { minLength: 6, maxLength: 60 }), (orders) => {
      const book = bookOf(orders, 1)
      const engine = new ClearingEngine(oneBusNetwork, narrowing)
      const clearing = engine.clear(book)
      const prices = new Float64Array(1)
      busPrices(oneBusNetwork, clearing, wide, prices)
      expect(engine.isProved(prices)).toBe(true)
      expect(engine.certificate(prices)).toEqual(certifyInBigInt(oneBusNetwork, book, clearing, prices))
    }),
    { numRuns: 500, seed: 63 },
  )
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  compressorWh,
  cooledC,
  energyRangeWh,
  goodsHeatKw,
  warmedC,
  type ColdStore,
} from '../../src/assets/cold-store.ts'

export const frozen: ColdStore = {
  compressorKw: 300,
  cop: 2,
  capacityKwhPerK: 250,
  conductanceKwPerK: 5,
  lowestC: -24,
  highestC: -18,
  goodsHeatKw: 100,
  workFromHour: 6,
  workToHour: 20,
}

const stores = fc.record({
  compressorKw: fc.double({ min: 10, max: 1000, noNaN: true }),
  cop: fc.double({ min: 0.8, max: 5, noNaN: true }),
  capacityKwhPerK: fc.double({ min: 20, max: 2000, noNaN: true }),
  conductanceKwPerK: fc.double({ min: 0.5, max: 20, noNaN: true }),
  goodsHeatKw: fc.double({ min: 0, max: 200, noNaN: true }),
})
const air = fc.record({
  airTempC: fc.double({ min: -10, max: 40, noNaN: true }),
  heatKw: fc.double({ min: 0, max: 200, noNaN: true }),
})

test('cooledC() is the balance of heat, walked in ten thousand small steps', () => {
  fc.assert(
    fc.property(
      stores,
      air,
      fc.double({ min: -24, max: -18, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (given, { airTempC, heatKw }, tempC, part) => {
        const store = { ...frozen, ...given }
        const energyWh = Math.floor(part * compressorWh(store))
        const steps = 10_000
        let walkedC = tempC
        let heatInKwh = 0
        for (let step = 0; step < steps; step++) {
          const flowKw = store.conductanceKwPerK * (airTempC - walkedC) + heatKw
          heatInKwh += (flowKw * 0.25) / steps
          walkedC += ((flowKw - (store.cop * energyWh) / 250) * 0.25) / steps / store.capacityKwhPerK
        }
        const foundC = cooledC(store, tempC, { airTempC, heatKw }, energyWh)
        expect(Math.abs(foundC - walkedC)).toBeLessThan(1e-3)
        // Energy is conserved: what the goods lost in cold is what came in less what was taken out.
        const storedKwh = (foundC - tempC) * store.capacityKwhPerK
        expect(Math.abs(storedKwh - (heatInKwh - (store.cop * energyWh) / 1000))).toBeLessThan(
          1e-3 * store.capacityKwhPerK,
        )
      },
    ),
    { numRuns: 40 },
  )
})

test('energyRangeWh() keeps the band where the compressor can, and one Wh more or less would leave it', () => {
  fc.assert(
    fc.property(stores, air, fc.double({ min: -26, max: -16, noNaN: true }), (given, outside, tempC) => {
      const store = { ...frozen, ...given }
      const { leastWh, mostWh } = energyRangeWh(store, tempC, outside)
      const full = compressorWh(store)
      const after = (energyWh: number) => cooledC(store, tempC, outside, energyWh)
      expect(leastWh >= 0 && mostWh <= full).toBe(true)
      if (leastWh < full) expect(after(leastWh)).toBeLessThanOrEqual(store.highestC + 1e-9)
      if (leastWh > 0) expect(after(leastWh - 1)).toBeGreaterThan(store.highestC)
      if (mostWh > 0) expect(after(mostWh)).toBeGreaterThanOrEqual(store.lowestC - 1e-9)
      if (mostWh < full) expect(after(mostWh + 1)).toBeLessThan(store.lowestC)
    }),
  )
})

test('a store of 250 kWh/K at −18 °C, 30 °C outside, worked by hand', () => {
  // 5 kW/K · 48 K + 100 kW = 340 kW come in: 85 kWh a quarter-hour, about 0.34 K. At a COP of 2, 170 kW hold it.
  const tempC = warmedC(frozen, -18, 30, 100)
  expect(tempC).toBeCloseTo(-17.661, 3)
  expect(cooledC(frozen, -18, { airTempC: 30, heatKw: 100 }, 170 * 250)).toBeCloseTo(-18, 9)
  expect([5.75, 6, 19.75, 20].map((hour) => goodsHeatKw(frozen, hour * 4))).toEqual([0, 100, 100, 0])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  initialStoredWh,
  stepStorage,
  storageLimits,
  storedWhMax,
  storedWhMin,
  type StorageSpec,
} from '../../src/assets/storage.ts'
import { batteries, pilotUnit, runBattery, wishes } from '../verification/physics/battery.ts'

const spec: fc.Arbitrary<StorageSpec> = fc
  .tuple(batteries, fc.constantFrom(0, 0, 0.001, 0.05))
  .map(([battery, selfDischargePerDay]) => ({ ...battery, selfDischargePerDay }))

test('stepStorage() conserves energy exactly: charge − discharge = Δstored + lost', () => {
  fc.assert(
    fc.property(spec, wishes, (battery, asked) => {
      for (const { chargeWh, dischargeWh, beforeWh, afterWh, lostWh } of runBattery(battery, asked)) {
        expect(chargeWh - dischargeWh).toBe(afterWh - beforeWh + lostWh)
        expect(lostWh).toBeGreaterThanOrEqual(0)
      }
    }),
    { numRuns: 500 },
  )
})

test('storageLimits() is never broken: state of charge and power stay inside, whatever is asked', () => {
  fc.assert(
    fc.property(spec, wishes, (battery, asked) => {
      for (const { chargeWh, dischargeWh, afterWh } of runBattery(battery, asked)) {
        expect(afterWh).toBeGreaterThanOrEqual(battery.energyKwh * 1000 * battery.minSoc - 1e-6)
        expect(afterWh).toBeLessThanOrEqual(battery.energyKwh * 1000 * battery.maxSoc + 1e-6)
        expect(Math.max(chargeWh, dischargeWh)).toBeLessThanOrEqual(battery.powerKw * 250 + 1e-6)
      }
    }),
    { numRuns: 500 },
  )
})

test('storageLimits() leaves no room unused: full power, or full or empty to within 2 Wh', () => {
  fc.assert(
    fc.property(spec, fc.double({ min: 0, max: 1, noNaN: true }), (given, level) => {
      const battery = { ...given, selfDischargePerDay: 0 }
      const [low, high] = [storedWhMin(battery), storedWhMax(battery)]
      const storedWh = Math.round(low + level * (high - low))
      const { chargeWhMax, dischargeWhMax } = storageLimits(battery, storedWh)
      const full = stepStorage(battery, storedWh, chargeWhMax, 0).storedWh
      const empty = stepStorage(battery, storedWh, 0, dischargeWhMax).storedWh
      const atPower = (energyWh: number) => energyWh >= Math.floor(battery.powerKw * 250)
      expect(atPower(chargeWhMax) || high - full <= 2).toBe(true)
      expect(atPower(dischargeWhMax) || empty - low <= 1 / battery.dischargeEfficiency + 1).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test('a full cycle of a 2.5 MW / 5 MWh battery at 0.93 each way, by hand', () => {
  // 4500 kWh of room / 0.93 = 4838.709 kWh to charge: 7 quarters at 625 kWh and one of 463.709 kWh.
  let storedWh = initialStoredWh(pilotUnit)
  expect(storedWh).toBe(250_000)
  let chargedWh = 0
  for (let quarter = 0; quarter < 8; quarter++) {
    const { chargeWhMax } = storageLimits(pilotUnit, storedWh)
    expect(chargeWhMax).toBe(quarter < 7 ? 625_000 : 463_709)
    storedWh = stepStorage(pilotUnit, storedWh, chargeWhMax, 0).storedWh
    chargedWh += chargeWhMax
  }
  expect(storedWh).toBe(250_000 + 7 * 581_250 + 431_249)
  let dischargedWh = 0
  while (storageLimits(pilotUnit, storedWh).dischargeWhMax > 0) {
    const { dischargeWhMax } = storageLimits(pilotUnit, storedWh)
    storedWh = stepStorage(pilotUnit, storedWh, 0, dischargeWhMax).storedWh
    dischargedWh += dischargeWhMax
  }
  expect(dischargedWh / chargedWh).toBeCloseTo(0.93 * 0.93, 5)
})

test('a product that is whole in decimals is whole here: 1000 Wh at 0.93 stores 930, 930 Wh takes 1000', () => {
  for (let hundreds = 1; hundreds <= 20_000; hundreds++) {
    const wanted = hundreds * 93
    expect(stepStorage({ ...pilotUnit, powerKw: 1e5, energyKwh: 1e5 }, 5e6, hundreds * 100, 0).storedWh).toBe(
      5e6 + wanted,
    )
  }
})

test('self-discharge loses its share of a day, stops at the lower limit, and is counted as lost', () => {
  const battery = { ...pilotUnit, selfDischargePerDay: 0.01, initialSoc: 0.95 }
  let storedWh = initialStoredWh(battery)
  const firstWh = storedWh
  let lostWh = 0
  for (let quarter = 0; quarter < 96; quarter++) {
    const step = stepStorage(battery, storedWh, 0, 0)
    storedWh = step.storedWh
    lostWh += step.lostWh
  }
  expect(lostWh).toBe(firstWh - storedWh)
  expect(lostWh / (firstWh - 250_000)).toBeCloseTo(0.01, 4)
  expect(stepStorage(battery, 250_000, 0, 0)).toEqual({ storedWh: 250_000, lostWh: 0 })
})

test('stepStorage() refuses both directions at once, parts of a Wh and what passes a limit', () => {
  expect(() => stepStorage(pilotUnit, 2_000_000, 1, 1)).toThrow('not both')
  expect(() => stepStorage(pilotUnit, 2_000_000, 0.5, 0)).toThrow('whole Wh')
  expect(() => stepStorage(pilotUnit, 2_000_000, 625_001, 0)).toThrow('cannot charge')
  expect(() => stepStorage(pilotUnit, 250_000, 0, 1)).toThrow('cannot charge 0 or discharge 1')
  expect(() => stepStorage(pilotUnit, 2_000_000, -1, 0)).toThrow('cannot')
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { batteries, exactLossWh, pilotUnit, roundTrip, runBattery, wishes } from './battery.ts'

test('stepStorage() loses what the efficiency says in exact fractions', () => {
  fc.assert(
    fc.property(batteries, wishes, (battery, asked) => {
      for (const step of runBattery(battery, asked)) expect(step.lostWh).toBe(exactLossWh(battery, step))
    }),
    { numRuns: 1000 },
  )
})

/** Full within fifty hours, so that a round trip ends. */
const brisk = batteries.map((battery) => ({
  ...battery,
  powerKw: Math.max(battery.powerKw, battery.energyKwh / 50),
}))

test('a round trip gives back the product of both efficiencies, less the rounding of its steps', () => {
  fc.assert(
    fc.property(brisk, (battery) => {
      const { chargedWh, dischargedWh, steps } = roundTrip(battery)
      const wanted = chargedWh * battery.chargeEfficiency * battery.dischargeEfficiency
      expect(dischargedWh).toBeLessThanOrEqual(wanted + 1e-6)
      expect(dischargedWh).toBeGreaterThan(wanted - steps - 2)
    }),
    { numRuns: 300 },
  )
})

test('roundTrip() of the pilot’s battery, by hand: 4,838.709 kWh in', () => {
  expect(roundTrip(pilotUnit).chargedWh).toBe(4_838_709)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BrokenAssertion } from '../../src/base/errors.ts'
import {
  energyWhOf,
  hoursPerInterval,
  intervalsPerDay,
  rateE8,
  rateE8PerCny,
  rateE8PerTick,
  ticks,
  ticksPerCny,
  wh,
} from '../../src/base/units.ts'

const brands = { wh, ticks, rateE8 }

for (const [name, brand] of Object.entries(brands)) {
  test(`${name}(value) takes every safe whole number as it is, and nothing else`, () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(brand(value)).toBe(value)
      }),
      { seed: 111 },
    )
    fc.assert(
      fc.property(
        fc.double().filter((value) => !Number.isSafeInteger(value)),
        (value) => {
          expect(() => brand(value)).toThrow(BrokenAssertion)
        },
      ),
      { seed: 112 },
    )
    for (const value of [2 ** 53, -(2 ** 53), 0.5, Number.NaN, Infinity, 1e300]) {
      expect(() => brand(value), String(value)).toThrow(`not ${value}`)
    }
  })
}

test('energyWhOf(powerKw) is a quarter of an hour of it, to the nearest Wh, and grows with the power', () => {
  const power = fc.double({ min: -1e9, max: 1e9, noNaN: true })
  fc.assert(
    fc.property(power, power, (a, b) => {
      expect(Math.abs(energyWhOf(a) - a * 250)).toBeLessThanOrEqual(0.5)
      if (a <= b) expect(energyWhOf(a)).toBeLessThanOrEqual(energyWhOf(b))
    }),
    { seed: 113 },
  )
  expect([energyWhOf(2500), energyWhOf(0.002), energyWhOf(0.0019), energyWhOf(0)]).toEqual([625_000, 1, 0, 0])
  expect(() => energyWhOf(Number.NaN)).toThrow(BrokenAssertion)
})

test('the scales agree: tick, published rate, interval and day', () => {
  expect(rateE8PerTick * ticksPerCny).toBe(rateE8PerCny)
  expect(intervalsPerDay * hoursPerInterval).toBe(24)
  // 0.02923875 CNY/kWh, the finest rate that is published, is a whole rate and no whole tick.
  expect(rateE8(Math.round(0.02923875 * rateE8PerCny)) % rateE8PerTick).not.toBe(0)
})

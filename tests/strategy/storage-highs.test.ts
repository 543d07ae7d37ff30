import { expect, test } from 'vitest'
import { seriesSteps } from '../../bench/battery-program.ts'
import { StoragePlanner } from '../../src/strategy/storage-plan.ts'
import { compared, kinds, pilotUnit, solvedCase, spotPrices } from './battery-cases.ts'

/** A slice of what `npm run validation` runs through. */
const cases = { tariff: 120, spot: 200, book: 200, negative: 50 } as const

// A charge limit is rounded up and a discharge limit down to a whole tick per stored kWh, which moves the worth of a schedule
// by less than a tick, 0.0001 CNY, for every stored kWh put in or taken out. Energies are rounded down, which takes less
// than 1 Wh from each step used, worth no more than the dearest price.
for (const kind of kinds) {
  test(`the plan earns what HiGHS finds for the battery, to a tick per stored kWh: ${cases[kind]} of kind ${kind}`, () => {
    let [shortTicks, movedKwh, active, impossible, searched] = [0, 0, 0, 0, 0]
    for (let seed = 1; seed <= cases[kind]; seed++) {
      const outcome = solvedCase(kind, seed)
      expect(outcome.agreesOnFeasible, `seed ${seed}`).toBe(true)
      if (!outcome.isFeasible) {
        impossible++
        continue
      }
      expect(outcome.shortTicks, `seed ${seed}: more than the optimum`).toBeGreaterThanOrEqual(
        -1e-6 * Math.max(1, Math.abs(outcome.objective)),
      )
      expect(outcome.shortTicks, `seed ${seed}: less than the optimum`).toBeLessThanOrEqual(
        outcome.allowedTicks,
      )
      shortTicks += outcome.shortTicks
      movedKwh += outcome.movedKwh
      active += Number(outcome.movedKwh > 1)
      searched += Number(outcome.isSearched)
    }
    expect(active).toBeGreaterThan(cases[kind] / 2)
    if (kind !== 'negative') expect(impossible).toBeGreaterThan(2)
    expect(searched > 5).toBe(kind === 'negative')
    // Over all of them the rounding costs less than a tick per stored kWh moved.
    expect(shortTicks / movedKwh).toBeLessThan(1)
  })
}

for (const series of ['日前出清电价', '实时出清电价'] as const) {
  const prices = spotPrices(series)
  test.skipIf(prices === null)(
    `on every day and the whole month of ${series}, July 2025 (skipped without ../shared/data)`,
    () => {
      for (const wearTicks of [0, 500, 1570]) {
        for (const [from, to] of [...days(prices!.length), [0, prices!.length] as const]) {
          const span = prices!.subarray(from, to)
          const battery = { ...pilotUnit, wearTicks }
          const plan = new StoragePlanner(span.length, 2 * span.length).planPrices(battery, span)
          const outcome = compared(battery, seriesSteps(span), plan)
          expect(outcome.isFeasible).toBe(true)
          expect(outcome.shortTicks).toBeGreaterThanOrEqual(-1e-6 * outcome.objective)
          expect(outcome.shortTicks).toBeLessThanOrEqual(outcome.allowedTicks)
        }
      }
    },
  )
}

function days(intervals: number): (readonly [from: number, to: number])[] {
  return Array.from({ length: intervals / 96 }, (_, day) => [96 * day, 96 * (day + 1)] as const)
}

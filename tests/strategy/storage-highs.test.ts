import { expect, test } from 'vitest'
import { kinds, solvedCase } from './battery-cases.ts'

/** A slice of what `npm run validation -- storage/schedule` runs through. */
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

import { expect, test } from 'vitest'
import { randomStream } from '../../src/base/random.ts'
import { StoragePlanner, type PlannedBattery } from '../../src/strategy/storage-plan.ts'
import { earnedBy, solveDay } from './battery-lp.ts'
import { rowsOf, stepsOf, type LevelOrder } from './days.ts'

type Chance = () => number

const whole = (chance: Chance, min: number, max: number) => min + Math.floor(chance() * (max - min + 1))
const oneOf = <Value>(chance: Chance, values: readonly Value[]): Value =>
  values[Math.floor(chance() * values.length)]!

/** Power, energy, efficiency, wear and a start anywhere between empty and full. */
function batteryOf(chance: Chance): PlannedBattery {
  const storedWhMax = whole(chance, 0, 4_500_000)
  return {
    chargeWhMax: whole(chance, 1, 625_000),
    dischargeWhMax: whole(chance, 1, 625_000),
    chargeEfficiency: oneOf(chance, [1, 0.95, 0.93, 0.9, 0.8]),
    dischargeEfficiency: oneOf(chance, [1, 0.95, 0.93, 0.9, 0.8]),
    storedWh: oneOf(chance, [0, Math.floor(storedWhMax / 3), storedWhMax]),
    storedWhMax,
    wearTicks: oneOf(chance, [0, 200, 785, 1570, 6000]),
    chargeAdderTicks: oneOf(chance, [0, 0, 114]),
    share: oneOf(chance, [1, 1, 0.5, 0.3]),
  }
}

const kinds = {
  /** a host's tariff: one price per hour to buy and to save at, the day's bands with some noise */
  tariff: (chance: Chance, quarter: number): LevelOrder[] => {
    const hour = Math.floor(quarter / 4)
    const band = hour < 7 || (hour >= 11 && hour < 14) ? 3643 : hour >= 16 && hour < 23 ? 11_259 : 6794
    const priceTicks = band + whole(chance, -300, 300)
    const energyWh = () => whole(chance, 0, 900_000)
    return [
      { isSell: false, priceTicks, energyWh: energyWh() },
      { isSell: true, priceTicks, energyWh: energyWh() },
    ].filter((order) => order.energyWh > 0)
  },
  /** a spot market that wanders, deep enough for any battery */
  spot: (chance: Chance): LevelOrder[] => {
    const priceTicks = Math.floor(8000 * chance() * chance())
    return [
      { isSell: false, priceTicks, energyWh: 3_000_000 },
      { isSell: true, priceTicks, energyWh: 3_000_000 },
    ]
  },
  /** a book of a few buyers and sellers at prices of their own */
  book: (chance: Chance): LevelOrder[] =>
    Array.from({ length: whole(chance, 0, 5) }, () => ({
      isSell: chance() < 0.5,
      priceTicks: whole(chance, 0, 12_000),
      energyWh: whole(chance, 1, 400_000),
    })),
} as const

for (const kind of Object.keys(kinds) as (keyof typeof kinds)[]) {
  // A charge limit is rounded up and a discharge limit down to a whole tick per stored kWh, which moves the worth
  // of a schedule by less than a tick, 0.0001 CNY, for every stored kWh put in or taken out. Energies are rounded
  // down, which takes less than 1 Wh from each step used, worth no more than the dearest price.
  test(`plan() earns what HiGHS finds for the battery, to a tick per stored kWh: 150 days of kind ${kind}`, () => {
    let [shortTicks, movedKwh, active] = [0, 0, 0]
    for (let seed = 1; seed <= 150; seed++) {
      const chance = randomStream(seed, `storage-highs/${kind}`).uniform
      const intervals = oneOf(chance, [4, 24, 96])
      const battery = batteryOf(chance)
      const days = Array.from({ length: intervals }, (_, at) =>
        kinds[kind](chance, Math.floor((at * 96) / intervals)),
      )
      const steps = stepsOf(days)
      const rows = rowsOf(steps)
      const plan = new StoragePlanner(intervals, steps.count).plan(battery, steps)
      const solved = solveDay(battery, rows, intervals)
      expect(solved.status, `seed ${seed}`).toBe('Optimal')
      const earned = earnedBy(battery, rows, plan.storedChangeWh)
      const slack = 1e-6 * Math.max(1, solved.objective)
      expect(earned, `seed ${seed}: more than the optimum`).toBeLessThanOrEqual(solved.objective + slack)
      const dearest = Math.max(0, ...rows.map((row) => row.priceTicks))
      const tolerance = solved.movedKwh + (solved.usedSteps * dearest) / 1000 + slack
      expect(solved.objective - earned, `seed ${seed}: less than the optimum`).toBeLessThanOrEqual(tolerance)
      shortTicks += solved.objective - earned
      movedKwh += solved.movedKwh
      if (solved.objective > 1) active++
    }
    expect(active).toBeGreaterThan(75)
    // Over all days the rounding costs less than a tick per stored kWh moved.
    expect(shortTicks / movedKwh).toBeLessThan(1)
  })
}

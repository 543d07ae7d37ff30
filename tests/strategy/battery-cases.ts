/** Seeded batteries and horizons, planned and solved by HiGHS side by side. */
import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { batteryProgram, fastest, seriesSteps, solveBattery, type Step } from '../../bench/battery-program.ts'
import { randomStream } from '../../src/base/random.ts'
import type { HorizonEnd, PlannedBattery } from '../../src/strategy/storage-book.ts'
import { StoragePlanner, type StoragePlan } from '../../src/strategy/storage-plan.ts'
import { earnedBy } from './battery-lp.ts'
import { rowsOf, stepsOf, type LevelOrder } from './days.ts'

type Chance = () => number

const whole = (chance: Chance, min: number, max: number) => min + Math.floor(chance() * (max - min + 1))
const oneOf = <Value>(chance: Chance, values: readonly Value[]): Value =>
  values[Math.floor(chance() * values.length)]!

export const kinds = ['tariff', 'spot', 'book', 'negative'] as const
export type Kind = (typeof kinds)[number]

export interface Outcome {
  readonly agreesOnFeasible: boolean
  readonly isFeasible: boolean
  readonly isSearched: boolean
  /** of HiGHS, and what it is more than ours [ticks · kWh] */
  readonly objective: number
  readonly shortTicks: number
  /** what rounding may cost: a tick per stored kWh moved, and 1 Wh of every step used */
  readonly allowedTicks: number
  /** stored energy put in and taken out, together [kWh] */
  readonly movedKwh: number
}

/**
 * One battery of a kind of horizon: a host's tariff, a spot market that wanders, a book of a few buyers and sellers, or a
 * spot market whose noon is below 0, where the program has a binary an interval. Some must end with energy, some exactly.
 */
export function solvedCase(kind: Kind, seed: number): Outcome {
  const chance = randomStream(seed, `storage-highs/${kind}`).uniform
  const intervals = kind === 'negative' ? oneOf(chance, [4, 12, 24]) : oneOf(chance, [4, 24, 96])
  const battery = batteryOf(chance)
  if (kind === 'tariff' || kind === 'book') {
    const books = Array.from({ length: intervals }, (_, at) =>
      kind === 'book' ? bookOf(chance) : tariffOf(chance, Math.floor((at * 24) / intervals)),
    )
    const steps = stepsOf(books)
    const plan = new StoragePlanner(intervals, steps.count).plan(battery, steps)
    return compared(battery, rowsOf(steps), plan)
  }
  const prices = Float64Array.from({ length: intervals }, (_, at) =>
    kind === 'spot' ? Math.floor(8000 * chance() * chance()) : sunny(chance, at / intervals),
  )
  // Burning energy must pay for some of them, and a battery must be full to think of it.
  const used = kind === 'negative' ? quick(battery) : battery
  const plan = new StoragePlanner(intervals, 2 * intervals).planPrices(used, prices)
  return compared(used, seriesSteps(prices), plan, kind === 'negative')
}

/** The plan of a horizon beside what HiGHS finds for it. */
export function compared(
  battery: PlannedBattery,
  steps: readonly Step[],
  plan: StoragePlan,
  oneSide = false,
): Outcome {
  const intervals = plan.storedChangeWh.length
  const program = batteryProgram(battery, steps, intervals, { oneSide })
  const solved = solveBattery(program, oneSide ? { output_flag: false, mip_rel_gap: 1e-9 } : fastest)
  const isFeasible = plan.missingWh === 0 && plan.excessWh === 0
  const earned = isFeasible ? earnedBy(battery, steps, plan.storedChangeWh) : -Infinity
  const moved = steps.map((step, row) => {
    const storedPerGrid = step.isSupply ? battery.chargeEfficiency : 1 / battery.dischargeEfficiency
    return solved.takenKwh[row]! * storedPerGrid
  })
  const movedKwh = moved.reduce((sum, kwh) => sum + kwh, 0)
  const used = moved.filter((kwh) => kwh > 0).length
  const dearest = Math.max(0, ...steps.map((step) => Math.abs(step.priceTicks)))
  return {
    // Powers are rounded down to whole Wh, so an end that needs all of them may be out of reach by 1 Wh an interval.
    agreesOnFeasible:
      isFeasible === solved.isFeasible || (solved.isFeasible && plan.missingWh + plan.excessWh <= intervals),
    isFeasible: isFeasible && solved.isFeasible,
    isSearched: plan.isSearched,
    objective: solved.objective,
    shortTicks: solved.objective - earned,
    allowedTicks: movedKwh + ((used + 1) * dearest) / 1000 + 1e-6 * Math.abs(solved.objective) + 1e-6,
    movedKwh,
  }
}

/** Power, energy, efficiency, wear, a start anywhere between empty and full, and now and then an end that asks. */
function batteryOf(chance: Chance): PlannedBattery {
  const storedWhMax = whole(chance, 0, 4_500_000)
  const battery = {
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
  return chance() < 0.5 ? battery : { ...battery, end: endOf(chance, battery.storedWhMax) }
}

/** The same with a fifth of the energy and little wear. */
function quick(battery: PlannedBattery): PlannedBattery {
  const storedWhMax = Math.floor(battery.storedWhMax / 5)
  const leastWh = Math.floor(storedWhMax / 3)
  return {
    ...battery,
    storedWhMax,
    storedWh: Math.floor(battery.storedWh / 5),
    wearTicks: Math.min(battery.wearTicks, 200),
    end: { leastWh, mostWh: storedWhMax, worthTicks: 1000 },
  }
}

function endOf(chance: Chance, storedWhMax: number): HorizonEnd {
  const leastWh = Math.floor(storedWhMax * oneOf(chance, [0, 0.3, 1]))
  const mostWh = oneOf(chance, [leastWh, storedWhMax])
  return { leastWh, mostWh, worthTicks: oneOf(chance, [0, 3000, 5000]) }
}

/** A host's tariff: one price per hour to buy and to save at, the day's bands with some noise. */
function tariffOf(chance: Chance, hour: number): LevelOrder[] {
  const band = hour < 7 || (hour >= 11 && hour < 14) ? 3643 : hour >= 16 && hour < 23 ? 11_259 : 6794
  const priceTicks = band + whole(chance, -300, 300)
  return [true, false]
    .map((isSell) => ({ isSell, priceTicks, energyWh: whole(chance, 0, 900_000) }))
    .filter((order) => order.energyWh > 0)
}

function bookOf(chance: Chance): LevelOrder[] {
  return Array.from({ length: whole(chance, 0, 5) }, () => ({
    isSell: chance() < 0.5,
    priceTicks: whole(chance, 0, 12_000),
    energyWh: whole(chance, 1, 400_000),
  }))
}

/** Dear in the evening, below 0 around noon, on some days flat there. */
function sunny(chance: Chance, ofDay: number): number {
  if (ofDay > 0.35 && ofDay < 0.65) return oneOf(chance, [-1000, -1000, whole(chance, -2000, 200)])
  return whole(chance, 0, ofDay > 0.7 ? 9000 : 4000)
}

/** Published clearing prices of a Chinese province in July 2025, in ticks; null where the file is not there. */
export function spotPrices(series: '日前出清电价' | '实时出清电价'): Float64Array | null {
  const file = '../shared/data/price-china-spot-2025-07/energy_data_cleaned.csv'
  if (!existsSync(file)) return null
  const rows: Record<string, string>[] = parse(readFileSync(file), { columns: true, bom: true })
  const ticksPerYuanPerMwh = 10
  return Float64Array.from(rows, (row) => Math.round(Number(row[series]) * ticksPerYuanPerMwh))
}

/** 2.5 MW, 5 MWh between 5 and 95 %, 0.93 each way: a unit of the shipped pilot. */
export const pilotUnit: PlannedBattery = {
  chargeWhMax: 625_000,
  dischargeWhMax: 625_000,
  chargeEfficiency: 0.93,
  dischargeEfficiency: 0.93,
  storedWh: 0,
  storedWhMax: 4_500_000,
  wearTicks: 1570,
  chargeAdderTicks: 0,
  share: 1,
}

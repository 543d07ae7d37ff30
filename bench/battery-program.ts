/**
 * A battery's horizon as the linear program it is, without a chain and without any rounding, for HiGHS: grid energy of every
 * step, stored energy of every interval, in kWh and ticks.
 *
 *     maximise   Σ price·discharge − wear·discharge/η_d − Σ (price + adder)·charge + worth·(left − least)
 *     subject to stored_t = stored_t−1 + η_c·Σ charge − Σ discharge/η_d, 0 ≤ stored ≤ most, least ≤ left ≤ most left, power
 *
 * Optionally with a binary an interval, so that it does one thing at a time, and with the highest metered power at a price.
 */
import type { PlannedBattery } from '../src/strategy/storage-book.ts'
import { highs } from './highs-program.ts'

/** Energy that may be bought (or sold to) in an interval at a price. */
export interface Step {
  readonly interval: number
  readonly isSupply: boolean
  readonly priceTicks: number
  /** before the battery's share; ∞ where only its power limits it [Wh] */
  readonly energyWh: number
}

/** The meter that the battery stands behind, and what a kWh of its highest quarter-hour costs. */
export interface Meter {
  readonly loadWh: ArrayLike<number>
  /** [ticks per kWh] */
  readonly peakTicks: number
}

export interface Extras {
  /** one side an interval, by binaries */
  readonly oneSide?: boolean
  readonly meter?: Meter
}

export interface Program {
  readonly arrays: object
  readonly steps: readonly Step[]
  readonly intervals: number
}

export interface SolvedBattery {
  /** whether an optimum was found; else there is no way */
  readonly isFeasible: boolean
  /** [ticks · kWh] */
  readonly objective: number
  /** of every step [kWh] */
  readonly takenKwh: Float64Array
  /** of every interval, at its end [kWh] */
  readonly storedKwh: Float64Array
  /** of the meter, where there is one [kWh] */
  readonly peakKwh: number
}

/** HiGHS's fastest setting found for this program (serial dual simplex as it stands), and its default. */
export const fastest = {
  output_flag: false,
  presolve: 'off',
  solver: 'simplex',
  simplex_strategy: 1,
  simplex_scale_strategy: 0,
} as const
export const standard = { output_flag: false } as const

type Entry = readonly [row: number, value: number]

/** A program as it grows, column by column. */
class Columns {
  readonly cost: number[] = []
  readonly lower: number[] = []
  readonly upper: number[] = []
  readonly entries: Entry[][] = []
  readonly whole: number[] = []
  readonly rowLower: number[] = []
  readonly rowUpper: number[] = []

  row(lower: number, upper: number): number {
    this.rowLower.push(lower)
    return this.rowUpper.push(upper) - 1
  }

  column(column: { cost?: number; lower?: number; upper: number; entries: Entry[]; whole?: boolean }): void {
    this.cost.push(column.cost ?? 0)
    this.lower.push(column.lower ?? 0)
    this.upper.push(column.upper)
    this.entries.push(column.entries)
    this.whole.push(column.whole === true ? 1 : 0)
  }

  arrays(): object {
    const numCols = this.cost.length
    const numRows = this.rowLower.length
    const starts = new Int32Array(numCols + 1)
    this.entries.forEach((entries, column) => (starts[column + 1] = starts[column]! + entries.length))
    const all = this.entries.flat()
    return {
      numCols,
      numRows,
      colCost: Float64Array.from(this.cost),
      colLower: Float64Array.from(this.lower),
      colUpper: Float64Array.from(this.upper),
      rowLower: Float64Array.from(this.rowLower),
      rowUpper: Float64Array.from(this.rowUpper),
      matrix: {
        format: 'csc',
        numRows,
        numCols,
        starts,
        indices: Int32Array.from(all, ([row]) => row),
        values: Float64Array.from(all, ([, value]) => value),
      },
      ...(this.whole.includes(1) ? { integrality: Int32Array.from(this.whole) } : {}),
    }
  }
}

/** One price an interval, at which any energy is bought and sold. */
export function seriesSteps(priceTicks: ArrayLike<number>): Step[] {
  return Array.from(priceTicks).flatMap((price, interval) =>
    [true, false].map((isSupply) => ({ interval, isSupply, priceTicks: price, energyWh: Infinity })),
  )
}

export function batteryProgram(
  battery: PlannedBattery,
  steps: readonly Step[],
  intervals: number,
  { oneSide = false, meter }: Extras = {},
): Program {
  const columns = new Columns()
  const balance = Array.from({ length: intervals }, (_, interval) => {
    const startKwh = interval === 0 ? battery.storedWh / 1000 : 0
    return columns.row(startKwh, startKwh)
  })
  const powers = powerRows(columns, battery, steps, oneSide)
  const peaks = meter
    ? Array.from({ length: intervals }, (_, at) => columns.row(-Infinity, -meter.loadWh[at]! / 1000))
    : []
  for (const step of steps) {
    const { interval, isSupply } = step
    const mostWh = isSupply ? battery.chargeWhMax : battery.dischargeWhMax
    const power = powers.get(keyOf(interval, isSupply))
    const entries: Entry[] = [
      [balance[interval]!, isSupply ? -battery.chargeEfficiency : 1 / battery.dischargeEfficiency],
    ]
    if (power !== undefined) entries.push([power, 1])
    if (meter) entries.push([peaks[interval]!, isSupply ? 1 : -1])
    columns.column({
      cost: costOf(battery, step),
      upper: Math.min(mostWh, step.energyWh * battery.share) / 1000,
      entries,
    })
  }
  const { leastWh, mostWh, worthTicks } = battery.end ?? {
    leastWh: 0,
    mostWh: battery.storedWhMax,
    worthTicks: 0,
  }
  balance.forEach((row, interval) => {
    const isLast = interval === intervals - 1
    columns.column({
      cost: isLast ? -worthTicks : 0,
      lower: isLast ? leastWh / 1000 : 0,
      upper: (isLast ? mostWh : battery.storedWhMax) / 1000,
      entries: isLast
        ? [[row, 1]]
        : [
            [row, 1],
            [balance[interval + 1]!, -1],
          ],
    })
  })
  if (meter) {
    columns.column({ cost: meter.peakTicks, upper: Infinity, entries: peaks.map((row): Entry => [row, -1]) })
  }
  if (oneSide) addSides(columns, battery, powers, intervals)
  return { arrays: columns.arrays(), steps, intervals }
}

function keyOf(interval: number, isSupply: boolean): number {
  return 2 * interval + Number(isSupply)
}

function costOf(battery: PlannedBattery, { isSupply, priceTicks }: Step): number {
  return isSupply
    ? priceTicks + battery.chargeAdderTicks
    : battery.wearTicks / battery.dischargeEfficiency - priceTicks
}

/** Rows for the power of an interval and side; none where it has a single step, whose own bound does. */
function powerRows(
  columns: Columns,
  battery: PlannedBattery,
  steps: readonly Step[],
  always: boolean,
): Map<number, number> {
  const counts = new Map<number, number>()
  for (const { interval, isSupply } of steps) {
    counts.set(keyOf(interval, isSupply), (counts.get(keyOf(interval, isSupply)) ?? 0) + 1)
  }
  const needed = [...counts].filter(([, count]) => always || count > 1)
  return new Map(
    needed.map(([key]) => {
      const mostWh = key % 2 === 1 ? battery.chargeWhMax : battery.dischargeWhMax
      return [key, columns.row(-Infinity, mostWh / 1000)]
    }),
  )
}

/** A binary an interval: 1 lets it charge, 0 discharge. */
function addSides(
  columns: Columns,
  battery: PlannedBattery,
  powers: ReadonlyMap<number, number>,
  intervals: number,
): void {
  for (let interval = 0; interval < intervals; interval++) {
    const charge = powers.get(keyOf(interval, true))
    const discharge = powers.get(keyOf(interval, false))
    if (charge === undefined || discharge === undefined) continue
    // charge − most · side ≤ 0, discharge + most · side ≤ most
    columns.rowUpper[charge] = 0
    columns.column({
      upper: 1,
      entries: [
        [charge, -battery.chargeWhMax / 1000],
        [discharge, battery.dischargeWhMax / 1000],
      ],
      whole: true,
    })
  }
}

const optimal = 7

export function solveBattery(
  { arrays, steps, intervals }: Program,
  options: object = standard,
): SolvedBattery {
  return highs.withModel(arrays, (model) => {
    model.options.set(options)
    model.run()
    const { colValue } = model.getSolution()
    const stored = steps.length + intervals
    return {
      isFeasible: model.getModelStatus() === optimal,
      objective: -model.info.get('objective_function_value'),
      takenKwh: colValue.slice(0, steps.length),
      storedKwh: colValue.slice(steps.length, stored),
      peakKwh: colValue[stored] ?? 0,
    }
  })
}

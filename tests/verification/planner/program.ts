/**
 * The central planner of a zone-day, who sees all 96 books at once and moves every battery as is best for all:
 *
 *     maximise   Σ_t Σ_buy limit·x − Σ_sell limit·y − Σ_arcs fee·flow − Σ_batteries (wear/η_d·d + fee·c)
 *     subject to balance at every bus and interval, limits of orders and arcs,
 *                stored(t+1) = stored(t) + η_c·c − d/η_d,  lowest ≤ stored ≤ highest,  c, d ≤ power,
 *                stored at the start as the market had it, at the end at least as much as the market left
 *
 * Solved by HiGHS, energy in kWh.
 */
import { highs, linksOf } from '../../../bench/highs-program.ts'
import { storedWhMax, storedWhMin } from '../../../src/assets/storage.ts'
import type { MarketDay, PlannedBattery } from './market-days.ts'

/** Columns of a linear program, gathered one by one. */
class Columns {
  readonly cost: number[] = []
  readonly lower: number[] = []
  readonly upper: number[] = []
  readonly starts: number[] = [0]
  readonly rows: number[] = []
  readonly values: number[] = []

  /** @param entries row and coefficient in turn */
  add(
    cost: number,
    lower: number,
    upper: number,
    ...entries: readonly (readonly [row: number, value: number])[]
  ): void {
    this.cost.push(cost)
    this.lower.push(lower)
    this.upper.push(upper)
    for (const [row, value] of entries) {
      this.rows.push(row)
      this.values.push(value)
    }
    this.starts.push(this.rows.length)
  }
}

/** @returns the largest joint saving of the day [tick·Wh] */
export function plannersSaving({ network, books, batteries }: MarketDay, withBatteries: boolean): number {
  const units = withBatteries ? batteries : []
  const columns = new Columns()
  const busRows = books.length * network.busCount
  books.forEach((book, at) => {
    const busRow = (bus: number) => at * network.busCount + bus
    for (let row = 0; row < book.count; row++) {
      const sells = book.side[row] === 1
      const limit = book.limitTicks[row]!
      columns.add(sells ? limit : -limit, 0, book.quantityWh[row]! / 1000, [
        busRow(book.bus[row]!),
        sells ? 1 : -1,
      ])
    }
    for (const { from, to, feeTicks, capacityWh } of linksOf(network)) {
      columns.add(feeTicks, 0, capacityWh / 1000, [busRow(to), 1], [busRow(from), -1])
    }
    units.forEach((battery, unit) => {
      addBattery(
        columns,
        battery,
        busRow(battery.bus),
        busRows + unit * books.length + at,
        at === books.length - 1,
      )
    })
  })
  const numRows = busRows + units.length * books.length
  const rowValue = new Float64Array(numRows)
  // stored(0) is known, so it stands on the right side of the first row of each battery.
  units.forEach(({ startWh }, unit) => (rowValue[busRows + unit * books.length] = -startWh / 1000))
  const numCols = columns.cost.length
  const objective = highs.withModel(
    {
      numCols,
      numRows,
      colCost: Float64Array.from(columns.cost),
      colLower: Float64Array.from(columns.lower),
      colUpper: Float64Array.from(columns.upper),
      rowLower: rowValue,
      rowUpper: rowValue,
      matrix: {
        format: 'csc',
        numRows,
        numCols,
        starts: Int32Array.from(columns.starts),
        indices: Int32Array.from(columns.rows),
        values: Float64Array.from(columns.values),
      },
    },
    (model) => {
      model.options.set({ output_flag: false })
      model.run()
      return model.info.get('objective_function_value')
    },
  )
  return -objective * 1000
}

/** Charge, discharge and the energy held after an interval. Row of a battery: stored(t) + η_c·c − d/η_d − stored(t+1) = 0. */
function addBattery(
  columns: Columns,
  { spec, wearTicks, feeTicks, endWh }: PlannedBattery,
  busRow: number,
  storedRow: number,
  isLast: boolean,
): void {
  const powerKwh = spec.powerKw / 4
  columns.add(feeTicks, 0, powerKwh, [busRow, -1], [storedRow, spec.chargeEfficiency])
  columns.add(
    wearTicks / spec.dischargeEfficiency,
    0,
    powerKwh,
    [busRow, 1],
    [storedRow, -1 / spec.dischargeEfficiency],
  )
  const lowest = (isLast ? endWh : storedWhMin(spec)) / 1000
  const highest = storedWhMax(spec) / 1000
  if (isLast) columns.add(0, lowest, highest, [storedRow, -1])
  else columns.add(0, lowest, highest, [storedRow, -1], [storedRow + 1, 1])
}

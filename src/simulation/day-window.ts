/**
 * A day of many columns, laid out quarter by quarter. Columns run over the year, one a participant; an interval wants one
 * number of each, which here lie side by side.
 */
import { intervalsPerDay } from '../base/units.ts'

export class DayWindow {
  /** by quarter of the day: one number of each column [Wh]; views of one array, filled anew by {@link load} */
  readonly quarters: readonly Int32Array[]
  readonly #energyWh: Int32Array
  readonly #columns: readonly Int32Array[]

  constructor(columns: readonly Int32Array[]) {
    const width = columns.length
    const energyWh = new Int32Array(intervalsPerDay * width)
    this.quarters = Array.from({ length: intervalsPerDay }, (_, quarter) =>
      energyWh.subarray(quarter * width, (quarter + 1) * width),
    )
    this.#energyWh = energyWh
    this.#columns = columns
  }

  /** Takes in the day that begins with an interval: four columns at a time, so that one is fetched while others are waited for. */
  load(firstInterval: number): void {
    const columns = this.#columns
    const width = columns.length
    let row = 0
    for (; row + 4 <= width; row += 4) {
      this.#takeFour(
        row,
        firstInterval,
        columns[row]!,
        columns[row + 1]!,
        columns[row + 2]!,
        columns[row + 3]!,
      )
    }
    for (; row < width; row++) this.#takeOne(row, firstInterval, columns[row]!)
  }

  #takeFour(
    row: number,
    firstInterval: number,
    first: Int32Array,
    second: Int32Array,
    third: Int32Array,
    fourth: Int32Array,
  ): void {
    const energyWh = this.#energyWh
    const width = this.#columns.length
    const end = firstInterval + intervalsPerDay
    let at = row
    for (let interval = firstInterval; interval < end; interval++) {
      energyWh[at] = first[interval]!
      energyWh[at + 1] = second[interval]!
      energyWh[at + 2] = third[interval]!
      energyWh[at + 3] = fourth[interval]!
      at += width
    }
  }

  #takeOne(row: number, firstInterval: number, column: Int32Array): void {
    const energyWh = this.#energyWh
    const width = this.#columns.length
    let at = row
    for (let quarter = 0; quarter < intervalsPerDay; quarter++) {
      energyWh[at] = column[firstInterval + quarter]!
      at += width
    }
  }
}

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

  /** Takes in the day that begins with an interval. */
  load(firstInterval: number): void {
    const energyWh = this.#energyWh
    const columns = this.#columns
    for (let row = 0; row < columns.length; row++) {
      const column = columns[row]!
      let at = row
      for (let quarter = 0; quarter < intervalsPerDay; quarter++) {
        energyWh[at] = column[firstInterval + quarter]!
        at += columns.length
      }
    }
  }
}

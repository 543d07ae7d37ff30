/**
 * A day of many columns, laid out quarter by quarter. Columns run over the year, one a participant; an interval wants one
 * number of each, which here lie side by side.
 */
import { intervalsPerDay } from '../base/units.ts'

export class DayWindow {
  /** columns side by side */
  readonly width: number
  /** `quarter · width + column` [Wh] */
  readonly energyWh: Int32Array
  readonly #columns: readonly Int32Array[]

  constructor(columns: readonly Int32Array[]) {
    this.width = columns.length
    this.energyWh = new Int32Array(intervalsPerDay * columns.length)
    this.#columns = columns
  }

  /** Takes in the day that begins with an interval. */
  load(firstInterval: number): void {
    const { energyWh, width } = this
    for (let row = 0; row < width; row++) {
      const column = this.#columns[row]!
      for (let quarter = 0; quarter < intervalsPerDay; quarter++) {
        energyWh[quarter * width + row] = column[firstInterval + quarter]!
      }
    }
  }
}

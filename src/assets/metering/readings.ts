/** Rows of whatever layout as columns of readings, the form in which they are laid on the run. */
import type { StampSide } from './options.ts'

export interface Readings {
  readonly count: number
  /** line of the file */
  readonly line: Int32Array
  /** the stamp, minutes from 1970 of the clock it was written by */
  readonly minute: Float64Array
  /** minutes east of UTC where the stamp says, else NaN */
  readonly offsetMinutes: Float64Array
  readonly text: readonly string[]
  /** what a stamp names */
  readonly side: StampSide
  /** whether stamps are of a clock that may have summer time; a wide file's days always have 96 columns */
  readonly wholeDays: boolean
  /** heading of the column a reading stands in */
  headingOf(reading: number): string
}

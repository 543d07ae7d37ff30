/** Where a run stands. One object for the whole run, moved on interval by interval and read by all of its parts. */
import { intervalsPerDay } from '../base/units.ts'
import { bands } from '../tariff/book.ts'
import type { RateSlots } from './rates.ts'

export class Moment {
  interval = 0
  /** quarter-hour of the day, 0 to 95 */
  quarter = 0
  /** index into the run's months */
  month = 0
  /** where the prices of the interval stand, see {@link RateSlots} */
  slot = 0
  segment = 0
  band = 0
  readonly #slots: RateSlots

  constructor(slots: RateSlots) {
    this.#slots = slots
  }

  moveTo(interval: number, month: number): void {
    const slot = this.#slots.slotOf[interval]!
    this.interval = interval
    this.quarter = interval % intervalsPerDay
    this.month = month
    this.slot = slot
    this.segment = Math.floor(slot / bands.length)
    this.band = slot % bands.length
  }
}

/** What the meters of a zone show in one interval: all that settlement wants to know of the physical world. */
import { paysBehindMeter } from './behind-meter-payments.ts'
import { DayWindow } from './day-window.ts'
import type { Seller, World } from './world.ts'

export interface Readings {
  /** through the meter of each enterprise [Wh] */
  readonly boughtWh: Int32Array
  /** sent out by each seller [Wh] */
  readonly sentWh: Int32Array
  /** used by the host behind its meter, by PV unit; may be 0 where nobody pays for it, and empty where nobody pays for any [Wh] */
  readonly selfUseWh: Int32Array
  /** what each battery could do of what it sold or bought; left out where all do just that */
  readonly batteryWh?: Float64Array
}

/** The readings of a simulated year, a day at a time. */
export class ReadingsOfDay {
  readonly #windows: readonly DayWindow[]
  readonly #quarters: readonly Readings[]

  constructor({ zone, buyers, meter }: World, sellers: readonly Seller[]) {
    const bought = new DayWindow(buyers.map((buyer) => buyer.meteredWh))
    const sent = new DayWindow(sellers.map((seller) => seller.meteredWh))
    const nothing = new Int32Array(zone.calendar.intervals)
    const selfUse = new DayWindow(
      zone.pvUnits.some(paysBehindMeter)
        ? zone.pvUnits.map((unit, index) => (paysBehindMeter(unit) ? meter.selfUseWh[index]! : nothing))
        : [],
    )
    this.#windows = [bought, sent, selfUse]
    this.#quarters = bought.quarters.map((boughtWh, quarter) => ({
      boughtWh,
      sentWh: sent.quarters[quarter]!,
      selfUseWh: selfUse.quarters[quarter]!,
    }))
  }

  load(firstInterval: number): void {
    for (const window of this.#windows) window.load(firstInterval)
  }

  at(quarter: number): Readings {
    return this.#quarters[quarter]!
  }
}

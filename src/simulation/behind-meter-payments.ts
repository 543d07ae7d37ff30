/** What hosts pay third-party owners for energy used behind the meter (合同能源管理), the same in both runs. */
import { addTo } from '../base/columns.ts'
import type { PvUnit } from '../scenario/zone.ts'
import type { Moment } from './moment.ts'
import type { Readings } from './readings.ts'
import type { RunState } from './run-state.ts'

/** Whether a host pays for what it uses of the unit. */
export function paysBehindMeter(unit: PvUnit): unit is PvUnit & { behindMeterE8: number; host: number } {
  return unit.behindMeterE8 !== null && unit.host !== null
}

export class BehindMeterPayments {
  readonly #state: RunState
  /** units whose host pays, their prices [1e-8 CNY/kWh], and the two accounts of each */
  readonly #units: Int32Array
  readonly #priceE8: Float64Array
  readonly #hosts: Int32Array
  readonly #owners: Int32Array
  readonly #amountE11: Float64Array
  readonly #paymentE11: Float64Array

  constructor(state: RunState) {
    const { zone, chart, buyers } = state.world
    const paying = zone.pvUnits.flatMap((each, unit) =>
      paysBehindMeter(each)
        ? [{ unit, behindMeterE8: each.behindMeterE8, account: buyers[each.host]!.account }]
        : [],
    )
    this.#state = state
    this.#units = Int32Array.from(paying, ({ unit }) => unit)
    this.#priceE8 = Float64Array.from(paying, ({ behindMeterE8 }) => behindMeterE8)
    this.#hosts = Int32Array.from(paying, ({ account }) => account)
    this.#owners = Int32Array.from(paying, ({ unit }) => chart.pv + unit)
    this.#amountE11 = new Float64Array(paying.length)
    this.#paymentE11 = new Float64Array(paying.length)
  }

  settle({ month }: Moment, { selfUseWh }: Readings): void {
    const { behindMeterWh, months, ledger } = this.#state
    for (let row = 0; row < this.#units.length; row++) {
      const unit = this.#units[row]!
      const energyWh = selfUseWh[unit]!
      addTo(behindMeterWh, unit * months + month, energyWh)
      this.#amountE11[row] = energyWh * this.#priceE8[row]!
      this.#paymentE11[row] = -this.#amountE11[row]!
    }
    ledger.postEach(this.#hosts, this.#paymentE11)
    ledger.postEach(this.#owners, this.#amountE11)
  }
}

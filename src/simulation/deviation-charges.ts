/** What the short side of a pair owes the deviation pool (偏差电费). */
import { addTo } from '../base/columns.ts'
import { chargedShortfallWh } from '../settlement/deviation.ts'
import { postPayment } from '../settlement/postings.ts'
import { bands } from '../tariff/book.ts'
import { agencyEnergyE8 } from '../tariff/prices.ts'
import type { Moment } from './moment.ts'
import { sellerRow, storageRow } from './order-rows.ts'
import type { Outcome } from './outcome.ts'
import { eachSlot, monthOf } from './rates.ts'
import type { Readings } from './readings.ts'
import { meteredWh, type Roster } from './roster.ts'
import type { RunState } from './run-state.ts'
import type { World } from './world.ts'

export class DeviationCharges {
  readonly #state: RunState
  readonly #roster: Roster
  /** agency energy price with its time-of-use multiplier, m·P, by slot [1e-8 CNY/kWh] */
  readonly #agencyE8: Float64Array

  constructor(state: RunState, roster: Roster) {
    this.#state = state
    this.#roster = roster
    this.#agencyE8 = agencyEnergyBySlot(state.world)
  }

  /** Charges both sides of a pair, each for the pair's part of its shortfall beyond the free band. */
  charge(outcome: Outcome, pair: number, moment: Moment, readings: Readings): void {
    const { pairs } = outcome
    const sell = pairs.sell[pair]!
    const buy = pairs.buy[pair]!
    const pairWh = pairs.quantityWh[pair]!
    const agencyE8 = this.#agencyE8[moment.slot]!
    this.#chargeRow(outcome, sell, pairWh, agencyE8, moment, readings)
    const { kind, who } = outcome.rows
    const outsideE8 =
      kind[sell] === storageRow ? agencyE8 : this.#state.sellers[who[sell]!]!.outsideE8[moment.interval]!
    this.#chargeRow(outcome, buy, pairWh, outsideE8, moment, readings)
  }

  #chargeRow(
    outcome: Outcome,
    row: number,
    pairWh: number,
    priceE8: number,
    { month }: Moment,
    readings: Readings,
  ): void {
    const { world, ledger, months } = this.#state
    const { freeShare, coefficient } = world.zone.deviation
    const acceptedWh = outcome.clearing.acceptedWh[row]!
    const chargedWh = chargedShortfallWh(acceptedWh, meteredWh(outcome, row, readings), freeShare)
    if (chargedWh === 0) return
    const shareWh = Math.floor((chargedWh * pairWh) / acceptedWh)
    const amountE11 = shareWh * Math.round(coefficient * priceE8)
    postPayment(ledger, this.#roster.accountOf(outcome.rows, row), world.chart.deviationPool, amountE11)
    addTo(this.#columnOf(outcome.rows.kind[row]!), outcome.rows.who[row]! * months + month, amountE11)
  }

  #columnOf(kind: number): Float64Array {
    if (kind === storageRow) return this.#state.storage.deviationE11
    return kind === sellerRow ? this.#state.sellerDeviationE11 : this.#state.buyerDeviationE11
  }
}

function agencyEnergyBySlot({ zone, slots }: World): Float64Array {
  const column = new Float64Array(slots.slots)
  eachSlot(slots, (slot, segment, band) => {
    column[slot] = agencyEnergyE8(segment.rates, bands[band]!, monthOf(zone.calendar, segment))
  })
  return column
}

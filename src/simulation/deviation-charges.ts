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
    const sellWh = this.#chargedWh(outcome, pairs.sell[pair]!, readings)
    const buyWh = this.#chargedWh(outcome, pairs.buy[pair]!, readings)
    this.post(outcome, pair, moment, sellWh, buyWh)
  }

  /**
   * Charges both sides of a pair.
   *
   * @param sellWh what the seller's whole order is charged for, of which the pair bears its part, and the buyer's likewise
   */
  post(outcome: Outcome, pair: number, moment: Moment, sellWh: number, buyWh: number): void {
    const { pairs, rows } = outcome
    const sell = pairs.sell[pair]!
    const agencyE8 = this.#agencyE8[moment.slot]!
    if (sellWh > 0) this.#chargeRow(outcome, sell, pair, sellWh, agencyE8, moment)
    if (buyWh === 0) return
    const outsideE8 =
      rows.kind[sell] === storageRow
        ? agencyE8
        : this.#state.sellers[rows.who[sell]!]!.outsideE8[moment.interval]!
    this.#chargeRow(outcome, pairs.buy[pair]!, pair, buyWh, outsideE8, moment)
  }

  #chargedWh(outcome: Outcome, row: number, readings: Readings): number {
    const acceptedWh = outcome.clearing.acceptedWh[row]!
    const { freeShare } = this.#state.world.zone.deviation
    return chargedShortfallWh(acceptedWh, meteredWh(outcome, row, readings), freeShare)
  }

  #chargeRow(
    { rows, clearing, pairs }: Outcome,
    row: number,
    pair: number,
    chargedWh: number,
    priceE8: number,
    { month }: Moment,
  ): void {
    const { world, ledger, months } = this.#state
    const { coefficient } = world.zone.deviation
    const shareWh = Math.floor((chargedWh * pairs.quantityWh[pair]!) / clearing.acceptedWh[row]!)
    const amountE11 = shareWh * Math.round(coefficient * priceE8)
    postPayment(ledger, this.#roster.accountOf(rows, row), world.chart.deviationPool, amountE11)
    addTo(this.#columnOf(rows.kind[row]!), rows.who[row]! * months + month, amountE11)
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

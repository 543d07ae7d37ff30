/**
 * Pairs against the meters: each settles what both its meters support. The ledger gets the money, the run's books what
 * monthly statements are computed from.
 */
import { supportedWh } from '../settlement/deviation.ts'
import { postTrade } from '../settlement/postings.ts'
import { DeviationCharges } from './deviation-charges.ts'
import type { Moment } from './moment.ts'
import { sellerRow, storageRow, enterpriseRow, type OrderRows } from './order-rows.ts'
import type { Outcome } from './outcome.ts'
import type { Readings } from './readings.ts'
import { meteredWh, type Roster } from './roster.ts'
import { addTo, type RunState } from './run-state.ts'
import { notePurchase, noteSale } from './trade-books.ts'
import type { WheelingSlots } from './wheeling-slots.ts'

/** What became of an outcome's pairs. */
export interface Settled {
  /** by pair [Wh] */
  readonly pairWh: Float64Array
  /** fee on the buyer's own connection, by pair [ticks] */
  readonly withdrawalTicks: Float64Array
  /** by row of the book [Wh] */
  readonly rowWh: Float64Array
  /** bought by each enterprise, and sold by each seller [Wh] */
  readonly boughtWh: Float64Array
  readonly soldWh: Float64Array
}

/** A battery bears the fees of a consumer apart, on what it loses. */
const noAdders = { lineLossE8: 0, systemE8: 0, fundsE8: 0 }

export class PairSettlement {
  readonly #state: RunState
  readonly #wheeling: WheelingSlots
  readonly #roster: Roster
  readonly #deviations: DeviationCharges
  readonly #settled: Settled

  constructor(state: RunState, wheeling: WheelingSlots, roster: Roster, rowsMax: number) {
    this.#state = state
    this.#wheeling = wheeling
    this.#roster = roster
    this.#deviations = new DeviationCharges(state, roster)
    this.#settled = {
      pairWh: new Float64Array(rowsMax),
      withdrawalTicks: new Float64Array(rowsMax),
      rowWh: new Float64Array(rowsMax),
      boughtWh: new Float64Array(state.world.buyers.length),
      soldWh: new Float64Array(state.sellers.length),
    }
  }

  /** The columns are filled anew at the next call. */
  settle(outcome: Outcome, moment: Moment, readings: Readings): Settled {
    const settled = this.#settled
    settled.rowWh.fill(0, 0, outcome.rows.book.count)
    settled.boughtWh.fill(0)
    settled.soldWh.fill(0)
    for (let pair = 0; pair < outcome.pairs.count; pair++) this.#settlePair(outcome, pair, moment, readings)
    return settled
  }

  #settlePair(outcome: Outcome, pair: number, moment: Moment, readings: Readings): void {
    const { rows, pairs } = outcome
    const sell = pairs.sell[pair]!
    const buy = pairs.buy[pair]!
    const energyWh = supportedPairWh(outcome, pair, readings)
    const settled = {
      energyWh,
      sellerTicks: outcome.sellerTicks[pair]!,
      buyerTicks: outcome.buyerTicks[pair]!,
      pathFeeTicks: pairs.pathFeeTicks[pair]!,
      withdrawalTicks: this.#withdrawalTicks(rows, buy, moment),
    }
    const sides = { seller: this.#roster.accountOf(rows, sell), buyer: this.#roster.accountOf(rows, buy) }
    const adders = rows.kind[buy] === storageRow ? noAdders : this.#wheeling.adders[moment.segment]!
    postTrade(this.#state.ledger, this.#state.world.chart, sides, settled, adders)
    noteSale(this.#state, rows, sell, moment, settled)
    notePurchase({ state: this.#state, roster: this.#roster }, rows, { sell, buy }, moment, settled)
    this.#count(rows, { pair, sell, buy }, energyWh)
    this.#settled.withdrawalTicks[pair] = settled.withdrawalTicks
    if (energyWh < pairs.quantityWh[pair]!) this.#deviations.charge(outcome, pair, moment, readings)
  }

  #withdrawalTicks(rows: OrderRows, buy: number, { segment }: Moment): number {
    if (rows.kind[buy] === storageRow) return 0
    return this.#wheeling.withdrawalTicks[rows.who[buy]! * this.#state.world.slots.segments.length + segment]!
  }

  #count(rows: OrderRows, at: { pair: number; sell: number; buy: number }, energyWh: number): void {
    const { pairWh, rowWh, boughtWh, soldWh } = this.#settled
    pairWh[at.pair] = energyWh
    addTo(rowWh, at.sell, energyWh)
    addTo(rowWh, at.buy, energyWh)
    if (rows.kind[at.buy] === enterpriseRow) addTo(boughtWh, rows.who[at.buy]!, energyWh)
    if (rows.kind[at.sell] === sellerRow) addTo(soldWh, rows.who[at.sell]!, energyWh)
  }
}

function supportedPairWh(outcome: Outcome, pair: number, readings: Readings): number {
  const { pairs, clearing } = outcome
  const clearedWh = pairs.quantityWh[pair]!
  const supported = (row: number) =>
    supportedWh(clearedWh, clearing.acceptedWh[row]!, meteredWh(outcome, row, readings))
  return Math.min(supported(pairs.sell[pair]!), supported(pairs.buy[pair]!))
}

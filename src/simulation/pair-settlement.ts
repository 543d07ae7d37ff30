/**
 * Pairs against the meters: each settles what both its meters support. The ledger gets the money, the run's books what
 * monthly statements are computed from.
 */
import { addTo } from '../base/columns.ts'
import { supportedWh } from '../settlement/deviation.ts'
import { postTrade, postTradeFees, rentTicksOf, type SettledPair } from '../settlement/postings.ts'
import { DeviationCharges } from './deviation-charges.ts'
import type { Moment } from './moment.ts'
import { sellerRow, storageRow, enterpriseRow, type OrderRows } from './order-rows.ts'
import type { Outcome } from './outcome.ts'
import type { Readings } from './readings.ts'
import { meteredWh, type Roster } from './roster.ts'
import type { RunState } from './run-state.ts'
import { TradeBooks } from './trade-books.ts'
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
  /** what each seller does not send out, since it earns too little outside, once the rest is settled too [Wh] */
  readonly turnedDownWh: Float64Array
  /** net import of the zone, once the rest is settled too [Wh] */
  netImportWh: number
}

/** A battery bears the fees of a consumer apart, on what it loses. */
const noAdders = { lineLossE8: 0, systemE8: 0, fundsE8: 0 }

export class PairSettlement {
  readonly #state: RunState
  readonly #wheeling: WheelingSlots
  readonly #roster: Roster
  readonly #books: TradeBooks
  /** null where a position is charged once both its auctions are settled */
  readonly #deviations: DeviationCharges | null
  readonly #settled: Settled
  // Reused from pair to pair. A number that begins as NaN is kept as a double; one that begins as 0 is kept as a small
  // whole number first, and each change of mind throws away what was compiled.
  readonly #pair = {
    energyWh: NaN,
    sellerTicks: NaN,
    buyerTicks: NaN,
    pathFeeTicks: NaN,
    withdrawalTicks: NaN,
  }
  readonly #sides = { seller: 0, buyer: 0 }
  /** what all pairs of the interval pay in fees */
  readonly #fees = { wheelingTickWh: NaN, rentTickWh: NaN, bearingWh: NaN, pairs: 0 }

  /** @param parts its own books and who charges shortfalls, where they are not the usual ones */
  constructor(
    state: RunState,
    wheeling: WheelingSlots,
    roster: Roster,
    rowsMax: number,
    parts: { readonly books: TradeBooks; readonly deviations: DeviationCharges | null } = {
      books: new TradeBooks(state, roster),
      deviations: new DeviationCharges(state, roster),
    },
  ) {
    this.#state = state
    this.#wheeling = wheeling
    this.#roster = roster
    this.#books = parts.books
    this.#deviations = parts.deviations
    this.#settled = {
      pairWh: new Float64Array(rowsMax),
      withdrawalTicks: new Float64Array(rowsMax),
      rowWh: new Float64Array(rowsMax),
      boughtWh: new Float64Array(state.world.buyers.length),
      soldWh: new Float64Array(state.sellers.length),
      turnedDownWh: new Float64Array(state.sellers.length),
      netImportWh: NaN,
    }
  }

  /** The columns are filled anew at the next call. */
  settle(outcome: Outcome, moment: Moment, readings: Readings): Settled {
    this.#begin(outcome)
    for (let pair = 0; pair < outcome.pairs.count; pair++) this.#settlePair(outcome, pair, moment, readings)
    return this.#finish(moment)
  }

  /** The same with a rest after every so many pairs, in which others get a turn. */
  *settleInParts(
    outcome: Outcome,
    moment: Moment,
    readings: Readings,
    pairsAtOnce: number,
  ): Generator<void, Settled> {
    this.#begin(outcome)
    for (let pair = 0; pair < outcome.pairs.count; pair++) {
      if (pair > 0 && pair % pairsAtOnce === 0) yield
      this.#settlePair(outcome, pair, moment, readings)
    }
    return this.#finish(moment)
  }

  #begin({ rows, pairs }: Outcome): void {
    const settled = this.#settled
    settled.rowWh.fill(0, 0, rows.book.count)
    settled.boughtWh.fill(0)
    settled.soldWh.fill(0)
    this.#fees.wheelingTickWh = this.#fees.rentTickWh = this.#fees.bearingWh = 0
    this.#fees.pairs = pairs.count
  }

  #finish({ segment }: Moment): Settled {
    const { ledger, world } = this.#state
    if (this.#fees.pairs > 0) postTradeFees(ledger, world.chart, this.#fees, this.#wheeling.adders[segment]!)
    return this.#settled
  }

  #settlePair(outcome: Outcome, pair: number, moment: Moment, readings: Readings): void {
    const { rows, pairs } = outcome
    const sell = pairs.sell[pair]!
    const buy = pairs.buy[pair]!
    const isToBattery = rows.kind[buy] === storageRow
    const settled = this.#pair
    settled.energyWh = Math.min(
      supportedBy(outcome, pair, sell, readings),
      supportedBy(outcome, pair, buy, readings),
    )
    settled.sellerTicks = outcome.sellerTicks[pair]!
    settled.buyerTicks = outcome.buyerTicks[pair]!
    settled.pathFeeTicks = pairs.pathFeeTicks[pair]!
    settled.withdrawalTicks = isToBattery ? 0 : this.#withdrawalTicks(rows.who[buy]!, moment)
    this.#sides.seller = this.#roster.accountOf(rows, sell)
    this.#sides.buyer = this.#roster.accountOf(rows, buy)
    const adders = isToBattery ? noAdders : this.#wheeling.adders[moment.segment]!
    postTrade(this.#state.ledger, this.#sides, settled, adders)
    this.#countFees(settled, isToBattery)
    this.#books.noteSale(rows, sell, moment, settled)
    this.#books.notePurchase(rows, sell, buy, moment, settled)
    this.#count(rows, pair, sell, buy)
    if (settled.energyWh < pairs.quantityWh[pair]!) this.#deviations?.charge(outcome, pair, moment, readings)
  }

  /** Fee on an enterprise's own connection. */
  #withdrawalTicks(who: number, { segment }: Moment): number {
    return this.#wheeling.withdrawalTicks[segment * this.#state.world.buyers.length + who]!
  }

  #countFees(pair: SettledPair, isToBattery: boolean): void {
    const fees = this.#fees
    const { energyWh, pathFeeTicks, withdrawalTicks } = pair
    fees.wheelingTickWh += energyWh * (pathFeeTicks + withdrawalTicks)
    fees.rentTickWh += energyWh * rentTicksOf(pair)
    if (!isToBattery) fees.bearingWh += energyWh
  }

  #count(rows: OrderRows, pair: number, sell: number, buy: number): void {
    const { pairWh, withdrawalTicks, rowWh, boughtWh, soldWh } = this.#settled
    const { energyWh } = this.#pair
    pairWh[pair] = energyWh
    withdrawalTicks[pair] = this.#pair.withdrawalTicks
    addTo(rowWh, sell, energyWh)
    addTo(rowWh, buy, energyWh)
    if (rows.kind[buy] === enterpriseRow) addTo(boughtWh, rows.who[buy]!, energyWh)
    if (rows.kind[sell] === sellerRow) addTo(soldWh, rows.who[sell]!, energyWh)
  }
}

/** What of a pair the meter of one of its sides supports. [Wh] */
function supportedBy(outcome: Outcome, pair: number, row: number, readings: Readings): number {
  const acceptedWh = outcome.clearing.acceptedWh[row]!
  return supportedWh(outcome.pairs.quantityWh[pair]!, acceptedWh, meteredWh(outcome, row, readings))
}

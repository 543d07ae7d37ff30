/**
 * An interval that was traded twice, a day ahead and intraday, against one meter. The earlier contract is served first: pairs of
 * the day-ahead auction settle against the meters, pairs of the intraday one against what that leaves of them.
 *
 *     settled ahead    = min over both sides of ⌊pair · min(metered, accepted) / accepted⌋
 *     settled intraday = min over both sides of ⌊pair · min(metered − settled ahead, accepted) / accepted⌋
 *
 * so nobody settles more than its meter shows. Each pair has its own auction's price. A shortfall is charged once, on the position
 * of both auctions together.
 */
import { DayAheadTrades } from './day-ahead-trades.ts'
import type { Moment } from './moment.ts'
import type { Outcome } from './outcome.ts'
import { PairSettlement, type Settled } from './pair-settlement.ts'
import { PositionCharges } from './position-charges.ts'
import type { Readings } from './readings.ts'
import type { Roster } from './roster.ts'
import type { RunState } from './run-state.ts'
import { TradeBooks } from './trade-books.ts'
import type { WheelingSlots } from './wheeling-slots.ts'

/** What became of the pairs of both auctions. */
export interface BothSettled {
  readonly dayAhead: Settled
  /** with what each participant bought and sold in both */
  readonly intraday: Settled
}

export class TwoAuctions {
  readonly #dayAhead: PairSettlement
  readonly #intraday: PairSettlement
  readonly #charges: PositionCharges
  readonly #left: Readings

  constructor(
    state: RunState,
    { wheeling, roster }: { readonly wheeling: WheelingSlots; readonly roster: Roster },
    rowsMax: { readonly dayAhead: number; readonly intraday: number },
  ) {
    const deviations = null
    const ahead = { books: new DayAheadTrades(state, roster), deviations }
    const intraday = { books: new TradeBooks(state, roster), deviations }
    this.#dayAhead = new PairSettlement(state, wheeling, roster, rowsMax.dayAhead, ahead)
    this.#intraday = new PairSettlement(state, wheeling, roster, rowsMax.intraday, intraday)
    this.#charges = new PositionCharges(state, roster)
    this.#left = {
      boughtWh: new Int32Array(state.world.buyers.length),
      sentWh: new Int32Array(state.sellers.length),
      selfUseWh: new Int32Array(0),
    }
  }

  /** The columns are filled anew at the next call. */
  settle(ahead: Outcome, intraday: Outcome, moment: Moment, readings: Readings): BothSettled {
    const first = this.#dayAhead.settle(ahead, moment, readings)
    subtract(this.#left.boughtWh, readings.boughtWh, first.boughtWh)
    subtract(this.#left.sentWh, readings.sentWh, first.soldWh)
    const second = this.#intraday.settle(intraday, moment, this.#left)
    this.#charges.charge(ahead, intraday, moment, readings)
    for (let who = 0; who < first.boughtWh.length; who++) second.boughtWh[who]! += first.boughtWh[who]!
    for (let who = 0; who < first.soldWh.length; who++) second.soldWh[who]! += first.soldWh[who]!
    return { dayAhead: first, intraday: second }
  }
}

function subtract(restWh: Int32Array, fromWh: Int32Array, takenWh: Float64Array): void {
  for (let who = 0; who < restWh.length; who++) restWh[who] = fromWh[who]! - takenWh[who]!
}

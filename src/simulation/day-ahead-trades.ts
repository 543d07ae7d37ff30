/** Writes settled pairs of the day-ahead auction into the run's books, and into those that hold them apart. */
import { addTo } from '../base/columns.ts'
import { rentTicksOf, type SettledPair } from '../settlement/postings.ts'
import type { DayAheadBooks } from './day-ahead-books.ts'
import type { Moment } from './moment.ts'
import type { OrderRows } from './order-rows.ts'
import type { RunState } from './run-state.ts'
import { TradeBooks } from './trade-books.ts'

export class DayAheadTrades extends TradeBooks {
  readonly #state: RunState
  readonly #books: DayAheadBooks

  constructor(...[state, roster]: ConstructorParameters<typeof TradeBooks>) {
    super(state, roster)
    this.#state = state
    this.#books = state.dayAhead!
  }

  override noteSale(rows: OrderRows, sell: number, moment: Moment, pair: SettledPair): void {
    super.noteSale(rows, sell, moment, pair)
    const at = rows.who[sell]! * this.#state.months + moment.month
    const { energyWh, tickWh } = this.#books.sold
    addTo(energyWh, at, pair.energyWh)
    addTo(tickWh['trade-energy']!, at, pair.energyWh * pair.sellerTicks)
  }

  override notePurchase(rows: OrderRows, sell: number, buy: number, moment: Moment, pair: SettledPair): void {
    super.notePurchase(rows, sell, buy, moment, pair)
    const at = rows.who[buy]! * this.#state.months + moment.month
    const { energyWh, tickWh } = this.#books.bought
    addTo(energyWh, at, pair.energyWh)
    addTo(tickWh['trade-energy']!, at, pair.energyWh * pair.sellerTicks)
    addTo(tickWh['wheeling']!, at, pair.energyWh * (pair.pathFeeTicks + pair.withdrawalTicks))
    addTo(tickWh['congestion-rent']!, at, pair.energyWh * rentTicksOf(pair))
  }
}

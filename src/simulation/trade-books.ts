/** Writes settled pairs into the columns from which monthly statements are computed. */
import { addTo } from '../base/columns.ts'
import { rentTicksOf, type SettledPair } from '../settlement/postings.ts'
import type { Moment } from './moment.ts'
import { sellerRow, storageRow, type OrderRows } from './order-rows.ts'
import type { Roster } from './roster.ts'
import { sources, type RunState } from './run-state.ts'

export class TradeBooks {
  readonly #state: RunState
  readonly #roster: Roster

  constructor(state: RunState, roster: Roster) {
    this.#state = state
    this.#roster = roster
  }

  noteSale(rows: OrderRows, sell: number, { month }: Moment, { energyWh, sellerTicks }: SettledPair): void {
    const { months, storage, soldWh, soldTickWh } = this.#state
    const row = rows.who[sell]! * months + month
    if (rows.kind[sell] === storageRow) {
      addTo(storage.soldTickWh, row, energyWh * sellerTicks)
      return
    }
    addTo(soldWh, row, energyWh)
    addTo(soldTickWh, row, energyWh * sellerTicks)
  }

  notePurchase(rows: OrderRows, sell: number, buy: number, moment: Moment, pair: SettledPair): void {
    const { months, storage } = this.#state
    const { energyWh } = pair
    const row = rows.who[buy]! * months + moment.month
    if (rows.kind[buy] === storageRow) {
      addTo(storage.boughtTickWh, row, energyWh * pair.sellerTicks)
      addTo(storage.pathTickWh, row, energyWh * pair.pathFeeTicks)
      addTo(storage.rentTickWh, row, energyWh * rentTicksOf(pair))
      return
    }
    this.#noteEnergy(rows, sell, buy, moment, energyWh)
    const { tradePaidTickWh, wheelingTickWh, rentTickWh } = this.#state
    addTo(tradePaidTickWh, row, energyWh * pair.sellerTicks)
    addTo(wheelingTickWh, row, energyWh * (pair.pathFeeTicks + pair.withdrawalTicks))
    addTo(rentTickWh, row, energyWh * rentTicksOf(pair))
  }

  #noteEnergy(rows: OrderRows, sell: number, buy: number, { month, slot }: Moment, energyWh: number): void {
    const { months, world, tradedWh, tradedBySourceWh, soldToUsersWh } = this.#state
    const who = rows.who[buy]!
    const source = this.#roster.sourceOf(rows, sell)
    addTo(tradedWh, who * world.slots.slots + slot, energyWh)
    addTo(tradedBySourceWh, (who * months + month) * sources.length + source, energyWh)
    if (rows.kind[sell] === sellerRow) addTo(soldToUsersWh, rows.who[sell]! * months + month, energyWh)
  }
}

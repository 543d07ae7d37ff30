/** Writes settled pairs into the columns from which monthly statements are computed. */
import type { SettledPair } from '../settlement/postings.ts'
import type { Moment } from './moment.ts'
import { sellerRow, storageRow, type OrderRows } from './order-rows.ts'
import type { Roster } from './roster.ts'
import { addTo, sources, type RunState } from './run-state.ts'

export function noteSale(
  state: RunState,
  rows: OrderRows,
  sell: number,
  { month }: Moment,
  { energyWh, sellerTicks }: SettledPair,
): void {
  const row = rows.who[sell]! * state.months + month
  if (rows.kind[sell] === storageRow) {
    addTo(state.storage.soldTickWh, row, energyWh * sellerTicks)
    return
  }
  addTo(state.soldWh, row, energyWh)
  addTo(state.soldTickWh, row, energyWh * sellerTicks)
}

export function notePurchase(
  { state, roster }: { state: RunState; roster: Roster },
  rows: OrderRows,
  { sell, buy }: { sell: number; buy: number },
  { month, slot }: Moment,
  pair: SettledPair,
): void {
  const who = rows.who[buy]!
  const { energyWh } = pair
  const row = who * state.months + month
  const rentTicks = pair.buyerTicks - pair.sellerTicks - pair.pathFeeTicks
  if (rows.kind[buy] === storageRow) {
    addTo(state.storage.boughtTickWh, row, energyWh * pair.sellerTicks)
    addTo(state.storage.pathTickWh, row, energyWh * pair.pathFeeTicks)
    addTo(state.storage.rentTickWh, row, energyWh * rentTicks)
    return
  }
  addTo(state.tradedWh, who * state.world.slots.slots + slot, energyWh)
  addTo(state.tradedBySourceWh, row * sources.length + roster.sourceOf(rows, sell), energyWh)
  if (rows.kind[sell] === sellerRow) {
    addTo(state.soldToUsersWh, rows.who[sell]! * state.months + month, energyWh)
  }
  addTo(state.tradePaidTickWh, row, energyWh * pair.sellerTicks)
  addTo(state.wheelingTickWh, row, energyWh * (pair.pathFeeTicks + pair.withdrawalTicks))
  addTo(state.rentTickWh, row, energyWh * rentTicks)
}

/**
 * What one run over the year writes down: the ledger, and beside it the meters from which the monthly statements are
 * computed anew. The two ways to every bill are compared at the end of each month.
 *
 * Columns are flat: `enterprise · slots + slot`, `seller · months + month`, where nothing else is said.
 */
import { ExactSums } from '../base/exact-sum.ts'
import { Ledger } from '../settlement/ledger.ts'
import { openDayAheadBooks, type DayAheadBooks } from './day-ahead-books.ts'
import type { Source } from './result.ts'
import { openStorageBooks, type StorageBooks } from './storage-books.ts'
import type { Seller, World } from './world.ts'

/** Where traded energy comes from, in the order of its columns. */
export const sources: readonly Source[] = ['pv', 'storage', 'cogeneration']

export interface RunState {
  readonly world: World
  readonly ledger: Ledger
  readonly sellers: readonly Seller[]
  readonly months: number
  /** energy bought on the ordinary contract, `slot · enterprises + enterprise` [Wh] */
  readonly contractWh: Float64Array
  /** traded purchases of enterprises, by enterprise and slot [Wh] */
  readonly tradedWh: Float64Array
  /** the same by enterprise, month and source of the seller: PV, storage, cogeneration [Wh] */
  readonly tradedBySourceWh: Float64Array
  /** by enterprise and month: energy price paid, wheeling, congestion rent [Wh·tick], deviation charge [1e-11 CNY] */
  readonly tradePaidTickWh: Float64Array
  readonly wheelingTickWh: Float64Array
  readonly rentTickWh: Float64Array
  readonly buyerDeviationE11: Float64Array
  /** by seller and month */
  readonly fedInWh: Float64Array
  readonly fedInE11: ExactSums
  readonly soldWh: Float64Array
  readonly soldTickWh: Float64Array
  /** of the energy sold, what enterprises bought: energy sold to a battery meets no user */
  readonly soldToUsersWh: Float64Array
  readonly sellerDeviationE11: Float64Array
  /** by PV unit and month [Wh] */
  readonly behindMeterWh: Float64Array
  /** by seller and month: PV turned down by decision [Wh], fuel and starts of dispatched units [1e-11 CNY] */
  readonly curtailedWh: Float64Array
  readonly fuelE11: ExactSums
  readonly storage: StorageBooks
  /** what of the trades was agreed a day ahead; null where no such auction is held */
  readonly dayAhead: DayAheadBooks | null
  /** net import of the zone, positive and negative part summed apart [Wh] */
  importWh: number
  exportWh: number
}

export function openRun(world: World, sellers: readonly Seller[]): RunState {
  const months = world.zone.calendar.months.length
  const enterprises = world.buyers.length
  const column = (rows: number) => new Float64Array(rows)
  return {
    world,
    ledger: new Ledger(world.chart.names),
    sellers,
    months,
    contractWh: column(enterprises * world.slots.slots),
    tradedWh: column(enterprises * world.slots.slots),
    tradedBySourceWh: column(enterprises * months * sources.length),
    tradePaidTickWh: column(enterprises * months),
    wheelingTickWh: column(enterprises * months),
    rentTickWh: column(enterprises * months),
    buyerDeviationE11: column(enterprises * months),
    fedInWh: column(sellers.length * months),
    fedInE11: new ExactSums(sellers.length * months),
    soldWh: column(sellers.length * months),
    soldTickWh: column(sellers.length * months),
    soldToUsersWh: column(sellers.length * months),
    sellerDeviationE11: column(sellers.length * months),
    behindMeterWh: column(world.zone.pvUnits.length * months),
    curtailedWh: column(sellers.length * months),
    fuelE11: new ExactSums(sellers.length * months),
    storage: openStorageBooks({
      units: world.zone.storages.length,
      months,
      segments: world.slots.segments.length,
    }),
    dayAhead: world.zone.market.auctions.dayAhead
      ? openDayAheadBooks(enterprises * months, sellers.length * months)
      : null,
    importWh: 0,
    exportWh: 0,
  }
}

/** Counts an interval's exchange with the grid outside; positive is import. [Wh] */
export function countExchange(run: RunState, netImportWh: number): void {
  if (netImportWh > 0) run.importWh += netImportWh
  else run.exportWh -= netImportWh
}

/**
 * What one run over the year writes down: the ledger, and beside it the meters from which the monthly statements are
 * computed anew. The two ways to every bill are compared at the end of each month.
 *
 * Columns are flat: `enterprise · slots + slot`, `seller · months + month`.
 */
import { ExactSums } from '../base/exact-sum.ts'
import { Ledger } from '../settlement/ledger.ts'
import { postContractReceipts, postFeedIn, postPayment, postUpstream } from '../settlement/postings.ts'
import type { Moment } from './moment.ts'
import type { Readings } from './readings.ts'
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
  /** energy bought on the ordinary contract, by enterprise and slot [Wh] */
  readonly contractWh: Float64Array
  /** the same within the interval, by kind of customer [Wh] */
  readonly classWh: Float64Array
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
  readonly storage: StorageBooks
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
    classWh: column(world.rateClasses.length),
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
    storage: openStorageBooks({
      units: world.zone.storages.length,
      months,
      segments: world.slots.segments.length,
    }),
    importWh: 0,
    exportWh: 0,
  }
}

export function addTo(column: Float64Array, index: number, value: number): void {
  column[index] = column[index]! + value
}

/** Energy an enterprise takes on its ordinary contract: it pays now, {@link settleContracts} hands the money on. */
export function takeOnContract(run: RunState, enterprise: number, { slot }: Moment, energyWh: number): void {
  const { slots, buyers } = run.world
  const { account, rates, rateClass } = buyers[enterprise]!
  run.ledger.post(account, -energyWh * rates.fullE8[slot]!)
  addTo(run.classWh, rateClass, energyWh)
  addTo(run.contractWh, enterprise * slots.slots + slot, energyWh)
}

/** Hands what the interval's buyers paid on to those it is due to, once per kind of customer. */
export function settleContracts(run: RunState, { interval, slot }: Moment): void {
  const { chart, rateClasses, upstreamE8 } = run.world
  for (let kind = 0; kind < rateClasses.length; kind++) {
    const energyWh = run.classWh[kind]!
    if (energyWh === 0) continue
    run.classWh[kind] = 0
    const rates = rateClasses[kind]!
    postContractReceipts(run.ledger, chart, rates, slot, energyWh)
    postUpstream(run.ledger, chart, chart[rates.purchase], energyWh, upstreamE8[interval]!)
  }
}

/** Energy a seller feeds in at its outside price, which the purchaser brings outside the zone. */
export function feedIn(
  run: RunState,
  seller: number,
  { interval, month }: Moment,
  energyWh: number,
  price: { outsideE8: number; referenceE8: number },
): void {
  const { chart, upstreamE8 } = run.world
  postFeedIn(run.ledger, chart, run.sellers[seller]!.account, energyWh, price)
  postUpstream(run.ledger, chart, chart.feedInPurchase, -energyWh, upstreamE8[interval]!)
  const row = seller * run.months + month
  addTo(run.fedInWh, row, energyWh)
  run.fedInE11.add(row, energyWh * price.outsideE8)
}

/** What hosts pay third-party owners for energy used behind the meter (合同能源管理), the same in both runs. */
export function payBehindMeter(run: RunState, { month }: Moment, { selfUseWh }: Readings): void {
  const { zone, chart, buyers } = run.world
  for (let unit = 0; unit < selfUseWh.length; unit++) {
    const energyWh = selfUseWh[unit]!
    if (energyWh === 0) continue
    addTo(run.behindMeterWh, unit * run.months + month, energyWh)
    const { behindMeterE8, host } = zone.pvUnits[unit]!
    if (behindMeterE8 === null || host === null) continue
    postPayment(run.ledger, buyers[host]!.account, chart.pv + unit, energyWh * behindMeterE8)
  }
}

/** Counts an interval's exchange with the grid outside; positive is import. [Wh] */
export function countExchange(run: RunState, netImportWh: number): void {
  if (netImportWh > 0) run.importWh += netImportWh
  else run.exportWh -= netImportWh
}

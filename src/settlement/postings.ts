/**
 * Who pays whom for one quantity of energy. Each function posts one business fact to the ledger: the side that pays
 * posts the price it is billed, the sides that receive post the parts, and the ledger finds out whether they agree.
 *
 * Energy in Wh, rates in 1e-8 CNY/kWh, so every product is whole 1e-11 CNY.
 */
import { rateE8PerTick } from '../base/units.ts'
import type { Chart } from './chart.ts'
import type { Ledger } from './ledger.ts'

/** What a kWh on an ordinary contract costs, and what the price is made of. Columns run over rate slots. */
export interface ContractRates {
  readonly purchase: 'agencyPurchase' | 'retailers'
  /** the billed price */
  readonly fullE8: Float64Array
  /** its parts, which sum to it */
  readonly energyE8: Float64Array
  readonly lineLossE8: Float64Array
  readonly systemE8: Float64Array
  readonly tdE8: Float64Array
  readonly fundsE8: Float64Array
  readonly timeOfUseE8: Float64Array
}

/**
 * The receiving side of energy bought on ordinary contracts of one kind (agency purchase 代理购电, or a retailer). The
 * buyers post what they are billed, each for itself.
 */
export function postContractReceipts(
  ledger: Ledger,
  chart: Chart,
  rates: ContractRates,
  slot: number,
  energyWh: number,
): void {
  ledger.postEnergy(chart[rates.purchase], energyWh, rates.energyE8[slot]!)
  ledger.postEnergy(chart.lineLoss, energyWh, rates.lineLossE8[slot]!)
  ledger.postEnergy(chart.systemOperation, energyWh, rates.systemE8[slot]!)
  ledger.postEnergy(chart.tAndD, energyWh, rates.tdE8[slot]!)
  ledger.postEnergy(chart.governmentFunds, energyWh, rates.fundsE8[slot]!)
  ledger.postEnergy(chart.timeOfUse, energyWh, rates.timeOfUseE8[slot]!)
}

/**
 * The purchasing account fetches the energy from outside the zone; the feed-in account brings its energy there.
 *
 * @param entries how many purchases or sales the energy is the sum of
 */
export function postUpstream(
  ledger: Ledger,
  chart: Chart,
  purchaser: number,
  energyWh: number,
  priceE8: number,
  entries = 1,
): void {
  ledger.postEnergy(purchaser, -energyWh, priceE8, entries)
  ledger.postEnergy(chart.upstream, energyWh, priceE8, entries)
}

/**
 * The paying side of energy fed in at the sellers' outside price: the purchaser pays the reference price, the mechanism
 * (机制电价差价) the difference, which may be negative. The sellers post what they receive, each for itself.
 *
 * @param entries how many sellers the energy is from
 */
export function postFeedIn(
  ledger: Ledger,
  chart: Chart,
  energyWh: number,
  price: { readonly outsideE8: number; readonly referenceE8: number },
  entries: number,
): void {
  ledger.postEnergy(chart.feedInPurchase, -energyWh, price.referenceE8, entries)
  ledger.postEnergy(chart.mechanismDifference, energyWh, price.referenceE8 - price.outsideE8, entries)
}

/** Fees that a traded kWh still bears beside its price, each with the account it goes to. */
export interface Adders {
  /** 0 where the switch says a traded kWh does not pay it */
  readonly lineLossE8: number
  readonly systemE8: number
  readonly fundsE8: number
}

/** One settled pair, prices in ticks: what the seller gets, what the buyer pays including the path's fee, and the fees. */
export interface SettledPair {
  readonly energyWh: number
  readonly sellerTicks: number
  readonly buyerTicks: number
  readonly pathFeeTicks: number
  /** fee on the buyer's own connection */
  readonly withdrawalTicks: number
}

/** Congestion rent: what the path's fee leaves of the gap between what buyer and seller see. */
export function rentTicksOf(pair: SettledPair): number {
  return pair.buyerTicks - pair.sellerTicks - pair.pathFeeTicks
}

/** The two sides of a traded kWh: the buyer pays price, wheeling (过网费) and adders, the seller receives its price. */
export function postTrade(
  ledger: Ledger,
  sides: { readonly seller: number; readonly buyer: number },
  pair: SettledPair,
  adders: Adders,
): void {
  const { energyWh } = pair
  const priceE8 = (pair.buyerTicks + pair.withdrawalTicks) * rateE8PerTick
  ledger.post(sides.buyer, -energyWh * (priceE8 + adders.lineLossE8 + adders.systemE8 + adders.fundsE8))
  ledger.post(sides.seller, energyWh * pair.sellerTicks * rateE8PerTick)
}

/** What an interval's pairs pay beside their sellers. */
export interface TradeFees {
  /** fees of paths and of the buyers' own connections [Wh·tick] */
  readonly wheelingTickWh: number
  /** congestion rent [Wh·tick] */
  readonly rentTickWh: number
  /** energy that bears the adders [Wh] */
  readonly bearingWh: number
  readonly pairs: number
}

/** The receiving side of what the pairs of an interval pay beside their sellers. */
export function postTradeFees(ledger: Ledger, chart: Chart, fees: TradeFees, adders: Adders): void {
  ledger.postEnergy(chart.tAndD, fees.wheelingTickWh, rateE8PerTick, fees.pairs)
  ledger.postEnergy(chart.marketSurplus, fees.rentTickWh, rateE8PerTick, fees.pairs)
  postAdders(ledger, chart, fees.bearingWh, adders, fees.pairs)
}

/**
 * The receiving side of the adders alone; whoever bears them posts the payment.
 *
 * @param entries how many purchases the energy is the sum of
 */
export function postAdders(
  ledger: Ledger,
  chart: Chart,
  energyWh: number,
  adders: Adders,
  entries = 1,
): void {
  ledger.postEnergy(chart.lineLoss, energyWh, adders.lineLossE8, entries)
  ledger.postEnergy(chart.systemOperation, energyWh, adders.systemE8, entries)
  ledger.postEnergy(chart.governmentFunds, energyWh, adders.fundsE8, entries)
}

/** Money that simply changes hands: behind-meter payments, deviation charges, wear. */
export function postPayment(ledger: Ledger, from: number, to: number, amountE11: number): void {
  ledger.post(from, -amountE11)
  ledger.post(to, amountE11)
}

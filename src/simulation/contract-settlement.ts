/**
 * What was not traded, all of it in a year without the market: the rest of each purchase runs on the buyer's ordinary
 * contract, the rest of each sale is fed in at the seller's outside price. Everybody posts its own money; those who receive a
 * buyer's or pay a seller's get the sum once per kind of price.
 */
import { addTo } from '../base/columns.ts'
import { postContractReceipts, postFeedIn, postUpstream } from '../settlement/postings.ts'
import type { Moment } from './moment.ts'
import type { Readings } from './readings.ts'
import type { RunState } from './run-state.ts'
import type { Seller } from './world.ts'

/** What of an interval was traded, by participant [Wh]. */
export interface Traded {
  readonly boughtWh: Float64Array
  readonly soldWh: Float64Array
  /** what each seller does not send out, since it earns too little outside; filled by {@link ContractSettlement.settle} */
  readonly turnedDownWh: Float64Array
}

export class ContractSettlement {
  readonly #purchases: ContractPurchases
  readonly #feedIns: FeedIns

  /** @param priced what a seller gets: its outside price, or that of what a market leaves over */
  constructor(state: RunState, priced: 'outside' | 'leftover') {
    this.#purchases = new ContractPurchases(state)
    this.#feedIns = new FeedIns(state, priced)
  }

  /** Returns the participants' net consumption, traded or not, batteries apart. [Wh] */
  settle(traded: Traded, moment: Moment, readings: Readings): number {
    const consumedWh = this.#purchases.settle(traded.boughtWh, moment, readings.boughtWh)
    return consumedWh - this.#feedIns.settle(traded, moment, readings.sentWh)
  }
}

class ContractPurchases {
  readonly #state: RunState
  readonly #accounts: Int32Array
  readonly #rateClass: Uint16Array
  /** billed price, `slot · buyers + buyer` [1e-8 CNY/kWh] */
  readonly #priceE8: Float64Array
  /** of the interval: what each buyer pays, and the energy by kind of customer */
  readonly #paymentE11: Float64Array
  readonly #classWh: Float64Array

  constructor(state: RunState) {
    const { buyers, slots, rateClasses } = state.world
    this.#state = state
    this.#accounts = Int32Array.from(buyers, ({ account }) => account)
    this.#rateClass = Uint16Array.from(buyers, ({ rateClass }) => rateClass)
    this.#priceE8 = new Float64Array(slots.slots * buyers.length)
    for (let slot = 0; slot < slots.slots; slot++) {
      buyers.forEach(({ rates }, who) => (this.#priceE8[slot * buyers.length + who] = rates.fullE8[slot]!))
    }
    this.#paymentE11 = new Float64Array(buyers.length)
    this.#classWh = new Float64Array(rateClasses.length)
  }

  settle(tradedWh: Float64Array, moment: Moment, meteredWh: Int32Array): number {
    const { contractWh, ledger } = this.#state
    const rateClass = this.#rateClass
    const priceE8 = this.#priceE8
    const paymentE11 = this.#paymentE11
    const classWh = this.#classWh
    const first = moment.slot * meteredWh.length
    let sumWh = 0
    for (let who = 0; who < meteredWh.length; who++) {
      const restWh = Math.max(0, meteredWh[who]! - tradedWh[who]!)
      paymentE11[who] = -restWh * priceE8[first + who]!
      addTo(classWh, rateClass[who]!, restWh)
      addTo(contractWh, first + who, restWh)
      sumWh += meteredWh[who]!
    }
    ledger.postEach(this.#accounts, paymentE11)
    this.#postReceipts(moment)
    return sumWh
  }

  #postReceipts({ interval, slot }: Moment): void {
    const { ledger, world } = this.#state
    const { chart, rateClasses, upstreamE8 } = world
    const classWh = this.#classWh
    for (let kind = 0; kind < classWh.length; kind++) {
      const energyWh = classWh[kind]!
      if (energyWh === 0) continue
      classWh[kind] = 0
      const rates = rateClasses[kind]!
      postContractReceipts(ledger, chart, rates, slot, energyWh)
      postUpstream(ledger, chart, chart[rates.purchase], energyWh, upstreamE8[interval]!)
    }
  }
}

/** Outside and reference price of sellers on the same terms, by interval [1e-8 CNY/kWh]. */
interface Terms {
  readonly outsideE8: Float64Array
  readonly referenceE8: Float64Array
}

class FeedIns {
  readonly #state: RunState
  readonly #accounts: Int32Array
  readonly #terms: readonly Terms[]
  /** by seller, index into the terms */
  readonly #termsOf: Uint16Array
  /** of the interval, by terms: outside price, energy, number of sellers */
  readonly #priceE8: Float64Array
  readonly #termsWh: Float64Array
  readonly #sellersOf: Int32Array
  readonly #receiptE11: Float64Array
  /** least price at which each seller feeds in */
  readonly #curtailBelowE8: Float64Array

  constructor(state: RunState, priced: 'outside' | 'leftover') {
    const { sellers } = state
    const terms: Terms[] = []
    this.#state = state
    this.#accounts = Int32Array.from(sellers, ({ account }) => account)
    this.#termsOf = Uint16Array.from(sellers, (seller) => indexOfTerms(terms, termsOf(seller, priced)))
    this.#terms = terms
    this.#priceE8 = new Float64Array(terms.length)
    this.#termsWh = new Float64Array(terms.length)
    this.#sellersOf = new Int32Array(terms.length)
    this.#receiptE11 = new Float64Array(sellers.length)
    this.#curtailBelowE8 = Float64Array.from(sellers, (seller) => seller.curtailBelowE8)
  }

  /** Returns what was sent out, traded or not. [Wh] */
  settle({ soldWh, turnedDownWh }: Traded, moment: Moment, meteredWh: Int32Array): number {
    const { fedInWh, fedInE11, curtailedWh, months, ledger } = this.#state
    const priceE8 = this.#priceE8
    const termsOf = this.#termsOf
    const receiptE11 = this.#receiptE11
    const curtailBelowE8 = this.#curtailBelowE8
    const { interval, month } = moment
    turnedDownWh.fill(0)
    for (let terms = 0; terms < priceE8.length; terms++)
      priceE8[terms] = this.#terms[terms]!.outsideE8[interval]!
    let sumWh = 0
    for (let who = 0; who < meteredWh.length; who++) {
      const restWh = meteredWh[who]! - soldWh[who]!
      sumWh += meteredWh[who]!
      receiptE11[who] = 0
      if (restWh <= 0) continue
      const terms = termsOf[who]!
      if (priceE8[terms]! < curtailBelowE8[who]!) {
        turnedDownWh[who] = restWh
        sumWh -= restWh
        addTo(curtailedWh, who * months + month, restWh)
        continue
      }
      receiptE11[who] = restWh * priceE8[terms]!
      addTo(this.#termsWh, terms, restWh)
      this.#sellersOf[terms] = this.#sellersOf[terms]! + 1
      addTo(fedInWh, who * months + month, restWh)
      fedInE11.add(who * months + month, receiptE11[who]!)
    }
    ledger.postEach(this.#accounts, receiptE11)
    this.#postPayments(interval)
    return sumWh
  }

  #postPayments(interval: number): void {
    const { ledger, world } = this.#state
    const { chart, upstreamE8 } = world
    for (let terms = 0; terms < this.#terms.length; terms++) {
      const energyWh = this.#termsWh[terms]!
      if (energyWh === 0) continue
      const sellers = this.#sellersOf[terms]!
      const price = {
        outsideE8: this.#priceE8[terms]!,
        referenceE8: this.#terms[terms]!.referenceE8[interval]!,
      }
      postFeedIn(ledger, chart, energyWh, price, sellers)
      postUpstream(ledger, chart, chart.feedInPurchase, -energyWh, upstreamE8[interval]!, sellers)
      this.#termsWh[terms] = 0
      this.#sellersOf[terms] = 0
    }
  }
}

function termsOf(seller: Seller, priced: 'outside' | 'leftover'): Terms {
  return priced === 'outside'
    ? { outsideE8: seller.outsideE8, referenceE8: seller.referenceE8 }
    : { outsideE8: seller.leftoverOutsideE8, referenceE8: seller.leftoverReferenceE8 }
}

/** Sellers on the same terms share their columns, so the same arrays are the same terms. */
function indexOfTerms(known: Terms[], { outsideE8, referenceE8 }: Terms): number {
  const found = known.findIndex((each) => each.outsideE8 === outsideE8 && each.referenceE8 === referenceE8)
  return found >= 0 ? found : known.push({ outsideE8, referenceE8 }) - 1
}

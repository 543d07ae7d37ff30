/** One call auction after the other on a zone's grid: clear, prove, pair, price. */
import type { Network } from '../grid/network.ts'
import { BrokenProof } from '../market/broken-proof.ts'
import { ClearingEngine } from '../market/clear.ts'
import { Pairing } from '../market/pairs.ts'
import { busPrices } from '../market/prices.ts'
import { priceRules } from '../market/pricing/index.ts'
import type { Zone } from '../scenario/zone.ts'
import { makeOrderRows, type OrderRows } from './order-rows.ts'
import type { Outcome } from './outcome.ts'

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

/** What of a zone an auction wants to know: its rules, and what its buses are called. */
export interface AuctionTerms {
  readonly market: Zone['market']
  readonly buses: readonly { readonly id: string }[]
}

export class Auction {
  readonly #zone: AuctionTerms
  readonly #network: Network
  readonly #engine: ClearingEngine
  readonly #pairing: Pairing
  readonly #nothing: Pick<Outcome, 'clearing' | 'pairs'>
  readonly #outcome: Writable<Outcome>

  /**
   * @param network its fees may change between two auctions
   * @param rowsMax most orders in one auction
   */
  constructor(zone: AuctionTerms, network: Network, rowsMax: number) {
    this.#zone = zone
    this.#network = network
    this.#engine = new ClearingEngine(network)
    this.#pairing = new Pairing(network)
    this.#nothing = nothingTraded(network.busCount, rowsMax)
    this.#outcome = {
      rows: makeOrderRows(0),
      isHeld: false,
      welfareTickWh: 0n,
      ...this.#nothing,
      busTicks: new Float64Array(network.busCount),
      sellerTicks: new Float64Array(rowsMax),
      buyerTicks: new Float64Array(rowsMax),
    }
  }

  /**
   * Decides on the orders of an interval. The outcome is filled anew at the next call; `keepOutcome` copies it.
   *
   * @throws BrokenProof when the clearing is not proved optimal
   */
  hold(rows: OrderRows, interval: number): Outcome {
    const outcome = this.#outcome
    outcome.rows = rows
    outcome.isHeld = rows.sells > 0
    if (outcome.isHeld) this.#decide(outcome, interval)
    else Object.assign(outcome, this.#nothing, { welfareTickWh: 0n })
    return outcome
  }

  #decide(outcome: Writable<Outcome>, interval: number): void {
    const network = this.#network
    const { book } = outcome.rows
    const { rule, kNumerator, floorTicks, capTicks } = this.#zone.market
    const clearing = this.#engine.clear(book)
    busPrices(network, clearing, { floorTicks, capTicks, kNumerator }, outcome.busTicks)
    outcome.welfareTickWh = this.#provedWelfare(outcome, interval)
    const pairs = this.#pairing.pair(book, clearing)
    outcome.clearing = clearing
    outcome.pairs = pairs
    priceRules[rule]({ network, book, pairs, busPriceTicks: outcome.busTicks, kNumerator }, outcome)
  }

  /** Welfare equal to the dual bound proves the clearing optimal; anything else is our own mistake. */
  #provedWelfare({ rows, busTicks }: Outcome, interval: number): bigint {
    const certificate = this.#engine.certificate(busTicks)
    if (certificate.welfare === certificate.dualBound) return certificate.welfare
    const { market, buses } = this.#zone
    const unproved = {
      network: this.#network,
      book: rows.book,
      range: market,
      rule: market.rule,
      busIds: buses.map(({ id }) => id),
    }
    throw new BrokenProof(`interval ${interval}`, unproved, certificate)
  }
}

function nothingTraded(busCount: number, rowsMax: number): Pick<Outcome, 'clearing' | 'pairs'> {
  return {
    clearing: {
      acceptedWh: new Float64Array(rowsMax),
      flowUpWh: new Float64Array(busCount),
      priceLowTicks: new Float64Array(busCount).fill(-Infinity),
      priceHighTicks: new Float64Array(busCount).fill(Infinity),
      traded: new Uint8Array(busCount),
      volumeWh: 0,
    },
    pairs: {
      count: 0,
      sell: new Int32Array(0),
      buy: new Int32Array(0),
      quantityWh: new Float64Array(0),
      pathFeeTicks: new Float64Array(0),
    },
  }
}

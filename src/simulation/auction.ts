/** One call auction after the other on a zone's grid: clear, prove, pair, price. */
import type { Network } from '../grid/network.ts'
import { BrokenProof } from '../market/broken-proof.ts'
import { ClearingEngine, type Clearing } from '../market/clear.ts'
import { Pairing, type Pairs } from '../market/pairs.ts'
import { busPrices } from '../market/prices.ts'
import { priceRules } from '../market/pricing/index.ts'
import type { Zone } from '../scenario/zone.ts'
import type { OrderRows } from './order-rows.ts'
import type { Outcome } from './outcome.ts'

export class Auction {
  readonly #zone: Zone
  readonly #network: Network
  readonly #engine: ClearingEngine
  readonly #pairing: Pairing
  readonly #busTicks: Float64Array
  readonly #sellerTicks: Float64Array
  readonly #buyerTicks: Float64Array
  readonly #nothing: { readonly clearing: Clearing; readonly pairs: Pairs }

  /**
   * @param network its fees may change between two auctions
   * @param rowsMax most orders in one auction
   */
  constructor(zone: Zone, network: Network, rowsMax: number) {
    this.#zone = zone
    this.#network = network
    this.#engine = new ClearingEngine(network)
    this.#pairing = new Pairing(network)
    this.#busTicks = new Float64Array(network.busCount)
    this.#sellerTicks = new Float64Array(rowsMax)
    this.#buyerTicks = new Float64Array(rowsMax)
    this.#nothing = nothingTraded(network.busCount, rowsMax)
  }

  /**
   * Decides on the orders of an interval. Arrays of the outcome are filled anew at the next call; `keepOutcome` copies them.
   *
   * @throws BrokenProof when the clearing is not proved optimal
   */
  hold(rows: OrderRows, interval: number): Outcome {
    const prices = { busTicks: this.#busTicks, sellerTicks: this.#sellerTicks, buyerTicks: this.#buyerTicks }
    if (rows.sells === 0) return { rows, isHeld: false, ...this.#nothing, ...prices }
    const network = this.#network
    const { book } = rows
    const { rule, kNumerator, floorTicks, capTicks } = this.#zone.market
    const clearing = this.#engine.clear(book)
    busPrices(network, clearing, { floorTicks, capTicks, kNumerator }, this.#busTicks)
    this.#prove(rows, interval)
    const pairs = this.#pairing.pair(book, clearing)
    priceRules[rule]({ network, book, pairs, busPriceTicks: this.#busTicks, kNumerator }, prices)
    return { rows, isHeld: true, clearing, pairs, ...prices }
  }

  /** Welfare equal to the dual bound proves the clearing optimal; anything else is our own mistake. */
  #prove({ book }: OrderRows, interval: number): void {
    if (this.#engine.isProved(this.#busTicks)) return
    const { market, buses } = this.#zone
    const unproved = {
      network: this.#network,
      book,
      range: market,
      rule: market.rule,
      busIds: buses.map(({ id }) => id),
    }
    throw new BrokenProof(`interval ${interval}`, unproved, this.#engine.certificate(this.#busTicks))
  }
}

function nothingTraded(busCount: number, rowsMax: number): { clearing: Clearing; pairs: Pairs } {
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

/**
 * The participants of a zone who decide on their limits anew every interval: asked after orders stand at their truthful limits, told
 * what became of their own orders. Where there are none nothing of this runs.
 */
import type { Zone } from '../scenario/zone.ts'
import { openBidder, type Bidder, type Side, type Strategy } from '../strategy/bidding/index.ts'
import { enterpriseRow, sellerRow, type OrderRows } from './order-rows.ts'
import type { Outcome } from './outcome.ts'
import { unitOfSeller } from './own-orders.ts'
import type { Seller } from './world.ts'

/** What of an outcome is told to the owners of its orders. */
export type HeardOutcome = Pick<Outcome, 'rows' | 'clearing' | 'pairs' | 'sellerTicks' | 'buyerTicks'>

export class Bidders {
  /** by kind of row, then by participant of the kind */
  readonly #byKind: readonly (readonly (Bidder | null)[])[]
  readonly #learns: boolean
  #valueTickWh = new Float64Array(0)

  /** @returns null where limits stand by values alone */
  static open(zone: Zone, sellers: readonly Seller[]): Bidders | null {
    const bidders = new Bidders(zone, sellers)
    return bidders.#all.length > 0 ? bidders : null
  }

  private constructor(zone: Zone, sellers: readonly Seller[]) {
    const { floorTicks, capTicks } = zone.market
    const open = ({ strategy, id }: { readonly strategy: Strategy; readonly id: string }, side: Side) =>
      openBidder(strategy, { id, seed: zone.seed, side, floorTicks, capTicks })
    const byKind: (Bidder | null)[][] = []
    byKind[enterpriseRow] = zone.enterprises.map((enterprise) => open(enterprise, 0))
    byKind[sellerRow] = sellers.map((seller) => open(unitOfSeller(zone, seller), 1))
    this.#byKind = byKind
    this.#learns = this.#all.some(({ memory }) => memory !== undefined)
  }

  get #all(): Bidder[] {
    return this.#byKind.flat().filter((bidder) => bidder !== null)
  }

  /** Replaces the truthful limits of their rows, from a row on, by what they bid. */
  bid(rows: OrderRows, first: number, interval: number): void {
    const { count, limitTicks } = rows.book
    for (let row = first; row < count; row++) {
      const bidder = this.#of(rows, row)
      if (bidder) limitTicks[row] = bidder.limitTicks(limitTicks[row]!, interval)
    }
  }

  /**
   * Tells everybody what became of its own order.
   *
   * @param isOwn whether a row was placed by its bidder; all are unless somebody else may place orders
   */
  hear(outcome: HeardOutcome, interval: number, isOwn: (row: number) => boolean = () => true): void {
    if (!this.#learns) return
    const { rows, clearing } = outcome
    const { book } = rows
    const valueTickWh = this.#paid(outcome)
    for (let row = 0; row < book.count; row++) {
      const bidder = this.#of(rows, row)
      if (!bidder?.learn || book.quantityWh[row] === 0 || !isOwn(row)) continue
      const acceptedWh = clearing.acceptedWh[row]!
      const own = {
        limitTicks: book.limitTicks[row]!,
        quantityWh: book.quantityWh[row]!,
        acceptedWh,
        priceTicks: valueTickWh[row]! / acceptedWh,
      }
      bidder.learn(own, interval)
    }
  }

  /** All that they have learned, one after the other. */
  get memory(): Float64Array {
    const memories = this.#all.map(({ memory }) => memory ?? new Float64Array(0))
    const all = new Float64Array(memories.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const each of memories) {
      all.set(each, at)
      at += each.length
    }
    return all
  }

  set memory(all: Float64Array) {
    let at = 0
    for (const { memory } of this.#all) {
      if (!memory) continue
      memory.set(all.subarray(at, at + memory.length))
      at += memory.length
    }
  }

  #of({ kind, who }: OrderRows, row: number): Bidder | null | undefined {
    return this.#byKind[kind[row]!]?.[who[row]!]
  }

  /** What the orders of an outcome paid or received, by row; filled anew at the next call [tick · Wh]. */
  #paid({ rows, pairs, sellerTicks, buyerTicks }: HeardOutcome): Float64Array {
    const { count } = rows.book
    if (this.#valueTickWh.length < count) this.#valueTickWh = new Float64Array(2 * count)
    const sums = this.#valueTickWh.fill(0, 0, count)
    for (let pair = 0; pair < pairs.count; pair++) {
      const energyWh = pairs.quantityWh[pair]!
      const [sell, buy] = [pairs.sell[pair]!, pairs.buy[pair]!]
      sums[sell] = sums[sell]! + energyWh * sellerTicks[pair]!
      sums[buy] = sums[buy]! + energyWh * buyerTicks[pair]!
    }
    return sums
  }
}

/**
 * Who of the orders tied at a bus's margin is accepted with how much: in proportion to size, by largest remainder. A child
 * arc claims as one, for what its part of the step weighs, ranked by the smallest sequence number in it; what it gets it
 * shares in the same way. Shares are nested.
 */
import type { Orders } from '../book.ts'
import { ProRata } from '../share-pro-rata.ts'
import type { OpenOrders } from './open-orders.ts'
import { SubtreeRank } from './subtree-rank.ts'
import type { MarginSharing, TreeCurves } from './tree-curves.ts'

export class TieSharing implements MarginSharing {
  #open!: Orders
  #rows: Int32Array | null = null
  #sequence!: Float64Array
  #acceptedWh!: Float64Array
  readonly #tree: TreeCurves
  readonly #orders: OpenOrders
  readonly #claims = new ProRata()
  /** rows of orders as they are, children as −1 − bus; by claim, longer than there are claims */
  readonly #claimants: number[] = []
  readonly #ranks: SubtreeRank

  constructor(tree: TreeCurves, orders: OpenOrders) {
    this.#tree = tree
    this.#orders = orders
    this.#ranks = new SubtreeRank(tree, (bus, key) => this.#smallestOwn(bus, key))
  }

  /**
   * @param open the orders that are cleared as they are
   * @param rows where they stand in the book, null for the book itself
   * @param sequence the book's sequence numbers
   * @param acceptedWh is told what the tied ones of `open` get
   */
  begin(open: Orders, rows: Int32Array | null, sequence: Float64Array, acceptedWh: Float64Array): void {
    this.#open = open
    this.#rows = rows
    this.#sequence = sequence
    this.#acceptedWh = acceptedWh
    this.#ranks.begin()
  }

  share(bus: number, key: number, onWh: number, groupWh: number): void {
    const claims = this.#claims
    claims.begin()
    if (this.#tree.ownTied[bus] === 1) this.#claimOwn(bus, key)
    this.#claimChildren(bus)
    // Of sells the part that is on is accepted, of buys the part that is not yet off.
    // Even keys are sells; a remainder of doubles is a call.
    const sells = key === 2 * Math.floor(key / 2)
    const wantedWh = sells ? onWh : groupWh - onWh
    // A hidden step at the margin has nobody to claim; then the clearing is done again without hiding.
    const sharedWh = Math.min(wantedWh, claims.totalWh)
    if (sharedWh < claims.totalWh && claims.count > 1) this.#rankChildren()
    claims.share(sharedWh)
    for (let claim = 0; claim < claims.count; claim++) {
      const claimant = this.#claimants[claim]!
      const shareWh = claims.shareWh[claim]!
      if (claimant >= 0) this.#acceptedWh[claimant] = shareWh
      else this.#switch(-1 - claimant, sells ? shareWh : claims.weightWh[claim]! - shareWh)
    }
  }

  #claimOwn(bus: number, key: number): void {
    const { row, key: keys, start } = this.#orders
    for (let at = this.#firstAt(bus, key); at < start[bus + 1]! && keys[at] === key; at++) {
      const order = row[at]!
      this.#claimants[this.#claims.count] = order
      this.#claims.add(this.#open.quantityWh[order]!, this.#sequenceOf(order))
    }
  }

  #claimChildren(bus: number): void {
    const { children, weightWh } = this.#tree
    for (let at = children.start[bus]!; at < children.start[bus + 1]!; at++) {
      const below = children.child[at]!
      if (weightWh[below] === 0) continue
      this.#claimants[this.#claims.count] = -1 - below
      this.#claims.add(weightWh[below]!, 0)
    }
  }

  /** Children's ranks are looked for only where they may decide. */
  #rankChildren(): void {
    const { count, rank } = this.#claims
    for (let claim = count - 1; claim >= 0 && this.#claimants[claim]! < 0; claim--) {
      rank[claim] = this.#ranks.of(-1 - this.#claimants[claim]!)
    }
  }

  #switch(child: number, energyWh: number): void {
    const { flowUpWh } = this.#tree
    flowUpWh[child] = flowUpWh[child]! + energyWh
  }

  #smallestOwn(bus: number, key: number): number {
    const { row, key: keys, start } = this.#orders
    let smallest = Infinity
    for (let at = this.#firstAt(bus, key); at < start[bus + 1]! && keys[at] === key; at++) {
      smallest = Math.min(smallest, this.#sequenceOf(row[at]!))
    }
    return smallest
  }

  #sequenceOf(order: number): number {
    return this.#sequence[this.#rows ? this.#rows[order]! : order]!
  }

  /** Where the first open order of a bus with at least this key stands. */
  #firstAt(bus: number, key: number): number {
    const { key: keys, start } = this.#orders
    let low = start[bus]!
    let high = start[bus + 1]!
    while (low < high) {
      const middle = (low + high) >> 1
      if (keys[middle]! < key) low = middle + 1
      else high = middle
    }
    return low
  }
}

/**
 * The rank of an arc among the claimants of a tie: the smallest sequence number of the orders below it that stand in its
 * parent's step. What is found for an arc is kept for all arcs below it, since their buses may have to share next.
 */
import type { TreeCurves } from './tree-curves.ts'

export class SubtreeRank {
  readonly #tree: TreeCurves
  /** smallest sequence number of a bus's own open orders with a key, ∞ if there are none */
  readonly #ownSmallest: (bus: number, key: number) => number
  readonly #rank: Float64Array
  /** the key, as the parent sees it, for which a bus's rank is known, NaN where none is */
  readonly #knownKey: Float64Array
  // Buses to look at, in the order in which they were found, with the key their parent sees.
  readonly #bus: Int32Array
  readonly #key: Float64Array

  constructor(tree: TreeCurves, ownSmallest: (bus: number, key: number) => number) {
    const buses = tree.network.busCount
    this.#tree = tree
    this.#ownSmallest = ownSmallest
    this.#rank = new Float64Array(buses)
    this.#knownKey = new Float64Array(buses)
    this.#bus = new Int32Array(buses)
    this.#key = new Float64Array(buses)
  }

  /** Forgets what is known of the last clearing. */
  begin(): void {
    this.#knownKey.fill(NaN)
  }

  /** @param key the step as the parent of `child` sees it */
  of(child: number, key: number): number {
    if (this.#knownKey[child] !== key) this.#find(child, key)
    return this.#rank[child]!
  }

  #find(top: number, key: number): void {
    const tree = this.#tree
    const { feeUpTicks, feeDownTicks, parent } = tree.network
    this.#bus[0] = top
    this.#key[0] = key
    let found = 1
    for (let at = 0; at < found; at++) {
      const bus = this.#bus[at]!
      const above = this.#key[at]!
      if (this.#knownKey[bus] === above) continue
      this.#knownKey[bus] = above
      this.#rank[bus] = Infinity
      const before = tree.flowAt(bus, above, false)
      if (tree.flowAt(bus, above, true) === before) continue
      // What flows in is seen from above at a key lower by feeDown, what flows out at one higher by feeUp.
      const own = before < 0 ? above + 2 * feeDownTicks[bus]! : above - 2 * feeUpTicks[bus]!
      this.#rank[bus] = this.#ownSmallest(bus, own)
      for (let next = tree.childStart[bus]!; next < tree.childStart[bus + 1]!; next++) {
        this.#bus[found] = tree.child[next]!
        this.#key[found] = own
        found++
      }
    }
    for (let at = found - 1; at > 0; at--) {
      const bus = this.#bus[at]!
      const above = parent[bus]!
      this.#rank[above] = Math.min(this.#rank[above]!, this.#rank[bus]!)
    }
  }
}

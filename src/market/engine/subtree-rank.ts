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
  readonly #known: Uint8Array
  /** buses to look at, in the order in which they were found */
  readonly #found: Int32Array

  constructor(tree: TreeCurves, ownSmallest: (bus: number, key: number) => number) {
    const buses = tree.network.busCount
    this.#tree = tree
    this.#ownSmallest = ownSmallest
    this.#rank = new Float64Array(buses)
    this.#known = new Uint8Array(buses)
    this.#found = new Int32Array(buses)
  }

  /** Forgets what is known of the last clearing. */
  begin(): void {
    this.#known.fill(0)
  }

  /** @param child brings a part of its parent's marginal step */
  of(child: number): number {
    if (this.#known[child] === 0) this.#find(child)
    return this.#rank[child]!
  }

  #find(top: number): void {
    const { children, marginKey, weightWh, network } = this.#tree
    const queue = this.#found
    queue[0] = top
    let found = 1
    for (let at = 0; at < found; at++) {
      const bus = queue[at]!
      if (this.#known[bus] === 1) continue
      this.#known[bus] = 1
      this.#rank[bus] = Infinity
      if (weightWh[bus] === 0) continue
      this.#rank[bus] = this.#ownSmallest(bus, marginKey[bus]!)
      for (let next = children.start[bus]!; next < children.start[bus + 1]!; next++) {
        queue[found++] = children.child[next]!
      }
    }
    for (let at = found - 1; at > 0; at--) {
      const bus = queue[at]!
      const above = network.parent[bus]!
      this.#rank[above] = Math.min(this.#rank[above]!, this.#rank[bus]!)
    }
  }
}

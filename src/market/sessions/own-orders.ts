/**
 * An owner's best limit on each bus and side, so that nobody is matched with itself: an order that crosses one of its
 * owner's own, net of the path's fees, is refused, whether or not it would have come to that. Then no two orders of one
 * owner ever cross, neither here nor in the auction that follows.
 *
 * Each account (one owner, one side of one bus) keeps its orders in a pairing heap: adding takes one comparison, removing
 * O(log n) on average over all removals. Source: Fredman, Sedgewick, Sleator, Tarjan 1986, doi:10.1007/BF01840439.
 */
import { assert } from '../../base/errors.ts'
import { grown } from '../grown.ts'
import type { TreePaths } from './tree-paths.ts'

/** Columns grow with the largest row of an owner; more are a mistake. */
const mostOwners = 2 ** 22

export class OwnOrders {
  readonly #paths: TreePaths
  #firstAccount = new Int32Array(64).fill(-1)
  // Accounts, in a list per owner.
  #bus = new Int32Array(64)
  #side = new Uint8Array(64)
  #best = new Int32Array(64)
  #nextAccount = new Int32Array(64)
  #accounts = 0
  // Orders: the heap they are in. `before` is the sibling on the left, or the parent of a first child.
  #cost = new Int32Array(0)
  #account = new Int32Array(0)
  #child = new Int32Array(0)
  #sibling = new Int32Array(0)
  #before = new Int32Array(0)

  constructor(paths: TreePaths) {
    this.#paths = paths
  }

  /** Makes room for so many rows of orders. */
  reserve(rows: number): void {
    if (rows <= this.#cost.length) return
    this.#cost = grown(this.#cost, rows)
    this.#account = grown(this.#account, rows)
    this.#child = grown(this.#child, rows)
    this.#sibling = grown(this.#sibling, rows)
    this.#before = grown(this.#before, rows)
  }

  /**
   * The owner's best order on a bus of the other side that an order at `cost` would cross, -1 where there is none.
   *
   * @param cost the limit of a sell, minus the limit of a buy [ticks]
   */
  crossed(owner: number, bus: number, side: number, cost: number): number {
    if (owner >= this.#firstAccount.length) return -1
    for (let at = this.#firstAccount[owner]!; at !== -1; at = this.#nextAccount[at]!) {
      const best = this.#best[at]!
      if (best === -1 || this.#side[at] === side) continue
      const fee =
        side === 1 ? this.#paths.feeTicks(bus, this.#bus[at]!) : this.#paths.feeTicks(this.#bus[at]!, bus)
      if (cost + this.#cost[best]! + fee <= 0) return best
    }
    return -1
  }

  add(row: number, owner: number, bus: number, side: number, cost: number): void {
    const account = this.#accountOf(owner, bus, side)
    this.#cost[row] = cost
    this.#account[row] = account
    this.#child[row] = -1
    this.#best[account] = this.#meld(this.#best[account]!, row)
  }

  remove(row: number): void {
    const account = this.#account[row]!
    const below = this.#meldSiblings(this.#child[row]!)
    if (this.#best[account] === row) {
      this.#best[account] = below
      return
    }
    this.#cut(row)
    if (below !== -1) this.#best[account] = this.#meld(this.#best[account]!, below)
  }

  /** Two heaps as one; either may be empty, -1. */
  #meld(one: number, other: number): number {
    if (one === -1) return other
    if (other === -1) return one
    return this.#cost[other]! < this.#cost[one]! ? this.#hang(one, other) : this.#hang(other, one)
  }

  #hang(below: number, top: number): number {
    const child = this.#child[top]!
    this.#sibling[below] = child
    this.#before[below] = top
    if (child !== -1) this.#before[child] = below
    this.#child[top] = below
    return top
  }

  /** Takes an order that is not the best out of its siblings. */
  #cut(row: number): void {
    const before = this.#before[row]!
    const sibling = this.#sibling[row]!
    if (this.#child[before] === row) this.#child[before] = sibling
    else this.#sibling[before] = sibling
    if (sibling !== -1) this.#before[sibling] = before
  }

  /** Siblings as one heap: in pairs from the left, then the pairs from the right. */
  #meldSiblings(first: number): number {
    let pairs = -1
    for (let one = first; one !== -1;) {
      const other = this.#sibling[one]!
      const next = other === -1 ? -1 : this.#sibling[other]!
      const pair = this.#meld(one, other)
      this.#sibling[pair] = pairs
      pairs = pair
      one = next
    }
    let heap = -1
    for (let pair = pairs; pair !== -1;) {
      const next = this.#sibling[pair]!
      heap = this.#meld(heap, pair)
      pair = next
    }
    return heap
  }

  #accountOf(owner: number, bus: number, side: number): number {
    if (owner >= this.#firstAccount.length) this.#growOwners(owner)
    let at = this.#firstAccount[owner]!
    while (at !== -1 && (this.#bus[at] !== bus || this.#side[at] !== side)) at = this.#nextAccount[at]!
    return at === -1 ? this.#addAccount(owner, bus, side) : at
  }

  #addAccount(owner: number, bus: number, side: number): number {
    if (this.#accounts === this.#bus.length) {
      this.#bus = grown(this.#bus, this.#accounts * 2)
      this.#side = grown(this.#side, this.#accounts * 2)
      this.#best = grown(this.#best, this.#accounts * 2)
      this.#nextAccount = grown(this.#nextAccount, this.#accounts * 2)
    }
    const account = this.#accounts++
    this.#bus[account] = bus
    this.#side[account] = side
    this.#best[account] = -1
    this.#nextAccount[account] = this.#firstAccount[owner]!
    this.#firstAccount[owner] = account
    return account
  }

  #growOwners(owner: number): void {
    assert(owner < mostOwners, () => `owners are rows below ${mostOwners}, not ${owner}`)
    const length = Math.max(owner + 1, this.#firstAccount.length * 2)
    this.#firstAccount = grown(this.#firstAccount, length, -1)
  }
}

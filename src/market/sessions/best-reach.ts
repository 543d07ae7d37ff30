/**
 * The best resting order of one side that energy can reach from a bus, by price net of path fee, then time.
 *
 * Every order has a cost: the limit of a sell, minus the limit of a buy. An arc adds its fee to the cost of what lies
 * beyond it. Each bus keeps a heap of its own head order and of the best below each of its children, arcs without room
 * left out; so the best in a bus's subtree, as seen there, stands on top of its heap, and a new head changes at most the
 * heaps on its way to the root. Whoever looks for a counterpart climbs from its bus to the root and compares the tops: an
 * order found from higher up than needed costs no less there, as fees are not negative.
 *
 * A change costs O(depth · log children), a search O(depth).
 */
import { sellSide } from '../book.ts'
import type { ArcRoom } from './arc-room.ts'
import type { Direction } from './tree-paths.ts'

export class BestReach {
  readonly #room: ArcRoom
  readonly #buses: number
  readonly #parent: Int32Array
  /** the way of the orders' energy to or from the buses above, and the other way, which the searcher climbs */
  readonly #below: Direction
  readonly #above: Direction
  readonly #belowFee: Float64Array
  readonly #aboveFee: Float64Array
  // Entries: the head order of each bus, then, from #buses on, the best below each bus as its parent sees it.
  readonly #cost: Float64Array
  readonly #sequence: Float64Array
  readonly #place: Int32Array
  /** the heaps of all buses, bus by bus: rows of entries */
  readonly #heap: Int32Array
  readonly #start: Int32Array

  /** @param side of the resting orders */
  constructor(room: ArcRoom, side: number) {
    const { busCount, parent, feeUpTicks, feeDownTicks } = room.network
    const sells = side === sellSide
    this.#room = room
    this.#buses = busCount
    this.#parent = parent
    this.#below = sells ? 'up' : 'down'
    this.#above = sells ? 'down' : 'up'
    this.#belowFee = sells ? feeUpTicks : feeDownTicks
    this.#aboveFee = sells ? feeDownTicks : feeUpTicks
    this.#cost = new Float64Array(2 * busCount).fill(Infinity)
    this.#sequence = new Float64Array(2 * busCount).fill(Infinity)
    this.#place = new Int32Array(2 * busCount)
    this.#heap = new Int32Array(2 * busCount)
    this.#start = new Int32Array(busCount + 1)
    this.#layOut()
    room.onTurn((bus, direction) => {
      if (direction === this.#below) this.#showAbove(bus)
    })
  }

  /** Tells the head order of a bus; a bus without one has cost and sequence Infinity. */
  setHead(bus: number, cost: number, sequence: number): void {
    if (this.#change(bus, bus, cost, sequence)) this.#showAbove(bus)
  }

  /** The bus whose head order costs least at `bus`, the earliest among equals; -1 where all cost more than `most`. */
  find(bus: number, most: number): number {
    let bestCost = Infinity
    let bestSequence = Infinity
    let from = -1
    let fees = 0
    for (let at = bus; ; at = this.#parent[at]!) {
      const top = this.#heap[this.#start[at]!]!
      const cost = this.#cost[top]! + fees
      if (cost < bestCost || (cost === bestCost && this.#sequence[top]! < bestSequence)) {
        bestCost = cost
        bestSequence = this.#sequence[top]!
        from = at
      }
      if (at === 0 || this.#room.leftWh(at, this.#above) === 0) break
      fees += this.#aboveFee[at]!
    }
    return bestCost > most ? -1 : this.#busBelow(from)
  }

  /** The bus of the order on top of a bus's heap. */
  #busBelow(bus: number): number {
    let entry = this.#heap[this.#start[bus]!]!
    while (entry >= this.#buses) entry = this.#heap[this.#start[entry - this.#buses]!]!
    return entry
  }

  /** Carries the top of a bus's heap to the heaps above, as far as it changes anything. */
  #showAbove(from: number): void {
    for (let bus = from; bus !== 0; bus = this.#parent[bus]!) {
      const top = this.#heap[this.#start[bus]!]!
      const open = this.#room.leftWh(bus, this.#below) > 0
      const cost = open ? this.#cost[top]! + this.#belowFee[bus]! : Infinity
      const sequence = open ? this.#sequence[top]! : Infinity
      if (!this.#change(this.#buses + bus, this.#parent[bus]!, cost, sequence)) return
    }
  }

  /** Gives an entry a new rank in the heap of a bus; false where it has it already. */
  #change(entry: number, bus: number, cost: number, sequence: number): boolean {
    if (this.#cost[entry] === cost && this.#sequence[entry] === sequence) return false
    this.#cost[entry] = cost
    this.#sequence[entry] = sequence
    const start = this.#start[bus]!
    if (this.#start[bus + 1]! - start > 1) this.#sift(entry, start, this.#start[bus + 1]!)
    return true
  }

  #sift(entry: number, start: number, end: number): void {
    let at = this.#place[entry]!
    for (let above = start + ((at - start - 1) >> 1); at > start; above = start + ((at - start - 1) >> 1)) {
      const other = this.#heap[above]!
      if (!this.#isBetter(entry, other)) break
      this.#put(other, at)
      at = above
    }
    for (let below = 2 * at - start + 1; below < end; below = 2 * at - start + 1) {
      if (below + 1 < end && this.#isBetter(this.#heap[below + 1]!, this.#heap[below]!)) below++
      const other = this.#heap[below]!
      if (!this.#isBetter(other, entry)) break
      this.#put(other, at)
      at = below
    }
    this.#put(entry, at)
  }

  #isBetter(a: number, b: number): boolean {
    const less = this.#cost[a]! - this.#cost[b]!
    return less < 0 || (this.#cost[a] === this.#cost[b] && this.#sequence[a]! < this.#sequence[b]!)
  }

  #put(entry: number, at: number): void {
    this.#heap[at] = entry
    this.#place[entry] = at
  }

  /** Gives every bus a place in the heaps for its own head order and one for each child. */
  #layOut(): void {
    const start = this.#start
    for (let bus = 0; bus < this.#buses; bus++) start[bus + 1] = 1
    for (let bus = 1; bus < this.#buses; bus++) start[this.#parent[bus]! + 1]! += 1
    for (let bus = 0; bus < this.#buses; bus++) start[bus + 1]! += start[bus]!
    const fill = start.slice()
    for (let bus = 0; bus < this.#buses; bus++) this.#put(bus, fill[bus]!++)
    for (let bus = 1; bus < this.#buses; bus++) this.#put(this.#buses + bus, fill[this.#parent[bus]!]!++)
  }
}

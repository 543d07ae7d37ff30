/**
 * The steps of curves in search trees by key, which are united, cut by energy and moved as a whole in O(log n): treaps, kept
 * about as deep as balanced trees by random priorities from a fixed seed, so that recursion stays shallow. Trees are numbers
 * of their uppermost nodes; 0 is the one without steps.
 */
export class StepTrees {
  #left = new Int32Array(0)
  #right = new Int32Array(0)
  #priority = new Int32Array(0)
  #key = new Float64Array(0)
  #energyWh = new Float64Array(0)
  /** of a node and all below it [Wh] */
  #sumWh = new Float64Array(0)
  /** by how much the keys below a node are yet to be moved */
  #shift = new Float64Array(0)
  #nodes = 1
  #random = 1
  /** what the last split left above */
  #above = 0
  /** the upper part of a step that it parted */
  #parted = 0

  /** Forgets all trees and makes room for so many steps, each one parted being one more. */
  begin(steps: number): void {
    this.#nodes = 1
    this.#random = 1
    if (steps >= this.#key.length) this.#grow(2 * steps)
  }

  sumWh(tree: number): number {
    return this.#sumWh[tree]!
  }

  /** What the last {@link split} left above. */
  get above(): number {
    return this.#above
  }

  /** A tree of one step. */
  step(key: number, energyWh: number): number {
    const node = this.#nodes++
    this.#left[node] = 0
    this.#right[node] = 0
    this.#priority[node] = this.#nextPriority()
    this.#key[node] = key
    this.#energyWh[node] = energyWh
    this.#sumWh[node] = energyWh
    this.#shift[node] = 0
    return node
  }

  /** All steps of two trees. */
  unite(one: number, other: number): number {
    if (one === 0) return other
    if (other === 0) return one
    if (this.#priority[one]! < this.#priority[other]!) return this.unite(other, one)
    this.#settle(one)
    const below = this.#splitBefore(other, one)
    const above = this.#above
    this.#left[one] = this.unite(this.#left[one]!, below)
    this.#right[one] = this.unite(this.#right[one]!, above)
    return this.#summed(one)
  }

  /** The steps of two trees, no key of the lower above one of the upper. */
  join(lower: number, upper: number): number {
    if (lower === 0) return upper
    if (upper === 0) return lower
    if (this.#priority[lower]! < this.#priority[upper]!) {
      this.#settle(upper)
      this.#left[upper] = this.join(lower, this.#left[upper]!)
      return this.#summed(upper)
    }
    this.#settle(lower)
    this.#right[lower] = this.join(this.#right[lower]!, upper)
    return this.#summed(lower)
  }

  /** The lowest steps of so much energy; the others are {@link above}. A step that straddles is parted. */
  split(tree: number, energyWh: number): number {
    this.#parted = 0
    const below = this.#split(tree, energyWh)
    // Joined only now: its priority may be above those of the nodes passed on the way.
    this.#above = this.join(this.#parted, this.#above)
    return below
  }

  /** Moves all keys of a tree. */
  move(tree: number, by: number): void {
    this.#key[tree] = this.#key[tree]! + by
    this.#shift[tree] = this.#shift[tree]! + by
  }

  /** The first key with which the energy of a tree, whole Wh, is at least `wantedWh`, which it comes to at last. */
  reach(tree: number, wantedWh: number): number {
    if (wantedWh <= 0) return -Infinity
    let node = tree
    let wanted = wantedWh
    let moved = 0
    for (;;) {
      const before = this.#sumWh[this.#left[node]!]!
      const after = before + this.#energyWh[node]!
      if (wanted > before && wanted <= after) return this.#key[node]! + moved
      moved += this.#shift[node]!
      node = wanted <= before ? this.#left[node]! : this.#right[node]!
      if (wanted > after) wanted -= after
    }
  }

  #split(tree: number, energyWh: number): number {
    if (tree === 0) {
      this.#above = 0
      return 0
    }
    this.#settle(tree)
    const before = this.#sumWh[this.#left[tree]!]!
    const after = before + this.#energyWh[tree]!
    if (energyWh <= before) {
      const below = this.#split(this.#left[tree]!, energyWh)
      this.#left[tree] = this.#above
      this.#above = this.#summed(tree)
      return below
    }
    if (energyWh >= after) {
      this.#right[tree] = this.#split(this.#right[tree]!, energyWh - after)
      return this.#summed(tree)
    }
    this.#parted = this.step(this.#key[tree]!, after - energyWh)
    this.#energyWh[tree] = energyWh - before
    this.#above = this.#right[tree]!
    this.#right[tree] = 0
    return this.#summed(tree)
  }

  /**
   * Steps with smaller keys than a node's; the others are {@link #above}. Of equal keys the older nodes count as smaller:
   * were all on one side, a tree of equal keys would be a list.
   */
  #splitBefore(tree: number, node: number): number {
    if (tree === 0) {
      this.#above = 0
      return 0
    }
    this.#settle(tree)
    const order = this.#key[tree]! - this.#key[node]!
    if (order < 0 || (order === 0 && tree < node)) {
      this.#right[tree] = this.#splitBefore(this.#right[tree]!, node)
      return this.#summed(tree)
    }
    const below = this.#splitBefore(this.#left[tree]!, node)
    this.#left[tree] = this.#above
    this.#above = this.#summed(tree)
    return below
  }

  /** The generator mulberry32, as whole numbers. */
  #nextPriority(): number {
    this.#random = (this.#random + 0x6d2b79f5) | 0
    const state = this.#random
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return mixed ^ (mixed >>> 14)
  }

  /** Moves what is right below a node as it was to be moved. */
  #settle(node: number): void {
    const by = this.#shift[node]!
    if (by === 0) return
    this.move(this.#left[node]!, by)
    this.move(this.#right[node]!, by)
    this.#shift[node] = 0
  }

  #summed(node: number): number {
    const belowWh = this.#sumWh[this.#left[node]!]! + this.#sumWh[this.#right[node]!]!
    this.#sumWh[node] = belowWh + this.#energyWh[node]!
    return node
  }

  #grow(size: number): void {
    this.#left = new Int32Array(size)
    this.#right = new Int32Array(size)
    this.#priority = new Int32Array(size)
    this.#key = new Float64Array(size)
    this.#energyWh = new Float64Array(size)
    this.#sumWh = new Float64Array(size)
    this.#shift = new Float64Array(size)
  }
}

/**
 * Sorted maps from whole keys to rows, many of them in one pool of nodes. A key is read in digits of 5 bits, the highest
 * first; a node has a slot for each value of its digit and a word of 32 bits that says which are in use. Finding, adding,
 * removing and the smallest key take one step per digit, at most seven, however many keys there are.
 */
import { grown } from '../grown.ts'

const digitBits = 5
const fan = 1 << digitBits
const digitMask = fan - 1

export class KeyTrees {
  readonly #topShift: number
  readonly #root: Int32Array
  /** a node's 32 slots: nodes below, or rows where the digit is the last; a free node's first slot is the next free */
  #slot = new Int32Array(16 * fan)
  #used = new Int32Array(16)
  #nodes = 0
  #free = -1
  /** nodes from the root to the key that is being removed */
  readonly #way = new Int32Array(7)

  /** @param keyMax keys are whole, from 0 to this, below 2^31 */
  constructor(trees: number, keyMax: number) {
    this.#root = new Int32Array(trees).fill(-1)
    const digits = Math.max(1, Math.ceil((32 - Math.clz32(keyMax)) / digitBits))
    this.#topShift = (digits - 1) * digitBits
  }

  /** The row of a key, -1 where there is none. */
  get(tree: number, key: number): number {
    let node = this.#root[tree]!
    for (let shift = this.#topShift; node !== -1; shift -= digitBits) {
      const digit = (key >>> shift) & digitMask
      if ((this.#used[node]! & (1 << digit)) === 0) return -1
      node = this.#slot[node * fan + digit]!
      if (shift === 0) return node
    }
    return -1
  }

  set(tree: number, key: number, row: number): void {
    if (this.#root[tree] === -1) this.#root[tree] = this.#take()
    let node = this.#root[tree]!
    for (let shift = this.#topShift; shift > 0; shift -= digitBits) {
      const digit = (key >>> shift) & digitMask
      if ((this.#used[node]! & (1 << digit)) === 0) this.#fill(node, digit, this.#take())
      node = this.#slot[node * fan + digit]!
    }
    this.#fill(node, key & digitMask, row)
  }

  /** Removes a key that is there, and every node it leaves empty. */
  delete(tree: number, key: number): void {
    let node = this.#root[tree]!
    for (let shift = this.#topShift; shift > 0; shift -= digitBits) {
      this.#way[shift / digitBits] = node
      node = this.#slot[node * fan + ((key >>> shift) & digitMask)]!
    }
    this.#way[0] = node
    for (let shift = 0; shift <= this.#topShift; shift += digitBits) {
      node = this.#way[shift / digitBits]!
      this.#used[node] = this.#used[node]! & ~(1 << ((key >>> shift) & digitMask))
      if (this.#used[node] !== 0) return
      this.#slot[node * fan] = this.#free
      this.#free = node
    }
    this.#root[tree] = -1
  }

  /** The row of the smallest key, -1 in an empty tree. */
  first(tree: number): number {
    let node = this.#root[tree]!
    for (let shift = this.#topShift; node !== -1 && shift >= 0; shift -= digitBits) {
      const used = this.#used[node]!
      node = this.#slot[node * fan + 31 - Math.clz32(used & -used)]!
    }
    return node
  }

  /** All rows, by rising key. */
  rows(tree: number): number[] {
    const rows: number[] = []
    const visit = (node: number, shift: number): void => {
      for (let digit = 0; digit < fan; digit++) {
        if ((this.#used[node]! & (1 << digit)) === 0) continue
        const below = this.#slot[node * fan + digit]!
        if (shift === 0) rows.push(below)
        else visit(below, shift - digitBits)
      }
    }
    if (this.#root[tree] !== -1) visit(this.#root[tree]!, this.#topShift)
    return rows
  }

  #fill(node: number, digit: number, value: number): void {
    this.#slot[node * fan + digit] = value
    this.#used[node] = this.#used[node]! | (1 << digit)
  }

  #take(): number {
    const node = this.#free
    if (node !== -1) {
      this.#free = this.#slot[node * fan]!
      return node
    }
    if (this.#nodes === this.#used.length) {
      this.#used = grown(this.#used, this.#nodes * 2)
      this.#slot = grown(this.#slot, this.#nodes * 2 * fan)
    }
    return this.#nodes++
  }
}

/**
 * Who waits at which price, first come first served. A queue is one side of one bus; each of its prices has a list of
 * orders, and the prices stand in {@link KeyTrees} by a key of which the smallest is best.
 */
import { grown } from '../grown.ts'
import { KeyTrees } from './key-trees.ts'

export class PriceQueues {
  readonly #prices: KeyTrees
  /** the best price of each queue, a row of the levels, or -1 */
  readonly #best: Int32Array
  // Levels: one price of one queue, with its first and last order. A free level's first is the next free one.
  #key = new Int32Array(256)
  #first = new Int32Array(256)
  #last = new Int32Array(256)
  #levels = 0
  #free = -1
  // Orders: their level and their neighbours in its list, -1 at the ends.
  #level = new Int32Array(0)
  #next = new Int32Array(0)
  #before = new Int32Array(0)

  constructor(queues: number, keyMax: number) {
    this.#prices = new KeyTrees(queues, keyMax)
    this.#best = new Int32Array(queues).fill(-1)
  }

  /** Makes room for so many rows of orders. */
  reserve(rows: number): void {
    if (rows <= this.#level.length) return
    this.#level = grown(this.#level, rows)
    this.#next = grown(this.#next, rows)
    this.#before = grown(this.#before, rows)
  }

  /** The order that has waited longest at the best price, -1 in an empty queue. */
  head(queue: number): number {
    const best = this.#best[queue]!
    return best === -1 ? -1 : this.#first[best]!
  }

  /** Puts an order behind all others of its price. */
  append(queue: number, key: number, row: number): void {
    let level = this.#prices.get(queue, key)
    if (level === -1) level = this.#addLevel(queue, key)
    const last = this.#last[level]!
    this.#level[row] = level
    this.#next[row] = -1
    this.#before[row] = last
    this.#last[level] = row
    if (last === -1) this.#first[level] = row
    else this.#next[last] = row
  }

  /** Takes an order out of its queue. */
  remove(queue: number, row: number): void {
    const level = this.#level[row]!
    const next = this.#next[row]!
    const before = this.#before[row]!
    if (next === -1) this.#last[level] = before
    else this.#before[next] = before
    if (before === -1) this.#first[level] = next
    else this.#next[before] = next
    if (next === -1 && before === -1) this.#dropLevel(queue, level)
  }

  /** The queue's orders by price, best first, and in each price by time. */
  levels(queue: number): number[][] {
    return this.#prices.rows(queue).map((level) => {
      const rows: number[] = []
      for (let row = this.#first[level]!; row !== -1; row = this.#next[row]!) rows.push(row)
      return rows
    })
  }

  #addLevel(queue: number, key: number): number {
    const level = this.#takeLevel()
    this.#key[level] = key
    this.#first[level] = -1
    this.#last[level] = -1
    this.#prices.set(queue, key, level)
    const best = this.#best[queue]!
    if (best === -1 || key < this.#key[best]!) this.#best[queue] = level
    return level
  }

  #dropLevel(queue: number, level: number): void {
    this.#prices.delete(queue, this.#key[level]!)
    this.#first[level] = this.#free
    this.#free = level
    if (this.#best[queue] === level) this.#best[queue] = this.#prices.first(queue)
  }

  #takeLevel(): number {
    const level = this.#free
    if (level !== -1) {
      this.#free = this.#first[level]!
      return level
    }
    if (this.#levels === this.#key.length) {
      this.#key = grown(this.#key, this.#levels * 2)
      this.#first = grown(this.#first, this.#levels * 2)
      this.#last = grown(this.#last, this.#levels * 2)
    }
    return this.#levels++
  }
}

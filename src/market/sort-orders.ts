/**
 * Orders in the sequence in which they switch on: by limit, sells before buys, then by sequence number. Keys and rows
 * travel in one float, so the sort is that of plain numbers and nothing is allocated.
 */
import type { Book } from './book.ts'

const largestExact = 2 ** 53
/** Up to here a plain insertion sort beats the call of the built-in one. */
const fewOrders = 48

export class OrderSort {
  #packed = new Float64Array(64)
  /** rows in order; valid for `book.count` entries */
  rows = new Int32Array(64)

  /** Sorts the book's rows with a quantity above 0; returns how many there are. */
  sort(book: Book): number {
    if (book.count > this.rows.length) this.#grow(book.count)
    let lowest = Infinity
    let highest = -Infinity
    for (let row = 0; row < book.count; row++) {
      const limit = book.limitTicks[row]!
      if (limit < lowest) lowest = limit
      if (limit > highest) highest = limit
    }
    const packs = (highest - lowest + 1) * 2 * book.count < largestExact
    const count = packs ? this.#sortPacked(book, lowest) : this.#sortCompared(book)
    this.#sortTies(book, count)
    return count
  }

  #sortPacked(book: Book, lowest: number): number {
    const packed = this.#packed
    const width = book.count
    let count = 0
    for (let row = 0; row < width; row++) {
      if (book.quantityWh[row]! === 0) continue
      // Sells switch on before buys switch off at the same price, so that volume is largest.
      packed[count++] = ((book.limitTicks[row]! - lowest) * 2 + (1 - book.side[row]!)) * width + row
    }
    if (count <= fewOrders) insertionSortKeys(packed, count)
    else packed.subarray(0, count).sort()
    for (let at = 0; at < count; at++) this.rows[at] = packed[at]! % width
    return count
  }

  #sortCompared(book: Book): number {
    let count = 0
    for (let row = 0; row < book.count; row++) if (book.quantityWh[row]! > 0) this.rows[count++] = row
    this.rows
      .subarray(0, count)
      .sort((a, b) => book.limitTicks[a]! - book.limitTicks[b]! || book.side[b]! - book.side[a]! || a - b)
    return count
  }

  /** Puts rows of one limit and side into the order of their sequence numbers. */
  #sortTies(book: Book, count: number): void {
    const rows = this.rows
    let first = 0
    for (let at = 1; at <= count; at++) {
      const same = at < count && sameStep(book, rows[first]!, rows[at]!)
      if (same) continue
      if (at - first > 32) rows.subarray(first, at).sort((a, b) => book.sequence[a]! - book.sequence[b]!)
      else if (at - first > 1) insertionSort(rows, first, at, book.sequence)
      first = at
    }
  }

  #grow(count: number): void {
    this.#packed = new Float64Array(count * 2)
    this.rows = new Int32Array(count * 2)
  }
}

function insertionSortKeys(keys: Float64Array, count: number): void {
  for (let at = 1; at < count; at++) {
    const key = keys[at]!
    let place = at
    while (place > 0 && keys[place - 1]! > key) {
      keys[place] = keys[place - 1]!
      place--
    }
    keys[place] = key
  }
}

function sameStep(book: Book, a: number, b: number): boolean {
  return book.limitTicks[a] === book.limitTicks[b] && book.side[a] === book.side[b]
}

function insertionSort(rows: Int32Array, first: number, end: number, key: Float64Array): void {
  for (let at = first + 1; at < end; at++) {
    const row = rows[at]!
    let place = at
    while (place > first && key[rows[place - 1]!]! > key[row]!) {
      rows[place] = rows[place - 1]!
      place--
    }
    rows[place] = row
  }
}

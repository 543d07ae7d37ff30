/**
 * Rows sorted by a key of 32 bits, equal keys in the order in which they came: a radix sort of whole passes, so that its
 * time does not depend on what the keys are.
 */
export class RowSort {
  /** the keys, by row of the result; the caller writes them before it sorts, by position */
  key = new Uint32Array(64)
  /** what is sorted along */
  row = new Int32Array(64)
  #otherKey = new Uint32Array(64)
  #otherRow = new Int32Array(64)
  readonly #count = new Uint32Array(256)

  /** Makes room for so many entries; what stood there is lost. */
  begin(entries: number): void {
    if (entries <= this.key.length) return
    this.key = new Uint32Array(entries * 2)
    this.row = new Int32Array(entries * 2)
    this.#otherKey = new Uint32Array(entries * 2)
    this.#otherRow = new Int32Array(entries * 2)
  }

  /** @param largest the largest key, which says how many passes are needed */
  sort(entries: number, largest: number): void {
    for (let shift = 0; shift < 32 && largest >>> shift > 0; shift += 8) this.#pass(entries, shift)
  }

  #pass(entries: number, shift: number): void {
    const { key, row } = this
    const toKey = this.#otherKey
    const toRow = this.#otherRow
    const count = this.#count
    count.fill(0)
    for (let at = 0; at < entries; at++) {
      const digit = (key[at]! >>> shift) & 255
      count[digit] = count[digit]! + 1
    }
    let sum = 0
    for (let digit = 0; digit < 256; digit++) {
      const here = count[digit]!
      count[digit] = sum
      sum += here
    }
    for (let at = 0; at < entries; at++) {
      const digit = (key[at]! >>> shift) & 255
      const place = count[digit]!
      count[digit] = place + 1
      toKey[place] = key[at]!
      toRow[place] = row[at]!
    }
    this.key = toKey
    this.row = toRow
    this.#otherKey = key
    this.#otherRow = row
  }
}

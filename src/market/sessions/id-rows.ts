/**
 * From an order's id to its row: a table with open addressing. Ids are whole numbers from 0 to 2^53 and mostly rising, so
 * they are spread by the golden ratio; an entry stands in the first free place from there on, and what follows a removed
 * one moves up. At most half of the places are in use.
 */
const goldenRatio = 0x9e3779b1

export class IdRows {
  #id = new Float64Array(64).fill(-1)
  #row = new Int32Array(64)
  #shift = 26
  #count = 0

  /** The row of an id, -1 where there is none. */
  get(id: number): number {
    const at = this.#place(id)
    return this.#id[at] === id ? this.#row[at]! : -1
  }

  /** Adds an id that is not there. */
  add(id: number, row: number): void {
    if (++this.#count * 2 > this.#id.length) this.#grow()
    this.#put(id, row)
  }

  /** Removes an id that is there. */
  delete(id: number): void {
    const mask = this.#id.length - 1
    let hole = this.#place(id)
    for (let at = (hole + 1) & mask; this.#id[at] !== -1; at = (at + 1) & mask) {
      const home = this.#home(this.#id[at]!)
      // An entry may move up into the hole unless it would pass the place where it is looked for first.
      if (((at - home) & mask) < ((at - hole) & mask)) continue
      this.#id[hole] = this.#id[at]!
      this.#row[hole] = this.#row[at]!
      hole = at
    }
    this.#id[hole] = -1
    this.#count--
  }

  #home(id: number): number {
    return Math.imul(id | 0, goldenRatio) >>> this.#shift
  }

  /** Where the id stands, or the free place where it would. */
  #place(id: number): number {
    const mask = this.#id.length - 1
    let at = this.#home(id)
    while (this.#id[at] !== id && this.#id[at] !== -1) at = (at + 1) & mask
    return at
  }

  #put(id: number, row: number): void {
    const at = this.#place(id)
    this.#id[at] = id
    this.#row[at] = row
  }

  #grow(): void {
    const [ids, rows] = [this.#id, this.#row]
    this.#id = new Float64Array(ids.length * 2).fill(-1)
    this.#row = new Int32Array(ids.length * 2)
    this.#shift--
    ids.forEach((id, at) => {
      if (id !== -1) this.#put(id, rows[at]!)
    })
  }
}

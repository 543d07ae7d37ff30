/** The orders that are still open, sorted for each bus, and the steps they and the hidden ones make. */
import { widestTicks, type Orders } from '../book.ts'
import type { HiddenOrders } from './hidden-orders.ts'
import type { OwnSteps } from './own-steps.ts'
import { RowSort } from './row-sort.ts'

/** Up to so many orders on every bus, each bus puts its own in order by counting. */
const fewOrders = 16

export class OpenOrders {
  /** rows of a bus, ascending in key: row[start[bus]] up to start[bus + 1] */
  readonly start: Int32Array
  row = new Int32Array(64)
  key = new Float64Array(64)
  /** rows by bus as they come, and what they are ordered by: `key · fewOrders + place`, so that none are equal */
  #dealtRow = new Int32Array(64)
  #dealtRank = new Float64Array(64)
  readonly #fill: Int32Array
  readonly #sort = new RowSort()

  constructor(buses: number) {
    this.start = new Int32Array(buses + 1)
    this.#fill = new Int32Array(buses)
  }

  /** Sorts a book's orders by bus and key; orders without a quantity are left out. */
  arrange(book: Orders): void {
    if (book.count > this.row.length) {
      this.row = new Int32Array(book.count * 2)
      this.key = new Float64Array(book.count * 2)
      this.#dealtRow = new Int32Array(book.count * 2)
      this.#dealtRank = new Float64Array(book.count * 2)
    }
    if (this.#count(book) > fewOrders) this.#dealSorted(book)
    else {
      this.#deal(book)
      for (let bus = 0; bus < this.#fill.length; bus++) this.#order(this.start[bus]!, this.start[bus + 1]!)
    }
  }

  /** Writes the steps of all buses, hidden ones at the ends. */
  fill(own: OwnSteps, book: Orders, hidden: HiddenOrders): void {
    const buses = this.start.length - 1
    own.begin(this.start[buses]! + 2 * buses)
    for (let bus = 0; bus < buses; bus++) {
      const soldWh = hidden.soldWh[bus]!
      const boughtWh = hidden.boughtWh[bus]!
      let demandWh = boughtWh
      for (let at = this.start[bus]!; at < this.start[bus + 1]!; at++) {
        const row = this.row[at]!
        demandWh += (book.side[row]! ^ 1) * book.quantityWh[row]!
      }
      own.open(bus, demandWh)
      if (soldWh > 0) own.push(hidden.belowKey(bus), soldWh)
      for (let at = this.start[bus]!; at < this.start[bus + 1]!; at++) {
        own.push(this.key[at]!, book.quantityWh[this.row[at]!]!)
      }
      if (boughtWh > 0) own.push(hidden.aboveKey(bus), boughtWh)
      own.close(bus)
    }
  }

  /** Counts the orders of each bus into {@link start}; returns the most that one has. */
  #count(book: Orders): number {
    const { start } = this
    const buses = start.length - 1
    start.fill(0)
    for (let row = 0; row < book.count; row++) {
      if (book.quantityWh[row] === 0) continue
      const bus = book.bus[row]!
      start[bus + 1] = start[bus + 1]! + 1
    }
    let most = 0
    for (let bus = 0; bus < buses; bus++) {
      if (start[bus + 1]! > most) most = start[bus + 1]!
      start[bus + 1] = start[bus + 1]! + start[bus]!
      this.#fill[bus] = start[bus]!
    }
    return most
  }

  #deal(book: Orders): void {
    const fill = this.#fill
    for (let from = 0; from < book.count; from++) {
      if (book.quantityWh[from] === 0) continue
      const bus = book.bus[from]!
      const place = fill[bus]!
      fill[bus] = place + 1
      const key = 2 * book.limitTicks[from]! + 1 - book.side[from]!
      this.#dealtRow[place] = from
      this.#dealtRank[place] = key * fewOrders + (place - this.start[bus]!)
    }
  }

  /** Each of a few orders goes where the number of smaller ones says: nothing to branch on, unlike moving them about. */
  #order(start: number, end: number): void {
    const ranks = this.#dealtRank
    for (let from = start; from < end; from++) {
      const rank = ranks[from]!
      let place = start
      for (let other = start; other < end; other++) place += Number(ranks[other]! < rank)
      this.row[place] = this.#dealtRow[from]!
      this.key[place] = Math.floor(rank / fewOrders)
    }
  }

  #dealSorted(book: Orders): void {
    const { row, key } = this
    const fill = this.#fill
    const entries = this.#sortAll(book)
    const sorted = this.#sort.row
    for (let at = 0; at < entries; at++) {
      const from = sorted[at]!
      const bus = book.bus[from]!
      const place = fill[bus]!
      fill[bus] = place + 1
      row[place] = from
      key[place] = 2 * book.limitTicks[from]! + 1 - book.side[from]!
    }
  }

  #sortAll(book: Orders): number {
    let lowest = widestTicks
    let highest = -widestTicks
    for (let row = 0; row < book.count; row++) {
      const limit = book.limitTicks[row]!
      if (limit < lowest) lowest = limit
      if (limit > highest) highest = limit
    }
    const sort = this.#sort
    sort.begin(book.count)
    let entries = 0
    for (let row = 0; row < book.count; row++) {
      if (book.quantityWh[row] === 0) continue
      sort.key[entries] = 2 * (book.limitTicks[row]! - lowest) + 1 - book.side[row]!
      sort.row[entries] = row
      entries++
    }
    if (entries > 0) sort.sort(entries, 2 * (highest - lowest) + 1)
    return entries
  }
}

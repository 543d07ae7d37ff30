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
  fill(own: OwnSteps, { side, quantityWh }: Orders, hidden: HiddenOrders): void {
    const { row, key } = this
    const buses = this.start.length - 1
    own.begin(this.start[buses]! + 2 * buses)
    for (let bus = 0; bus < buses; bus++) {
      const soldWh = hidden.soldWh[bus]!
      const boughtWh = hidden.boughtWh[bus]!
      const from = this.start[bus]!
      const to = this.start[bus + 1]!
      let demandWh = boughtWh
      for (let at = from; at < to; at++) {
        demandWh += (side[row[at]!]! ^ 1) * quantityWh[row[at]!]!
      }
      own.open(bus, demandWh)
      if (soldWh > 0) own.push(hidden.belowKey(bus), soldWh)
      own.pushOrders(key, row, from, to, quantityWh)
      if (boughtWh > 0) own.push(hidden.aboveKey(bus), boughtWh)
      own.close(bus)
    }
  }

  /** Counts the orders of each bus into {@link start}; returns the most that one has. */
  #count({ bus, quantityWh, count }: Orders): number {
    const { start } = this
    const buses = start.length - 1
    start.fill(0)
    const end = count | 0
    for (let row = 0; row < end; row = (row + 1) | 0) {
      const after = (bus[row]! + 1) | 0
      start[after] = start[after]! + Number(quantityWh[row] !== 0)
    }
    let most = 0
    for (let at = 0; at < buses; at++) {
      most = Math.max(most, start[at + 1]!)
      start[at + 1] = start[at + 1]! + start[at]!
      this.#fill[at] = start[at]!
    }
    return most
  }

  #deal({ bus, side, limitTicks, quantityWh, count }: Orders): void {
    const { start } = this
    const fill = this.#fill
    const rows = this.#dealtRow
    const ranks = this.#dealtRank
    const end = count | 0
    for (let from = 0; from < end; from = (from + 1) | 0) {
      if (quantityWh[from] === 0) continue
      const own = bus[from]!
      const place = fill[own]!
      fill[own] = place + 1
      const key = 2 * limitTicks[from]! + 1 - side[from]!
      rows[place] = from
      ranks[place] = key * fewOrders + ((place - start[own]!) | 0)
    }
  }

  /** Each of a few orders goes where the number of smaller ones says: nothing to branch on, unlike moving them about. */
  #order(start: number, end: number): void {
    const { row, key } = this
    const rows = this.#dealtRow
    const ranks = this.#dealtRank
    for (let from = start; from < end; from++) {
      const rank = ranks[from]!
      let place = start
      for (let other = start; other < end; other++) place = (place + Number(ranks[other]! < rank)) | 0
      row[place] = rows[from]!
      key[place] = Math.floor(rank / fewOrders)
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

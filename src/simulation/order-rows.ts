/**
 * The order book of one interval as columns, with whose order each row is. Sequence numbers rotate from interval to
 * interval, so that among equal limits nobody is first all year.
 */
import type { Book } from '../market/book.ts'

export const enterpriseRow = 0
export const sellerRow = 1
export const storageRow = 2

export interface OrderRows {
  readonly book: Book
  /** {@link enterpriseRow}, {@link sellerRow} or {@link storageRow} */
  readonly kind: Uint8Array
  /** index among the participants of its kind */
  readonly who: Int32Array
  /** value of a kWh to a buyer beside fees and wheeling, or to a seller outside the market [1e-8 CNY/kWh] */
  readonly valueE8: Float64Array
  /** rows that sell */
  sells: number
}

export function makeOrderRows(capacity: number): OrderRows {
  return {
    book: {
      count: 0,
      bus: new Int32Array(capacity),
      side: new Uint8Array(capacity),
      limitTicks: new Int32Array(capacity),
      quantityWh: new Float64Array(capacity),
      sequence: new Float64Array(capacity),
    },
    kind: new Uint8Array(capacity),
    who: new Int32Array(capacity),
    valueE8: new Float64Array(capacity),
    sells: 0,
  }
}

export function clearRows(rows: OrderRows): void {
  rows.book.count = 0
  rows.sells = 0
}

/** The part of an interval's sequence numbers that one source of orders gives out. */
export interface Seats {
  readonly first: number
  readonly all: number
}

/** Sequence number of a source's participant in an interval: all different, rotating by one each interval. */
export function sequenceOf({ first, all }: Seats, who: number, interval: number): number {
  return (first + who + interval) % all
}

/** Sequence numbers of a source's participants one after the other, from that of its first. */
export function nextInTurn(sequence: number, { all }: Seats): number {
  return sequence + 1 === all ? 0 : sequence + 1
}

/**
 * Opens the next row and writes who it is; the caller writes the rest into the columns. No object travels: this runs
 * for every participant in every interval.
 */
export function openRow(rows: OrderRows, kind: number, who: number, side: 0 | 1): number {
  const { book } = rows
  const row = book.count++
  book.side[row] = side
  rows.kind[row] = kind
  rows.who[row] = who
  rows.sells += side
  return row
}

/**
 * What the journal is made of: orders placed, replaced and cancelled, gates closed, intervals cleared. A journal row is
 * one group of events that were written together; rows are numbered 1, 2, 3, … in the order they happened.
 */
import { ColumnBuffer } from '../column-buffer.ts'
import { type ColumnsOf, pack } from '../columns.ts'
import { journalLayout } from '../layouts.ts'
import type { NewOrder, OrderKey, OrderTerms, Origin } from '../port.ts'

export const placedEvent = 0
export const replacedEvent = 1
export const cancelledEvent = 2
export const closedEvent = 3
export const clearedEvent = 4

export type Events = ColumnsOf<typeof journalLayout.types>

export interface JournalRow {
  readonly seq: number
  readonly atMs: number
  /** packed events */
  readonly bytes: Uint8Array
  /** idempotency keys of the requests among them, as JSON (`remembered-keys.ts`) */
  readonly keys: string | null
}

interface Placing {
  readonly request: number
  readonly participant: number
  readonly origin: Origin
}

/** A group of events on its way into the journal. */
export class EventBuffer {
  readonly #rows = new ColumnBuffer(journalLayout.types, 256)

  get count(): number {
    return this.#rows.count
  }

  clear(): void {
    this.#rows.count = 0
  }

  place(by: Placing, index: number, order: NewOrder): void {
    const row = this.#open(placedEvent, order.interval)
    const { columns } = this.#rows
    columns.request[row] = by.request
    columns.index[row] = index
    columns.participant[row] = by.participant
    columns.origin[row] = by.origin
    columns.version[row] = 1
    this.#terms(row, order)
  }

  replace(key: OrderKey, version: number, terms: OrderTerms): void {
    const row = this.#change(replacedEvent, key, version)
    this.#terms(row, terms)
  }

  cancel(key: OrderKey, version: number): void {
    this.#change(cancelledEvent, key, version)
  }

  gate(kind: typeof closedEvent | typeof clearedEvent, interval: number): void {
    this.#open(kind, interval)
  }

  /** The events so far; they last until the next change. */
  events(): Events {
    return this.#rows.rows()
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return pack(journalLayout, this.#rows.rows())
  }

  #change(kind: number, key: OrderKey, version: number): number {
    const row = this.#open(kind, key.interval)
    const { columns } = this.#rows
    columns.request[row] = key.request
    columns.index[row] = key.index
    columns.version[row] = version
    return row
  }

  #terms(row: number, terms: OrderTerms): void {
    const { columns } = this.#rows
    columns.side[row] = terms.side
    columns.bus[row] = terms.bus
    columns.limitTicks[row] = terms.limitTicks
    columns.quantityWh[row] = terms.quantityWh
  }

  /** A row of nothing but its kind and interval. */
  #open(kind: number, interval: number): number {
    const row = this.#rows.add()
    const { columns } = this.#rows
    columns.kind[row] = kind
    columns.interval[row] = interval
    columns.request[row] = 0
    columns.index[row] = 0
    columns.participant[row] = 0
    columns.origin[row] = 0
    columns.version[row] = 0
    columns.side[row] = 0
    columns.bus[row] = 0
    columns.limitTicks[row] = 0
    columns.quantityWh[row] = 0
    return row
  }
}

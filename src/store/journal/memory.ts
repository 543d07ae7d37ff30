/** What is kept in memory of the journal; whoever reads the same rows has the same. */
import { unpack } from '../columns.ts'
import { journalLayout } from '../layouts.ts'
import type { Events, JournalRow } from './events.ts'
import { type JournalPosition, OpenOrders } from './open-orders.ts'
import { type NewKey, RememberedKeys } from './remembered-keys.ts'

export class JournalMemory {
  readonly orders: OpenOrders
  readonly keys: RememberedKeys

  constructor(start: JournalPosition, rememberMs: number) {
    this.orders = new OpenOrders(start)
    this.keys = new RememberedKeys(rememberMs)
  }

  get seq(): number {
    return this.orders.position.seq
  }

  add(row: JournalRow): void {
    this.orders.apply(unpack(journalLayout, row.bytes), row)
    this.keys.add(row)
  }

  /** The next row, which this process wrote. */
  addOwn(events: Events, keys: readonly NewKey[], atMs: number): void {
    const row = { seq: this.seq + 1, atMs }
    this.orders.apply(events, row)
    this.keys.addNew(keys, row)
  }
}

/** The resting orders of a rolling book as columns; a row is used again once its order has left. */
import { sellSide } from '../book.ts'
import { grown } from '../grown.ts'
import type { OpenOrder, SessionOrder } from './session-order.ts'

export class RollingOrders {
  /** rows there is room for */
  size = 1024
  id = new Float64Array(this.size)
  sequence = new Float64Array(this.size)
  /** 0 in a free row [Wh] */
  openWh = new Float64Array(this.size)
  limitTicks = new Int32Array(this.size)
  owner = new Int32Array(this.size)
  bus = new Int32Array(this.size)
  side = new Uint8Array(this.size)
  /** the free row after a free row */
  #nextFree = new Int32Array(this.size)
  #free = -1
  #ever = 0

  add(order: SessionOrder): number {
    const row = this.#take()
    this.id[row] = order.sequence
    this.sequence[row] = order.sequence
    this.openWh[row] = order.quantityWh
    this.limitTicks[row] = order.limitTicks
    this.owner[row] = order.owner
    this.bus[row] = order.bus
    this.side[row] = order.side
    return row
  }

  drop(row: number): void {
    this.openWh[row] = 0
    this.#nextFree[row] = this.#free
    this.#free = row
  }

  /** What the order costs at its own bus: less is better for the other side, on both sides [ticks]. */
  cost(row: number): number {
    return this.side[row] === sellSide ? this.limitTicks[row]! : -this.limitTicks[row]!
  }

  /** A copy of one row. */
  at(row: number): OpenOrder {
    return {
      id: this.id[row]!,
      sequence: this.sequence[row]!,
      owner: this.owner[row]!,
      bus: this.bus[row]!,
      side: this.side[row]!,
      limitTicks: this.limitTicks[row]!,
      openWh: this.openWh[row]!,
    }
  }

  /** Rows in use, the oldest order first. */
  rowsInTime(): number[] {
    const rows: number[] = []
    for (let row = 0; row < this.#ever; row++) if (this.openWh[row]! > 0) rows.push(row)
    return rows.sort((a, b) => this.sequence[a]! - this.sequence[b]!)
  }

  #take(): number {
    const row = this.#free
    if (row !== -1) {
      this.#free = this.#nextFree[row]!
      return row
    }
    if (this.#ever === this.size) this.#grow()
    return this.#ever++
  }

  #grow(): void {
    this.size *= 2
    for (const column of ['id', 'sequence', 'openWh'] as const) this[column] = grown(this[column], this.size)
    for (const column of ['limitTicks', 'owner', 'bus'] as const)
      this[column] = grown(this[column], this.size)
    this.side = grown(this.side, this.size)
    this.#nextFree = grown(this.#nextFree, this.size)
  }
}

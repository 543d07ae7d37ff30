/** A part of a book, copied out so that it can be gone through without jumping. */
import type { Orders } from '../book.ts'
import { grown } from '../grown.ts'

export class OrderColumns implements Orders {
  count = 0
  bus = new Int32Array(0)
  side = new Uint8Array(0)
  limitTicks = new Int32Array(0)
  quantityWh = new Float64Array(0)
  /** the clearing of this part [Wh] */
  acceptedWh = new Float64Array(0)
  /** where each order stands in the book */
  row = new Int32Array(0)

  /** Makes room for so many orders and keeps what stands there. */
  reserve(orders: number): void {
    if (orders <= this.row.length) return
    const size = orders + (orders >> 1) + 16
    this.bus = grown(this.bus, size)
    this.side = grown(this.side, size)
    this.limitTicks = grown(this.limitTicks, size)
    this.quantityWh = grown(this.quantityWh, size)
    this.acceptedWh = grown(this.acceptedWh, size)
    this.row = grown(this.row, size)
  }
}

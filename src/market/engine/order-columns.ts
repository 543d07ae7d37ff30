/** A part of a book, copied out so that it can be gone through without jumping. */
import type { Orders } from '../book.ts'

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

  /** Makes room for so many orders; what stood there is lost. */
  begin(orders: number): void {
    this.count = 0
    if (orders <= this.row.length) return
    const size = orders + (orders >> 1) + 16
    this.bus = new Int32Array(size)
    this.side = new Uint8Array(size)
    this.limitTicks = new Int32Array(size)
    this.quantityWh = new Float64Array(size)
    this.acceptedWh = new Float64Array(size)
    this.row = new Int32Array(size)
  }
}

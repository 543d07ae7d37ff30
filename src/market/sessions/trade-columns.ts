/** Trades of one operation as columns, used anew at the next; see {@link SessionTrade} for what they mean. */
import { grown } from '../grown.ts'
import type { SessionTrade } from './session-order.ts'

export class TradeColumns {
  count = 0
  sellId = new Float64Array(16)
  buyId = new Float64Array(16)
  sellOwner = new Int32Array(16)
  buyOwner = new Int32Array(16)
  quantityWh = new Float64Array(16)
  sellerTicks = new Float64Array(16)
  pathFeeTicks = new Float64Array(16)

  /** Opens a row and returns it; its columns have to be filled. */
  open(): number {
    if (this.count === this.sellId.length) this.#grow()
    return this.count++
  }

  /** A copy of one row. */
  at(row: number): SessionTrade {
    return {
      sellId: this.sellId[row]!,
      buyId: this.buyId[row]!,
      sellOwner: this.sellOwner[row]!,
      buyOwner: this.buyOwner[row]!,
      quantityWh: this.quantityWh[row]!,
      sellerTicks: this.sellerTicks[row]!,
      pathFeeTicks: this.pathFeeTicks[row]!,
    }
  }

  #grow(): void {
    const length = this.count * 2
    for (const column of ['sellId', 'buyId', 'quantityWh', 'sellerTicks', 'pathFeeTicks'] as const)
      this[column] = grown(this[column], length)
    this.sellOwner = grown(this.sellOwner, length)
    this.buyOwner = grown(this.buyOwner, length)
  }
}

/** Orders of the enterprises: what each expects its meter to show, at its limit of the interval's slot. */
import type { Bidders } from './bidders.ts'
import { DayWindow } from './day-window.ts'
import type { Moment } from './moment.ts'
import type { OrderSource } from './order-intake.ts'
import { enterpriseRow, nextInTurn, openRow, sequenceOf, type OrderRows, type Seats } from './order-rows.ts'
import { ownOrders } from './own-orders.ts'
import type { WheelingSlots } from './wheeling-slots.ts'
import type { World } from './world.ts'

export class BuyerOrders implements OrderSource {
  readonly rowsMax: number
  readonly #bus: Int32Array
  readonly #expected: DayWindow
  readonly #wheeling: WheelingSlots
  readonly #bidders: Bidders | null

  constructor({ zone, buyers }: World, wheeling: WheelingSlots, bidders: Bidders | null) {
    this.rowsMax = buyers.length
    this.#bus = Int32Array.from(buyers, (buyer) => buyer.bus)
    this.#expected = new DayWindow(
      buyers.map((buyer, who) => ownOrders(buyer.orderWh, zone.enterprises[who]!.strategy)),
    )
    this.#wheeling = wheeling
    this.#bidders = bidders
  }

  startDay({ interval }: Moment): void {
    this.#expected.load(interval)
  }

  place(rows: OrderRows, { interval, quarter, slot }: Moment, seats: Seats): void {
    const { limitTicks, valueE8 } = this.#wheeling
    const { book } = rows
    const first = book.count
    const firstOfSlot = slot * this.rowsMax
    const expectedWh = this.#expected.quarters[quarter]!
    let sequence = sequenceOf(seats, -1, interval)
    for (let who = 0; who < expectedWh.length; who++) {
      sequence = nextInTurn(sequence, seats)
      const quantityWh = expectedWh[who]!
      if (quantityWh === 0) continue
      const row = openRow(rows, enterpriseRow, who, 0)
      const at = firstOfSlot + who
      book.bus[row] = this.#bus[who]!
      book.limitTicks[row] = limitTicks[at]!
      book.quantityWh[row] = quantityWh
      book.sequence[row] = sequence
      rows.valueE8[row] = valueE8[at]!
    }
    this.#bidders?.bid(rows, first, interval)
  }
}

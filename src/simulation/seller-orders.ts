/** Orders of PV and cogeneration: what each expects to send out, from what a kWh earns outside the market. */
import { rateE8PerTick } from '../base/units.ts'
import type { Zone } from '../scenario/zone.ts'
import { sellLimitTicks } from '../strategy/limits.ts'
import { DayWindow } from './day-window.ts'
import type { Moment } from './moment.ts'
import type { OrderSource } from './order-intake.ts'
import { openRow, sellerRow, sequenceOf, type OrderRows, type Seats } from './order-rows.ts'
import type { Variant } from './variant.ts'
import type { Seller } from './world.ts'

const truthful = { kind: 'truthful' } as const

export class SellerOrders implements OrderSource {
  readonly rowsMax: number
  readonly #sellers: readonly Seller[]
  readonly #expected: DayWindow
  readonly #market: Zone['market']
  readonly #variant: Variant

  constructor(zone: Zone, sellers: readonly Seller[], variant: Variant) {
    this.rowsMax = sellers.length
    this.#sellers = sellers
    this.#expected = new DayWindow(sellers.map((seller) => seller.orderWh))
    this.#market = zone.market
    this.#variant = variant
  }

  startDay({ interval }: Moment): void {
    this.#expected.load(interval)
  }

  place(rows: OrderRows, { interval, quarter }: Moment, seats: Seats): void {
    const { floorTicks, capTicks } = this.#market
    const { book } = rows
    const expectedWh = this.#expected.quarters[quarter]!
    for (let who = 0; who < expectedWh.length; who++) {
      const quantityWh = expectedWh[who]!
      if (quantityWh === 0) continue
      const seller = this.#sellers[who]!
      if (seller.kind === 'cogeneration' && !this.#variant.cogeneration) continue
      const valueE8 = Math.max(seller.leftoverOutsideE8[interval]!, seller.curtailBelowE8)
      const limitTicks = Math.max(floorTicks, sellLimitTicks(valueE8 / rateE8PerTick, truthful))
      if (limitTicks > capTicks) continue
      const row = openRow(rows, sellerRow, who, 1)
      book.bus[row] = seller.bus
      book.limitTicks[row] = limitTicks
      book.quantityWh[row] = quantityWh
      book.sequence[row] = sequenceOf(seats, who, interval)
      rows.valueE8[row] = valueE8
    }
  }
}

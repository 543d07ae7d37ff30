/** Orders of PV and cogeneration: what each expects to send out, from what a kWh earns outside the market. */
import { rateE8PerTick } from '../base/units.ts'
import type { Zone } from '../scenario/zone.ts'
import { limitTicks, type Strategy } from '../strategy/bidding/index.ts'
import type { Bidders } from './bidders.ts'
import { DayWindow } from './day-window.ts'
import { ownOrders, unitOfSeller } from './own-orders.ts'
import type { Moment } from './moment.ts'
import type { OrderSource } from './order-intake.ts'
import { nextInTurn, openRow, sellerRow, sequenceOf, type OrderRows, type Seats } from './order-rows.ts'
import type { Variant } from './variant.ts'
import type { Seller } from './world.ts'

export class SellerOrders implements OrderSource {
  readonly rowsMax: number
  readonly #sellers: readonly Seller[]
  readonly #expected: DayWindow
  readonly #market: Zone['market']
  readonly #variant: Variant
  readonly #strategies: readonly Strategy[]
  readonly #bidders: Bidders | null

  constructor(zone: Zone, sellers: readonly Seller[], variant: Variant, bidders: Bidders | null) {
    const strategies = sellers.map((seller) => unitOfSeller(zone, seller).strategy)
    this.rowsMax = sellers.length
    this.#sellers = sellers
    this.#expected = new DayWindow(sellers.map((seller, who) => ownOrders(seller.orderWh, strategies[who]!)))
    this.#market = zone.market
    this.#variant = variant
    this.#strategies = strategies
    this.#bidders = bidders
  }

  startDay({ interval }: Moment): void {
    this.#expected.load(interval)
  }

  place(rows: OrderRows, { interval, quarter }: Moment, seats: Seats): void {
    const { floorTicks, capTicks } = this.#market
    const { book } = rows
    const first = book.count
    const expectedWh = this.#expected.quarters[quarter]!
    let sequence = sequenceOf(seats, -1, interval)
    for (let who = 0; who < expectedWh.length; who++) {
      sequence = nextInTurn(sequence, seats)
      const quantityWh = expectedWh[who]!
      if (quantityWh === 0) continue
      const seller = this.#sellers[who]!
      if (seller.kind === 'cogeneration' && !this.#variant.cogeneration) continue
      const valueE8 = Math.max(seller.leftoverOutsideE8[interval]!, seller.curtailBelowE8)
      const ownTicks = limitTicks(valueE8 / rateE8PerTick, 1, this.#strategies[who]!)
      if (ownTicks > capTicks) continue
      const row = openRow(rows, sellerRow, who, 1)
      book.bus[row] = seller.bus
      book.limitTicks[row] = Math.max(floorTicks, ownTicks)
      book.quantityWh[row] = quantityWh
      book.sequence[row] = sequence
      rows.valueE8[row] = valueE8
    }
    this.#bidders?.bid(rows, first, interval)
  }
}

/**
 * The batteries of a zone in the market: their desks plan on what they expect of others and place their bids after everybody
 * else's orders are in.
 */
import type { Orders } from '../market/book.ts'
import type { StorageUnit } from '../scenario/zone.ts'
import type { Moment } from './moment.ts'
import { LookAhead } from './look-ahead.ts'
import type { OrderSource } from './order-intake.ts'
import { openRow, sequenceOf, storageRow, type OrderRows, type Seats } from './order-rows.ts'
import type { Outcome } from './outcome.ts'
import { StorageDesk } from './storage-desk.ts'
import { StorageForecasts } from './storage-forecasts.ts'
import { StoragePlanners } from './storage-planners.ts'
import type { WheelingSlots } from './wheeling-slots.ts'
import type { World } from './world.ts'

/** What a desk plans to move, and what it would move beside. */
const ordersPerDesk = 2

export class StorageFleet implements OrderSource {
  /** one for every unit of the zone, also where it does not bid */
  readonly desks: readonly StorageDesk[]
  readonly #world: World
  readonly #wheeling: WheelingSlots
  readonly #trading: readonly number[]
  readonly #planners = new StoragePlanners()
  readonly #forecasts: StorageForecasts

  /** @param othersOf makes the sources of everybody else's orders anew, for who looks ahead */
  constructor(world: World, wheeling: WheelingSlots, othersOf: () => readonly OrderSource[]) {
    const { zone, chart } = world
    const trades = ({ mode, bids }: StorageUnit) => mode === 'arbitrage' && bids === 'value'
    const trading = zone.storages.filter(trades)
    const powerKw = trading.reduce((sum, unit) => sum + unit.spec.powerKw, 0)
    this.desks = zone.storages.map(
      (unit, index) => new StorageDesk(unit, chart.storage + index, unit.spec.powerKw / powerKw),
    )
    this.#trading = zone.storages.flatMap((unit, who) => (trades(unit) ? [who] : []))
    this.#world = world
    this.#wheeling = wheeling
    const foresees = trading.some(({ plan }) => plan.forecast === 'perfect')
    this.#forecasts = new StorageForecasts(
      trading,
      { intervals: zone.calendar.intervals, buses: zone.buses.length },
      foresees ? new LookAhead(world, othersOf()) : null,
    )
  }

  get rowsMax(): number {
    return ordersPerDesk * this.desks.length
  }

  place(rows: OrderRows, moment: Moment, seats: Seats): void {
    this.publish(rows.book, moment.interval)
    this.bid(rows, moment, seats)
  }

  /** What others want and offer in an interval is known from the next one on; the batteries' own orders are left out. */
  publish(book: Orders, interval: number): void {
    this.#forecasts.publish(book, interval)
  }

  /** The batteries' bids alone, which rest on what was published for earlier intervals. */
  bid(rows: OrderRows, moment: Moment, seats: Seats): void {
    for (const who of this.#trading) {
      this.#plan(who, moment)
      this.#bid(rows, who, moment, seats)
    }
  }

  /** What everybody learns once an interval is cleared. */
  hear(outcome: Outcome, { quarter }: Moment): void {
    this.#forecasts.hear(outcome, quarter)
  }

  /** Plans at the beginning of every day, and within it where things went otherwise. */
  #plan(who: number, { interval, quarter, segment }: Moment): void {
    const desk = this.desks[who]!
    const { replanIntervals, horizonIntervals } = desk.unit.plan
    if (quarter !== 0 && (interval % replanIntervals !== 0 || desk.isOnTrack(interval))) return
    const expected = this.#forecasts.horizon(desk.unit, interval)
    if (expected.count === 0) return
    const planner = this.#planners.of(horizonIntervals, expected.count)
    desk.planFrom(interval, expected, planner, this.#feeTicks(who, segment))
  }

  #bid(rows: OrderRows, who: number, { interval, segment }: Moment, seats: Seats): void {
    const bid = this.desks[who]!.bid(interval, this.#feeTicks(who, segment))
    if (!bid) return
    const { side, limitTicks, plannedWh, spareWh } = bid
    const sequence = sequenceOf(seats, ordersPerDesk * who, interval)
    const spareSequence = sequenceOf(seats, ordersPerDesk * who + 1, interval)
    this.#order(rows, who, { side, limitTicks, quantityWh: plannedWh, sequence })
    const spareTicks = limitTicks + (side === 0 ? -1 : 1)
    this.#order(rows, who, { side, limitTicks: spareTicks, quantityWh: spareWh, sequence: spareSequence })
  }

  #order(
    rows: OrderRows,
    who: number,
    order: { side: 0 | 1; limitTicks: number; quantityWh: number; sequence: number },
  ): void {
    const { side, limitTicks, quantityWh, sequence } = order
    const { floorTicks, capTicks } = this.#world.zone.market
    // A battery stays out where its limit lies outside the market's prices; clamped it would sell below its value.
    const isOutside = side === 1 ? limitTicks > capTicks : limitTicks < floorTicks
    if (quantityWh === 0 || isOutside) return
    const { book } = rows
    const row = openRow(rows, storageRow, who, side)
    book.bus[row] = this.desks[who]!.unit.bus
    book.limitTicks[row] = Math.min(capTicks, Math.max(floorTicks, limitTicks))
    book.quantityWh[row] = quantityWh
    book.sequence[row] = sequence
    rows.valueE8[row] = 0
  }

  #feeTicks(who: number, segment: number): number {
    const { zone, slots } = this.#world
    const { storageWithdrawalTicks, adders } = this.#wheeling
    const withdrawal = storageWithdrawalTicks[who * slots.segments.length + segment]!
    return this.desks[who]!.feeTicks(zone.wheeling.storageExempt, withdrawal, adders[segment]!)
  }
}

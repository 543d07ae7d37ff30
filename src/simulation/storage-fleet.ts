/**
 * The batteries of a zone in the market: their desks plan each day on yesterday's published books and place their bids
 * after everybody else's orders are in.
 */
import { intervalsPerDay } from '../base/units.ts'
import type { Orders } from '../market/book.ts'
import {
  addToLevels,
  appendSteps,
  makeDaySteps,
  makePriceLevels,
  type DaySteps,
} from '../strategy/day-steps.ts'
import { StoragePlanner } from '../strategy/storage-plan.ts'
import type { Moment } from './moment.ts'
import type { OrderSource } from './order-intake.ts'
import { openRow, sequenceOf, storageRow, type OrderRows, type Seats } from './order-rows.ts'
import { StorageDesk } from './storage-desk.ts'
import type { WheelingSlots } from './wheeling-slots.ts'
import type { World } from './world.ts'

export class StorageFleet implements OrderSource {
  readonly desks: readonly StorageDesk[]
  readonly #world: World
  readonly #wheeling: WheelingSlots
  readonly #planner: StoragePlanner
  readonly #levels = makePriceLevels(4096)
  #today: DaySteps
  #yesterday: DaySteps

  /** @param othersMax most rows that stand in a book before the batteries' */
  constructor(world: World, wheeling: WheelingSlots, othersMax: number) {
    const { zone, chart } = world
    const powerKw = zone.storages.reduce((sum, unit) => sum + unit.spec.powerKw, 0)
    const stepCapacity = intervalsPerDay * 2 * (othersMax + zone.storages.length)
    this.desks = zone.storages.map(
      (unit, index) => new StorageDesk(unit, chart.storage + index, unit.spec.powerKw / powerKw),
    )
    this.#world = world
    this.#wheeling = wheeling
    this.#planner = new StoragePlanner(intervalsPerDay, stepCapacity)
    this.#today = makeDaySteps(stepCapacity)
    this.#yesterday = makeDaySteps(stepCapacity)
  }

  get rowsMax(): number {
    return this.desks.length
  }

  startDay({ segment }: Moment): void {
    const yesterday = this.#today
    this.#today = this.#yesterday
    this.#yesterday = yesterday
    this.#today.count = 0
    if (yesterday.count === 0) return
    this.desks.forEach((desk, who) => desk.planDay(this.#planner, yesterday, this.#feeTicks(who, segment)))
  }

  place(rows: OrderRows, moment: Moment, seats: Seats): void {
    this.publish(rows.book, moment.quarter)
    this.bid(rows, moment, seats)
  }

  /** What others want and offer is known tomorrow. Quarters of a day follow each other. */
  publish(book: Orders, quarter: number): void {
    const levels = this.#levels
    levels.count = 0
    for (let row = 0; row < book.count; row++) {
      addToLevels(levels, book.side[row] === 1, book.limitTicks[row]!, book.quantityWh[row]!)
    }
    appendSteps(this.#today, quarter, levels)
  }

  /** The batteries' bids alone, which rest on what was published until yesterday. */
  bid(rows: OrderRows, moment: Moment, seats: Seats): void {
    for (let who = 0; who < this.desks.length; who++) this.#bid(rows, who, moment, seats)
  }

  #bid(rows: OrderRows, who: number, { interval, quarter, segment }: Moment, seats: Seats): void {
    const { floorTicks, capTicks } = this.#world.zone.market
    const desk = this.desks[who]!
    const bid = desk.bid(quarter, this.#feeTicks(who, segment))
    // A battery stays out where its limit lies outside the market's prices; clamped it would sell below its value.
    const isOutside = bid && (bid.side === 1 ? bid.limitTicks > capTicks : bid.limitTicks < floorTicks)
    if (!bid || isOutside) return
    const { book } = rows
    const row = openRow(rows, storageRow, who, bid.side)
    book.bus[row] = desk.unit.bus
    book.limitTicks[row] = Math.min(capTicks, bid.limitTicks)
    book.quantityWh[row] = bid.quantityWh
    book.sequence[row] = sequenceOf(seats, who, interval)
    rows.valueE8[row] = 0
  }

  #feeTicks(who: number, segment: number): number {
    const { zone, slots } = this.#world
    const { storageWithdrawalTicks, adders } = this.#wheeling
    const withdrawal = storageWithdrawalTicks[who * slots.segments.length + segment]!
    return this.desks[who]!.feeTicks(zone.wheeling.storageExempt, withdrawal, adders[segment]!)
  }
}

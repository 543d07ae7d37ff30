/** The orders of others in intervals to come: a forecast without error, for who wants to know what foresight is worth. */
import { intervalsPerDay } from '../base/units.ts'
import { Moment } from './moment.ts'
import { OrderIntake, type OrderSource } from './order-intake.ts'
import type { OrderRows } from './order-rows.ts'
import type { World } from './world.ts'

export class LookAhead {
  readonly #world: World
  readonly #intake: OrderIntake
  readonly #moment: Moment
  #day = -1

  /** @param sources of its own, since a source knows one day at a time */
  constructor(world: World, sources: readonly OrderSource[]) {
    this.#world = world
    this.#intake = new OrderIntake(sources)
    this.#moment = new Moment(world.slots)
  }

  /** The rows are filled anew at the next call. */
  rowsAt(interval: number): OrderRows {
    const day = Math.floor(interval / intervalsPerDay)
    this.#moment.moveTo(day * intervalsPerDay, this.#world.zone.calendar.days[day]!.monthIndex)
    if (day !== this.#day) this.#intake.startDay(this.#moment)
    this.#day = day
    this.#moment.moveTo(interval, this.#moment.month)
    return this.#intake.collect(this.#moment)
  }
}

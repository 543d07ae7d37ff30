/**
 * Time is a tree too: the best use of a battery over some intervals is a clearing on a chain of them.
 *
 * One bus per interval; stored energy is carried from each to the next, at most the energy capacity, never back. The book is
 * that of {@link StorageBook}, the engine is the market's own on a chain. Its prices are the value of stored energy, a range
 * at every interval: the battery buys up to low · η_charge and sells from (high + wear) / η_discharge, and is never at a loss.
 * Every plan is proved.
 *
 * Where a price is negative it can pay to charge and discharge at once and burn energy in between. A battery does one thing at
 * a time, so where the chain does both, {@link bestSides} decides what each such interval does, and the chain is cleared again.
 */
import { assert } from '../base/errors.ts'
import { ChainEngine, type ChainClearing } from '../market/clear-chain.ts'
import type { DaySteps } from './day-steps.ts'
import { bestSides } from './one-side.ts'
import { StorageBook, type PlannedBattery } from './storage-book.ts'

/** The arrays belong to the planner. */
export interface StoragePlan {
  /** lowest and highest value of a stored kWh in every interval, −∞ and ∞ where only what must be bounds it [ticks] */
  readonly lowTicks: Float64Array
  readonly highTicks: Float64Array
  /** net stored energy, positive when charging [Wh] */
  readonly storedChangeWh: Float64Array
  /** what must be there and cannot: energy wanted in the battery, and energy in it that it cannot get rid of [Wh] */
  missingWh: number
  excessWh: number
  /** whether the intervals' sides had to be searched for */
  isSearched: boolean
}

export class StoragePlanner {
  readonly #engine: ChainEngine
  readonly #book: StorageBook
  readonly #plan: StoragePlan
  /** the steps that the book holds, where they stay as they are */
  #kept: DaySteps | null = null

  /** @param intervals length of the chain; @param steps most steps the chain may have */
  constructor(intervals: number, steps: number) {
    this.#book = new StorageBook(intervals, steps)
    this.#engine = new ChainEngine(intervals, this.#book.bus.length)
    const { priceLowTicks, priceHighTicks, changeWh } = this.#engine.clearing
    this.#plan = {
      lowTicks: priceLowTicks,
      highTicks: priceHighTicks,
      storedChangeWh: changeWh,
      missingWh: 0,
      excessWh: 0,
      isSearched: false,
    }
  }

  /** Plans on what every interval offers, step by step. */
  plan(battery: PlannedBattery, steps: DaySteps): StoragePlan {
    this.#fill(battery, steps)
    return this.#solve(battery)
  }

  /** The same on steps that nobody changes: where the last plan was on these too, another start is soon planned from. */
  planOn(battery: PlannedBattery, steps: DaySteps): StoragePlan {
    if (steps !== this.#kept || !this.#book.restart(battery)) this.#fill(battery, steps)
    this.#kept = steps
    return this.#solve(battery)
  }

  #fill(battery: PlannedBattery, steps: DaySteps): void {
    this.#kept = null
    this.#book.begin(battery)
    this.#book.addSteps(steps)
    this.#book.finish()
  }

  /**
   * Plans on a series of prices at which any energy is bought and sold.
   *
   * @param priceTicks one an interval
   */
  planPrices(battery: PlannedBattery, priceTicks: ArrayLike<number>): StoragePlan {
    this.#kept = null
    this.#book.begin(battery)
    this.#book.addPrices(priceTicks)
    this.#book.finish()
    return this.#solve(battery)
  }

  /** The schedule alone, with no value of stored energy and no proof: for who weighs many and then plans with one. */
  weigh(battery: PlannedBattery, steps: DaySteps): Pick<StoragePlan, 'storedChangeWh' | 'missingWh'> {
    this.#fill(battery, steps)
    this.#schedule(battery, () => this.#engine.accept(this.#book, battery.storedWhMax))
    return this.#plan
  }

  #solve(battery: PlannedBattery): StoragePlan {
    this.#schedule(battery, () => this.#clear(battery))
    if (this.#book.hasMust) this.#openEnds()
    return this.#plan
  }

  #clear({ storedWhMax }: PlannedBattery): ChainClearing {
    const clearing = this.#engine.clear(this.#book, storedWhMax)
    assert(this.#engine.isProved(this.#book, storedWhMax), 'the plan of a battery is not proved optimal')
    return clearing
  }

  /** @param clear clears the book as it is */
  #schedule(battery: PlannedBattery, clear: () => Pick<ChainClearing, 'switchedWh' | 'changeWh'>): void {
    const book = this.#book
    const plan = this.#plan
    let { switchedWh, changeWh } = clear()
    plan.isSearched = book.mayDoBoth && book.doesBoth(switchedWh)
    if (plan.isSearched) {
      book.keepSides(bestSides(book, battery, plan.lowTicks.length))
      ;({ switchedWh, changeWh } = clear())
    }
    plan.excessWh = battery.storedWh - switchedWh[0]!
    plan.missingWh = book.missingWh(switchedWh)
    book.leaveOutEnds(changeWh, switchedWh)
  }

  /** A price that only what must be bounds is no price. */
  #openEnds(): void {
    const { lowTicks, highTicks } = this.#plan
    const { lowestTicks, highestTicks } = this.#book
    for (let interval = 0; interval < lowTicks.length; interval++) {
      if (lowTicks[interval]! < lowestTicks) lowTicks[interval] = -Infinity
      if (highTicks[interval]! > highestTicks) highTicks[interval] = Infinity
    }
  }
}

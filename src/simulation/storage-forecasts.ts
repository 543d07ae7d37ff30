/**
 * What batteries expect others to want and offer over a horizon, each by the forecast it names: the books published for the day
 * or the week before, the prices of the day before at which any energy may be had, or the books to come.
 */
import { hoursPerInterval, intervalsPerDay, intervalsPerWeek } from '../base/units.ts'
import type { Orders } from '../market/book.ts'
import type { StorageForecast, StorageUnit } from '../scenario/zone.ts'
import { addToLevels, makeDaySteps, makePriceLevels, type DaySteps } from '../strategy/day-steps.ts'
import { PublishedBooks, sameTimeBefore } from '../strategy/published-books.ts'
import type { LookAhead } from './look-ahead.ts'
import type { Outcome } from './outcome.ts'

export class StorageForecasts {
  readonly #levels = makePriceLevels(4096)
  readonly #past: PublishedBooks
  readonly #future: PublishedBooks
  readonly #lookAhead: LookAhead | null
  readonly #intervals: number
  /** prices of the last day by bus and quarter, NaN where none is known */
  readonly #priceTicks: Float64Array
  #steps = makeDaySteps(1024)
  /** whose horizon the steps are */
  #at: { forecast: StorageForecast; horizonIntervals: number; from: number; place: number } = {
    forecast: 'yesterday',
    horizonIntervals: 0,
    from: -1,
    place: 0,
  }

  /**
   * @param intervals of the run
   * @param lookAhead needed where a unit forecasts perfectly
   */
  constructor(
    units: readonly StorageUnit[],
    size: { readonly intervals: number; readonly buses: number },
    lookAhead: LookAhead | null,
  ) {
    const powerWh = units.reduce((sum, { spec }) => sum + spec.powerKw * 1000 * hoursPerInterval, 0)
    const longest = units.reduce((most, { plan }) => Math.max(most, plan.horizonIntervals), 0)
    // Shares of steps are rounded down, so a little more than all their power is kept.
    const mostWh = 1.05 * powerWh
    this.#past = new PublishedBooks(intervalsPerWeek, mostWh)
    this.#future = new PublishedBooks(longest, mostWh)
    this.#lookAhead = lookAhead
    this.#intervals = size.intervals
    this.#priceTicks = new Float64Array(size.buses * intervalsPerDay).fill(NaN)
  }

  /** What others want and offer in an interval is known from the next one on. */
  publish(book: Orders, interval: number): void {
    this.#past.publish(interval, this.#levelsOf(book))
  }

  /** So are the prices at which it was cleared. */
  hear({ isHeld, busTicks }: Outcome, quarter: number): void {
    for (let bus = 0; bus < busTicks.length; bus++) {
      this.#priceTicks[bus * intervalsPerDay + quarter] = isHeld ? busTicks[bus]! : NaN
    }
  }

  /**
   * Steps of a unit's horizon from an interval on; empty as long as nothing is known. The same object as long as they are the
   * same; its columns are filled anew after that.
   */
  horizon({ plan, bus }: StorageUnit, from: number): DaySteps {
    // Units that expect the same share the steps.
    const place = plan.forecast === 'prices' ? bus : 0
    if (this.#isCurrent(plan, from, place)) return this.#steps
    this.#steps = { ...this.#steps, count: 0 }
    this.#at = { forecast: plan.forecast, horizonIntervals: plan.horizonIntervals, from, place }
    for (let ahead = 0; ahead < plan.horizonIntervals; ahead++) {
      this.#expect(plan.forecast, bus, from, ahead)
    }
    return this.#steps
  }

  #isCurrent({ forecast, horizonIntervals }: StorageUnit['plan'], from: number, place: number): boolean {
    const at = this.#at
    return (
      at.from === from &&
      at.forecast === forecast &&
      at.horizonIntervals === horizonIntervals &&
      at.place === place
    )
  }

  #expect(forecast: StorageForecast, bus: number, from: number, ahead: number): void {
    const interval = from + ahead
    if (forecast === 'perfect') {
      if (interval < this.#intervals) this.#append(this.#foreseen(interval), interval, ahead)
      return
    }
    const priceTicks = this.#priceTicks[bus * intervalsPerDay + (interval % intervalsPerDay)]!
    if (forecast === 'prices' && !Number.isNaN(priceTicks)) return this.#appendPrice(priceTicks, ahead)
    const known = this.#latestKnown(from, interval, forecast)
    if (known !== null) this.#append(this.#past, known, ahead)
  }

  /** The book at the same time of the week before, or of the day before where that is asked for or all there is. */
  #latestKnown(from: number, interval: number, forecast: StorageForecast): number | null {
    const lastWeek = sameTimeBefore(from, interval, intervalsPerWeek)
    if (forecast !== 'yesterday' && this.#past.knows(lastWeek)) return lastWeek
    const yesterday = sameTimeBefore(from, interval, intervalsPerDay)
    return this.#past.knows(yesterday) ? yesterday : null
  }

  #foreseen(interval: number): PublishedBooks {
    if (!this.#future.knows(interval)) {
      this.#future.publish(interval, this.#levelsOf(this.#lookAhead!.rowsAt(interval).book))
    }
    return this.#future
  }

  #append(books: PublishedBooks, interval: number, ahead: number): void {
    this.#reserve(books.stepsOf(interval))
    books.copyTo(this.#steps, interval, ahead)
  }

  /** At a price the plan may buy and sell as much as it likes. */
  #appendPrice(priceTicks: number, ahead: number): void {
    this.#reserve(2)
    const steps = this.#steps
    for (const isSupply of [0, 1]) {
      const row = steps.count++
      steps.interval[row] = ahead
      steps.isSupply[row] = isSupply
      steps.priceTicks[row] = priceTicks
      steps.energyWh[row] = Number.MAX_SAFE_INTEGER
    }
  }

  #reserve(rows: number): void {
    const steps = this.#steps
    if (steps.count + rows <= steps.interval.length) return
    const larger = makeDaySteps(2 * (steps.count + rows))
    larger.count = steps.count
    larger.interval.set(steps.interval)
    larger.isSupply.set(steps.isSupply)
    larger.priceTicks.set(steps.priceTicks)
    larger.energyWh.set(steps.energyWh)
    this.#steps = larger
  }

  #levelsOf(book: Orders) {
    const levels = this.#levels
    levels.count = 0
    for (let row = 0; row < book.count; row++) {
      addToLevels(levels, book.side[row] === 1, book.limitTicks[row]!, book.quantityWh[row]!)
    }
    return levels
  }
}

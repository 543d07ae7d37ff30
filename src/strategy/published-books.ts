/**
 * What is remembered of published books, interval by interval: for each the steps that a battery could trade with. As many
 * intervals are kept as a week has; older ones make room.
 */
import { appendSteps, stepsPerLevel, makeDaySteps, type DaySteps, type PriceLevels } from './day-steps.ts'

export class PublishedBooks {
  readonly #kept: DaySteps[] = []
  readonly #intervalOf: Int32Array
  readonly #mostWh: number

  /**
   * @param intervals how many are kept
   * @param mostWh energy on each side of a book's crossing beyond which nobody is interested [Wh]
   */
  constructor(intervals: number, mostWh: number) {
    this.#intervalOf = new Int32Array(intervals).fill(-1)
    this.#mostWh = mostWh
  }

  knows(interval: number): boolean {
    return interval >= 0 && this.#intervalOf[interval % this.#intervalOf.length] === interval
  }

  /** @param levels others' orders of the interval, by price */
  publish(interval: number, levels: PriceLevels): void {
    const place = interval % this.#intervalOf.length
    this.#intervalOf[place] = interval
    const steps = this.#stepsAt(place, stepsPerLevel * levels.count)
    appendSteps(steps, 0, levels, this.#mostWh)
  }

  /** How many steps an interval that is known has. */
  stepsOf(interval: number): number {
    return this.#kept[interval % this.#intervalOf.length]!.count
  }

  /** Appends the steps of an interval that is known, under another number. */
  copyTo(steps: DaySteps, interval: number, number: number): void {
    const kept = this.#kept[interval % this.#intervalOf.length]!
    for (let row = 0; row < kept.count; row++) {
      const to = steps.count++
      steps.interval[to] = number
      steps.isSupply[to] = kept.isSupply[row]!
      steps.priceTicks[to] = kept.priceTicks[row]!
      steps.energyWh[to] = kept.energyWh[row]!
    }
  }

  #stepsAt(place: number, rows: number): DaySteps {
    const kept = this.#kept[place]
    if (kept && kept.interval.length >= rows) {
      kept.count = 0
      return kept
    }
    const larger = makeDaySteps(2 * rows)
    this.#kept[place] = larger
    return larger
  }
}

/** The latest interval before `from` that lies whole periods before `interval`. */
export function sameTimeBefore(from: number, interval: number, period: number): number {
  return interval - (Math.floor((interval - from) / period) + 1) * period
}

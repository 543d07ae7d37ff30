/** Random days as a battery sees them: books of buys and sells, interval by interval, made into steps. */
import fc from 'fast-check'
import {
  addToLevels,
  appendSteps,
  makeDaySteps,
  makePriceLevels,
  type DaySteps,
} from '../../src/strategy/day-steps.ts'

export interface LevelOrder {
  readonly isSell: boolean
  readonly priceTicks: number
  readonly energyWh: number
}

export function ordersOf({ count = 6, priceMin = 0, priceMax = 30, unitWh = 1 } = {}): fc.Arbitrary<
  LevelOrder[]
> {
  return fc.array(
    fc.record({
      isSell: fc.boolean(),
      priceTicks: fc.integer({ min: priceMin, max: priceMax }),
      energyWh: fc.integer({ min: 1, max: 6 }).map((units) => units * unitWh),
    }),
    { maxLength: count },
  )
}

/** The steps of a day of books. */
export function stepsOf(day: readonly (readonly LevelOrder[])[]): DaySteps {
  const orders = day.reduce((sum, book) => sum + book.length, 0)
  const steps = makeDaySteps(4 * orders)
  day.forEach((book, interval) => {
    const levels = makePriceLevels(book.length)
    for (const order of book) addToLevels(levels, order.isSell, order.priceTicks, order.energyWh)
    appendSteps(steps, interval, levels)
  })
  return steps
}

export interface Step {
  readonly interval: number
  readonly isSupply: boolean
  readonly priceTicks: number
  readonly energyWh: number
}

export function rowsOf(steps: DaySteps): Step[] {
  return Array.from({ length: steps.count }, (_, row) => ({
    interval: steps.interval[row]!,
    isSupply: steps.isSupply[row] === 1,
    priceTicks: steps.priceTicks[row]!,
    energyWh: steps.energyWh[row]!,
  }))
}

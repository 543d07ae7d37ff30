/**
 * All years of a project's life from a few that are known. Between two known years amounts change evenly; before the
 * first and after the last they keep its level, scaled by what is left of the asset. Then prices and costs rise.
 *
 *     known years a < n < b:   level_n = level_a + (level_b − level_a) · (n − a)/(b − a)
 *     one known year a:        level_n = level_a · remaining_n / remaining_a
 *     amount_n = level_n · (1 + rise)^(n−1)
 */
import { assert } from '../base/errors.ts'
import type { Decimal } from './money.ts'

/** A year that was looked at closely, at the prices of year 1. */
export interface KnownYear {
  /** 1 is the first year of operation */
  readonly year: number
  readonly amount: Decimal
}

/**
 * @param known at least one, in order of years
 * @param remaining share of the new asset's output that is left in each year, year 1 first; its length is the life
 * @returns level of every year, at the prices of year 1
 */
export function levels(known: readonly KnownYear[], remaining: readonly Decimal[]): Decimal[] {
  const [first, last] = [known[0], known.at(-1)]
  assert(first !== undefined && last !== undefined, 'a project needs one known year')
  const scaled = (from: KnownYear, year: number) =>
    from.amount.times(remaining[year - 1]!).div(remaining[from.year - 1]!)
  return remaining.map((_, index) => {
    const year = index + 1
    const own = known.find((each) => each.year === year)
    if (own) return own.amount
    if (year < first.year) return scaled(first, year)
    if (year > last.year) return scaled(last, year)
    const after = known.findIndex((each) => each.year > year)
    const [a, b] = [known[after - 1]!, known[after]!]
    return b.amount
      .minus(a.amount)
      .times(year - a.year)
      .div(b.year - a.year)
      .plus(a.amount)
  })
}

/** Amounts at the prices of their own year. */
export function risen(amounts: readonly Decimal[], risePerYear: Decimal): Decimal[] {
  const growth = risePerYear.plus(1)
  return amounts.map((amount, index) => amount.times(growth.pow(index)))
}

/**
 * All years of a project's life from a few that are known. What an asset brings, over what is left of it, changes evenly
 * between two known years and keeps its level before the first and after the last. Then prices and costs rise.
 *
 *     full_a   = amount_a / remaining_a                                    in a known year a
 *     level_n  = remaining_n · (full_a + (full_b − full_a) · (n − a)/(b − a)),   a ≤ n ≤ b
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
 * @param remaining share of the new asset's output that is left in each year, above 0, year 1 first; its length is the life
 * @returns level of every year, at the prices of year 1; of a known year its own amount
 */
export function levels(known: readonly KnownYear[], remaining: readonly Decimal[]): Decimal[] {
  assert(
    known.length > 0 && known.every(({ year }) => year <= remaining.length),
    'a project needs a known year, and none beyond its life',
  )
  const fullOf = ({ year, amount }: KnownYear) => amount.div(remaining[year - 1]!)
  return remaining.map((left, index) => {
    const year = index + 1
    const own = known.find((each) => each.year === year)
    if (own) return own.amount
    const before = known.findLast((each) => each.year < year)
    const after = known.find((each) => each.year > year)
    if (!before || !after) return fullOf((before ?? after)!).times(left)
    const rise = fullOf(after).minus(fullOf(before))
    const part = rise.times(year - before.year).div(after.year - before.year)
    return fullOf(before).plus(part).times(left)
  })
}

/** Amounts at the prices of their own year. */
export function risen(amounts: readonly Decimal[], risePerYear: Decimal): Decimal[] {
  const growth = risePerYear.plus(1)
  return amounts.map((amount, index) => amount.times(growth.pow(index)))
}

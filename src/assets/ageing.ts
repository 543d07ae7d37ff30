/**
 * What is left of an asset's output after years of use: PV modules give less power, batteries hold less energy.
 *
 *     remaining(year 1) = 1
 *     remaining(year n) = (1 − firstYearLoss) · (1 − yearlyLoss)^(n−2),   n ≥ 2
 *
 * Year 1 is the asset's first; its own loss shows from the second on. Fractions of years and failures are left out.
 */
import { assert } from '../base/errors.ts'

export interface Ageing {
  /** share lost in the first year, 0 to below 1 */
  readonly firstYearLoss: number
  /** share of what is left that is lost in every later year */
  readonly yearlyLoss: number
}

/** @param year of the asset's life, 1 or more */
export function remainingShare({ firstYearLoss, yearlyLoss }: Ageing, year: number): number {
  assert(Number.isSafeInteger(year) && year >= 1, () => `an asset's first year is 1, not ${year}`)
  return year === 1 ? 1 : (1 - firstYearLoss) * (1 - yearlyLoss) ** (year - 2)
}

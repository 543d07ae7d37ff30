/**
 * Money of other years, seen from the year of the investment.
 *
 *     present = Σ amount_t / (1 + rate)^t,   t = 0, 1, 2 …
 *
 * Every amount falls due at the end of its year; year 0 is the moment of the investment.
 */
import { assert } from '../base/errors.ts'
import { zero, type Decimal } from './money.ts'

/** Each amount by itself, as it is worth in year 0. The rate is above −1. */
export function discounted(amounts: readonly Decimal[], rate: Decimal): Decimal[] {
  const growth = growthOf(rate)
  return amounts.map((amount, year) => amount.div(growth.pow(year)))
}

function growthOf(rate: Decimal): Decimal {
  assert(rate.gt(-1), () => `a discount rate lies above -1, not at ${rate.toString()}`)
  return rate.plus(1)
}

/** Net present value (净现值) of amounts from year 0 on, by Horner's rule: one rounding a year. */
export function presentValue(amounts: readonly Decimal[], rate: Decimal): Decimal {
  const growth = growthOf(rate)
  return amounts.reduceRight((later, amount) => later.div(growth).plus(amount), zero)
}

/**
 * Levelised cost (平准化成本): the constant price of a unit at which its revenue, discounted, pays what it costs.
 *
 *     levelised = Σ cost_t / (1 + rate)^t  ÷  Σ quantity_t / (1 + rate)^t
 *
 * Source: W. Short, D. J. Packey, T. Holt, A Manual for the Economic Evaluation of Energy Efficiency and Renewable
 * Energy Technologies, NREL/TP-462-5173 (1995), without its taxes.
 *
 * @returns null where nothing is produced
 */
export function levelisedCost(
  costs: readonly Decimal[],
  quantities: readonly Decimal[],
  rate: Decimal,
): Decimal | null {
  const produced = presentValue(quantities, rate)
  return produced.isZero() ? null : presentValue(costs, rate).div(produced)
}

/**
 * Money of years, as decimals with 40 digits: sums and products of amounts are exact, quotients are rounded far below
 * a fen. What is paid in a year is whole fen, rounded half to even, once.
 */
import { Decimal as DecimalJs } from 'decimal.js'

export const Decimal = DecimalJs.clone({ precision: 40, rounding: DecimalJs.ROUND_HALF_EVEN })
export type Decimal = DecimalJs

export const zero: Decimal = new Decimal(0)

export function sumOf(amounts: readonly Decimal[]): Decimal {
  return amounts.reduce((sum, amount) => sum.plus(amount), zero)
}

/** An amount as it is paid: whole fen, half to even. */
export function paid(amount: Decimal): Decimal {
  return amount.toDecimalPlaces(2)
}

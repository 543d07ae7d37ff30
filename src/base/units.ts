/**
 * What is traded is counted in whole numbers, with the scale declared here once.
 *
 * | quantity | whole unit | at the edge |
 * |---|---|---|
 * | energy | Wh | kWh, 3 decimals |
 * | price, fee | tick = 0.0001 CNY/kWh | CNY/kWh, 4 decimals |
 * | money of a trade | 1e-7 CNY = Wh × tick | CNY |
 * | published rate | 1e-8 CNY/kWh | CNY/kWh, up to 8 decimals |
 * | money of the ledger | 1e-11 CNY = Wh × rate | CNY |
 *
 * Brands keep the units apart where single values travel; columns in typed arrays carry the unit in their name.
 */
import { fail } from './errors.ts'
import { nearestWhole } from './whole.ts'

declare const unit: unique symbol
type Unit<Name extends string> = number & { readonly [unit]: Name }

/** Energy [Wh], a safe whole number. */
export type Wh = Unit<'Wh'>
/** Price or fee [0.0001 CNY/kWh], a safe whole number. */
export type Ticks = Unit<'Ticks'>
/** Published rate [1e-8 CNY/kWh], a safe whole number. */
export type RateE8 = Unit<'RateE8'>

export const ticksPerCny = 10_000
export const rateE8PerCny = 100_000_000
/** A tick is this many units of a published rate. */
export const rateE8PerTick = 10_000
/** Interval length of the market: a quarter of an hour [h]. */
export const hoursPerInterval = 0.25
export const intervalsPerDay = 96
export const intervalsPerWeek = 7 * intervalsPerDay

/** @throws BrokenAssertion when the value is not a safe whole number */
export function wh(value: number): Wh {
  if (!Number.isSafeInteger(value)) fail(`energy must be whole Wh within 2^53, not ${value}`)
  return value as Wh
}

/** @throws BrokenAssertion when the value is not a safe whole number */
export function ticks(value: number): Ticks {
  if (!Number.isSafeInteger(value)) fail(`a price must be whole ticks within 2^53, not ${value}`)
  return value as Ticks
}

/** @throws BrokenAssertion when the value is not a safe whole number */
export function rateE8(value: number): RateE8 {
  if (!Number.isSafeInteger(value)) fail(`a rate must be whole 1e-8 CNY/kWh within 2^53, not ${value}`)
  return value as RateE8
}

/**
 * The one place where physics becomes bookkeeping: mean power over an interval, as whole Wh.
 *
 *     energyWh = round(powerKw · 1000 · 0.25)
 *
 * @param powerKw mean power of the interval [kW], finite
 */
export function energyWhOf(powerKw: number): Wh {
  return wh(uncheckedWhOf(powerKw))
}

/** The same where a column is checked as a whole. */
export function uncheckedWhOf(powerKw: number): number {
  return nearestWhole(powerKw * 1000 * hoursPerInterval)
}

/** Energy that a limit lets through in an interval: whole Wh, none beyond it, ⌊powerKw · 250⌋. */
export function limitWhOf(powerKw: number): number {
  return Math.floor(powerKw * 250)
}

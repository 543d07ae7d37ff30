/**
 * What one participant pays or is paid in a quarter-hour is one double of whole 1e-11 CNY, which must be exact. That holds
 * for 28 MW at 10 CNY/kWh and for 280 MW at 1; beyond it the unit of a file or a size is wrong, and that is said.
 */
import { isoStart, type Calendar } from '../base/calendar.ts'
import type { Fault } from '../base/errors.ts'
import { hoursPerInterval, rateE8PerCny } from '../base/units.ts'

/** Left below what a double holds, so that a running total has room for it. [1e-11 CNY] */
const mostE11 = 7e15

/** What a participant's meter shows, and the highest price it may see. */
export interface Side {
  readonly id: string
  /** where its load is read from a file */
  readonly file?: string
  readonly meteredWh: Int32Array
  readonly priceE8: number
}

/** Faults of all participants whose energy is too much for that. */
export function uncountable(sides: readonly Side[], calendar: Calendar): Fault[] {
  return sides.flatMap(({ id, file, meteredWh, priceE8 }) => {
    const energyWh = meteredWh.reduce((most, each) => Math.max(most, each), 0)
    if (energyWh * priceE8 <= mostE11) return []
    const price = `${priceE8 / rateE8PerCny} CNY/kWh`
    const wanted = `at most ${Math.floor(kwOf(mostE11 / priceE8))} kW, whose money is counted exactly at ${price}`
    return [tooLarge({ id, file, wanted, kw: kwOf(energyWh) }, calendar, meteredWh.indexOf(energyWh))]
  })
}

interface TooLarge {
  readonly id: string
  readonly file: string | undefined
  readonly wanted: string
  readonly kw: number
}

/** The fault of a participant with more power than can be counted. */
export function tooLarge({ id, file, wanted, kw }: TooLarge, calendar: Calendar, interval: number): Fault {
  return {
    code: 'too-large',
    ...(file === undefined ? {} : { file }),
    path: `participants.${id}`,
    wanted,
    came: `${kw} kW on ${isoStart(calendar, interval).slice(0, 16).replace('T', ' ')}`,
  }
}

function kwOf(energyWh: number): number {
  return energyWh / 1000 / hoursPerInterval
}

/**
 * What one participant pays or is paid in a quarter-hour is one double of whole 1e-11 CNY, which must be exact. That holds
 * for 28 MW at 10 CNY/kWh and for 280 MW at 1; beyond it the unit of a file or a size is wrong, and that is said.
 */
import { isoStart, type Calendar } from '../base/calendar.ts'
import type { Fault } from '../base/errors.ts'
import { highest } from '../base/columns.ts'
import { hoursPerInterval, rateE8PerCny, rateE8PerTick } from '../base/units.ts'
import type { OutsidePrice } from '../scenario/zone.ts'
import { OutsidePrices } from './outside-prices.ts'
import type { World } from './world.ts'

/** Left below what a double holds, so that a running total has room for it. [1e-11 CNY] */
const mostE11 = 7e15

/** What a participant's meter shows, and the highest price it may see. */
interface Side {
  readonly id: string
  /** where its load is read from a file */
  readonly file?: string
  readonly meteredWh: Int32Array
  readonly priceE8: number
}

/** Faults of all participants whose energy is too much for that. */
export function uncountable(world: World): Fault[] {
  const { calendar } = world.zone
  return sidesOf(world).flatMap(({ id, file, meteredWh, priceE8 }) => {
    const energyWh = highest(meteredWh)
    if (energyWh * priceE8 <= mostE11) return []
    const price = `${priceE8 / rateE8PerCny} CNY/kWh`
    const wanted = `at most ${Math.floor(kwOf(mostE11 / priceE8))} kW, whose money is counted exactly at ${price}`
    return [tooLarge({ id, file, wanted, kw: kwOf(energyWh) }, calendar, meteredWh.indexOf(energyWh))]
  })
}

/** A buyer may see the prices of its contract, a seller the one outside and what the buyer that can pay most pays. */
function sidesOf(world: World): Side[] {
  const { zone, buyers, meter, series } = world
  const prices = new OutsidePrices(world)
  const dearest = highestOfEach()
  const mostPaidE8 = Math.min(
    zone.market.capTicks * rateE8PerTick,
    buyers.reduce((most, { rates }) => Math.max(most, dearest(rates.fullE8)), 0),
  )
  const sold = (source: 'pv' | 'cogeneration', { outside }: { readonly outside: OutsidePrice }) =>
    Math.max(mostPaidE8, dearest(prices.of(outside, source).outsideE8))
  return [
    ...buyers.map(({ meteredWh, rates }, index) => {
      const { id, load } = zone.enterprises[index]!
      const file = load.kind === 'file' ? { file: load.file } : {}
      return { id, ...file, meteredWh, priceE8: dearest(rates.fullE8) }
    }),
    ...zone.pvUnits.map((unit, index) => ({
      id: unit.id,
      meteredWh: meter.surplusWh[index]!,
      priceE8: sold('pv', unit),
    })),
    ...zone.cogenerations.map((unit, index) => ({
      id: unit.id,
      meteredWh: series.cogenerationWh[index]!,
      priceE8: sold('cogeneration', unit),
    })),
  ]
}

/** The highest of a column, looked for once: many participants share one of prices. */
function highestOfEach(): (column: Float64Array) => number {
  const known = new Map<Float64Array, number>()
  return (column) => {
    const found = known.get(column) ?? highest(column)
    known.set(column, found)
    return found
  }
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

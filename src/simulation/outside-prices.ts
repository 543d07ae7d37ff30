/** What a kWh fed in earns outside the market, and what its purchaser pays of it. */
import type { OutsidePrice, Zone } from '../scenario/zone.ts'
import { ratesAt } from './rates.ts'
import type { World } from './world.ts'

/** A zone's year and its prices. */
export type PricedYear = Pick<World, 'zone' | 'slots' | 'upstreamE8'>

/** Outside and reference prices by interval; units with the same terms share their columns. */
export class OutsidePrices {
  readonly #world: PricedYear
  readonly #known = new Map<string, { outsideE8: Float64Array; referenceE8: Float64Array }>()

  constructor(world: PricedYear) {
    this.#world = world
  }

  of(
    outside: OutsidePrice,
    source: 'pv' | 'cogeneration',
  ): { outsideE8: Float64Array; referenceE8: Float64Array } {
    const key = JSON.stringify([outside, source])
    const found = this.#known.get(key)
    if (found) return found
    const { zone, upstreamE8 } = this.#world
    const columns = {
      outsideE8: byInterval(zone, (interval) => this.#outsideE8(outside, interval)),
      referenceE8: byInterval(zone, (interval) =>
        source === 'pv' && outside.kind !== 'spot'
          ? ratesAt(this.#world.slots, interval).pvReferenceE8
          : upstreamE8[interval]!,
      ),
    }
    this.#known.set(key, columns)
    return columns
  }

  #outsideE8(outside: OutsidePrice, interval: number): number {
    switch (outside.kind) {
      case 'mechanism-stock':
        return ratesAt(this.#world.slots, interval).mechanism.stockE8
      case 'mechanism-incremental':
        return ratesAt(this.#world.slots, interval).mechanism.incrementalE8
      case 'fixed':
        return outside.priceE8
      case 'spot':
        return this.#world.upstreamE8[interval]!
    }
  }
}

export function byInterval(zone: Zone, valueAt: (interval: number) => number): Float64Array {
  const column = new Float64Array(zone.calendar.intervals)
  for (let interval = 0; interval < column.length; interval++) column[interval] = valueAt(interval)
  return column
}

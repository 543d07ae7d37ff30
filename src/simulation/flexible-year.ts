/**
 * A year of loads that are machines, without the market. What follows prices plans on its own contract's, which are known
 * ahead; the rest does what it does by itself.
 */
import { intervalsPerDay, rateE8PerTick } from '../base/units.ts'
import type { Zone } from '../scenario/zone.ts'
import { horizonDays, openDesk } from './load-desks.ts'
import { uncontrolledYear, type LoadYear } from './flexible-loads.ts'
import { contractRates, type RateSlots } from './rates.ts'
import type { Series } from './series.ts'

/** A load's year by itself and as it was decided, which is the same where it follows no prices. */
export interface FlexibleYear {
  readonly enterprise: number
  readonly followsPrices: boolean
  readonly uncontrolled: LoadYear
  readonly decided: LoadYear
}

export function decideFlexible(zone: Zone, series: Series, slots: RateSlots): FlexibleYear[] {
  const { intervals } = zone.calendar
  return series.flexible.map((load) => {
    const { enterprise, followsPrices } = load
    const uncontrolled = uncontrolledYear(load, intervals)
    if (!followsPrices) return { enterprise, followsPrices, uncontrolled, decided: uncontrolled }
    const fullTicks = contractTicks(zone, enterprise, slots)
    const desk = openDesk(load, intervals)
    for (let first = 0; first < intervals; first += intervalsPerDay) {
      desk.planDay(first, contractHorizon(fullTicks, slots, first))
    }
    return { enterprise, followsPrices, uncontrolled, decided: desk.year() }
  })
}

/** The physical year with the loads of machines in their places. */
export function withDecided(series: Series, years: readonly FlexibleYear[]): Series {
  if (years.length === 0) return series
  const loadWh = series.loadWh.slice()
  for (const { enterprise, decided } of years) loadWh[enterprise] = decided.energyWh
  return { ...series, loadWh }
}

/** Full price of a kWh on an enterprise's ordinary contract, by slot. [ticks] */
export function contractTicks(zone: Zone, enterprise: number, slots: RateSlots): Float64Array {
  const { contract, connection } = zone.enterprises[enterprise]!
  return contractRates(zone.calendar, slots, contract, connection).fullE8.map((e8) => e8 / rateE8PerTick)
}

/** Contract prices of the days that a desk looks at; beyond the run's end its last day comes again. */
export function contractHorizon(
  fullTicks: Float64Array,
  { slotOf }: RateSlots,
  firstInterval: number,
): Float64Array {
  return Float64Array.from({ length: horizonDays * intervalsPerDay }, (_, at) => {
    const last = slotOf.length - intervalsPerDay + (at % intervalsPerDay)
    return fullTicks[slotOf[Math.min(firstInterval + at, last)]!]!
  })
}

/** What the participants of a zone expect of their meters, by their forecasts, when each auction's gate closes. */
import { isWorkday } from '../assets/holidays.ts'
import type { Zone } from '../scenario/zone.ts'
import { forecast, type ForecastMode } from '../strategy/forecast/index.ts'
import { dayAheadLeads, intradayLeads } from '../strategy/forecast/leads.ts'

export interface Expectation {
  /** at the gate of the interval itself [Wh] */
  readonly orderWh: Int32Array
  /** at the gate of the day before [Wh]; null where no auction is held then, or where nothing is known yet */
  readonly dayAheadWh: Int32Array | null
}

/** @param source what the meter measures: loads differ by kind of day, the sun does not */
export function expectationOf(
  zone: Zone,
  source: 'load' | 'pv',
  { id, forecast: mode }: { readonly id: string; readonly forecast: ForecastMode },
  meteredWh: Int32Array,
): Expectation {
  if (mode.kind === 'perfect') return expectExactly(zone, meteredWh)
  const known = knownExpectations.get(meteredWh)
  if (known) return known
  const { intradayWh: orderWh, dayAheadWh } = forecast(mode, {
    meteredWh,
    leads: gateLeads(zone),
    dayKinds: source === 'load' ? workdays(zone) : null,
    seed: zone.seed,
    id,
  })
  const expectation = { orderWh, dayAheadWh }
  knownExpectations.set(meteredWh, expectation)
  return expectation
}

/** Of who knows its meter. */
export function expectExactly({ market }: Zone, meteredWh: Int32Array): Expectation {
  return { orderWh: meteredWh, dayAheadWh: market.auctions.dayAhead && meteredWh }
}

/** Every variant of a scenario sees the same forecasts. */
const knownExpectations = new WeakMap<Int32Array, Expectation>()

function gateLeads({ market: { auctions } }: Zone) {
  const { dayAhead, closesMinutesBefore } = auctions
  return {
    intraday: intradayLeads(closesMinutesBefore),
    dayAhead: dayAhead && dayAheadLeads(dayAhead.closesHour),
  }
}

const knownWorkdays = new WeakMap<Zone, Uint8Array>()

function workdays(zone: Zone): Uint8Array {
  const known = knownWorkdays.get(zone)
  if (known) return known
  const kinds = Uint8Array.from(zone.calendar.days, (day) => (isWorkday(zone.holidays, day) ? 1 : 0))
  knownWorkdays.set(zone, kinds)
  return kinds
}

/** Forecasts and auctions of a scenario, with what it leaves out filled in. */
import type { ForecastMode } from '../strategy/forecast/mode.ts'
import type { ScenarioData } from './schema.ts'
import type { Auctions } from './zone.ts'

type ForecastData = NonNullable<ScenarioData['participants']['enterprises'][number]['forecast']>

/** What a participant's own entry says, else the zone's for its kind. */
export function forecastOf(
  zone: ScenarioData['forecast'],
  kind: 'load' | 'pv',
  own: ForecastData | undefined = zone[kind],
): ForecastMode {
  if (own !== undefined) return modeOf(own)
  const errorShare = zone[`${kind}_error_share`]!
  return errorShare === 0 ? { kind: 'perfect' } : { kind: 'independent', errorShare }
}

function modeOf(mode: ForecastData): ForecastMode {
  if (typeof mode === 'string') return { kind: mode }
  const { error_share: errorShare, at_lead_hours: atLeadHours, neighbour_correlation: rho } = mode.noisy
  return { kind: 'noisy', errorShare, atLeadHours: atLeadHours ?? 24, neighbourCorrelation: rho ?? 0 }
}

/** A scenario that names no auctions holds one for each interval. */
export function auctionsOf({ auctions = { intraday: {} } }: ScenarioData['market']): Auctions {
  const { day_ahead: dayAhead, intraday } = auctions
  return {
    dayAhead: dayAhead ? { closesHour: dayAhead.closes_hour ?? 12 } : null,
    intraday: intraday !== undefined,
    closesMinutesBefore: intraday?.closes_minutes_before ?? 15,
  }
}

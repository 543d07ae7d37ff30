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

/** One auction for each interval, whose gate closes a quarter-hour before it. */
export const intradayOnly: Auctions = { dayAhead: null, intraday: true, closesMinutesBefore: 15 }

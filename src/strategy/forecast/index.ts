/** What a participant expects of its own meter when the gates of a zone's auctions close. */
import { randomStream } from '../../base/random.ts'
import { independent } from './independent.ts'
import type { ForecastMode } from './mode.ts'
import { noisy } from './noisy.ts'
import { persistent } from './persistence.ts'

export type { ForecastMode } from './mode.ts'

/** Time from the closing of a gate to delivery, by quarter of the day [h]. */
export interface GateLeads {
  readonly intraday: Float64Array
  /** longer than the other; null where nobody asks a day ahead */
  readonly dayAhead: Float64Array | null
}

export interface ForecastTask {
  /** what the meter will show [Wh] */
  readonly meteredWh: Int32Array
  readonly leads: GateLeads
  /** by day, equal for days that are alike; null where all are */
  readonly dayKinds: Uint8Array | null
  readonly seed: number
  /** of the participant, whose chance is its own */
  readonly id: string
}

/** [Wh] */
export interface Forecasts {
  readonly intradayWh: Int32Array
  readonly dayAheadWh: Int32Array | null
}

/** A forecast without error is the meter's own column: it costs nothing. */
export function forecast(mode: ForecastMode, task: ForecastTask): Forecasts {
  const { meteredWh, leads } = task
  switch (mode.kind) {
    case 'perfect':
      return at(leads, () => meteredWh)
    case 'persistence':
      return at(leads, (leadHours) => persistent(meteredWh, leadHours, task.dayKinds))
    case 'noisy':
      return noisyAt(mode, task)
    case 'independent': {
      const onceWh = independent(meteredWh, mode.errorShare, randomStream(task.seed, `forecast/${task.id}`))
      return at(leads, () => onceWh)
    }
  }
}

function at(
  { intraday, dayAhead }: GateLeads,
  forecastWh: (leadHours: Float64Array) => Int32Array,
): Forecasts {
  return { intradayWh: forecastWh(intraday), dayAheadWh: dayAhead && forecastWh(dayAhead) }
}

/** Each stretch of leads has chance of its own, so the later forecast is the same whether somebody asked earlier or not. */
function noisyAt(mode: ForecastMode & { kind: 'noisy' }, task: ForecastTask): Forecasts {
  const { intraday, dayAhead } = task.leads
  const leads = dayAhead ? [intraday, dayAhead] : [intraday]
  const streams = leads.map((_, stretch) => randomStream(task.seed, `forecast/${task.id}/${stretch}`))
  const [intradayWh, dayAheadWh = null] = noisy(task.meteredWh, mode, leads, streams)
  return { intradayWh: intradayWh!, dayAheadWh }
}

/** `forecasts.csv`: a row for each group in each auction, then one for its position of both. */
import { auctionFigures } from './auctions.ts'
import { csv } from './csv.ts'
import type { SimulationResult } from '../simulation/result.ts'

/** Null where there is nothing to tell. */
export function forecastsCsv(result: SimulationResult): string | null {
  const figures = auctionFigures(result)
  if (!figures) return null
  const header = [
    'side',
    'group',
    'auction',
    'metered_kwh',
    'forecast_error_kwh',
    'forecast_error_share',
    'ordered_kwh',
    'accepted_kwh',
    'settled_kwh',
    'short_kwh',
    'charged_kwh',
    'charge_cny',
  ]
  const rows = figures.groups.flatMap((row) => {
    const sum = (key: 'acceptedKwh' | 'settledKwh') =>
      row.turns.reduce((total, turn) => total + Math.round(turn[key] * 1000), 0) / 1000
    return [
      ...row.turns.map((turn) => [
        row.side,
        row.group,
        turn.auction,
        row.meteredKwh,
        turn.forecastErrorKwh,
        turn.forecastErrorShare,
        turn.orderedKwh,
        turn.acceptedKwh,
        turn.settledKwh,
        '',
        '',
        '',
      ]),
      [
        row.side,
        row.group,
        'all',
        row.meteredKwh,
        '',
        '',
        '',
        sum('acceptedKwh'),
        sum('settledKwh'),
        row.shortKwh,
        row.chargedKwh,
        row.chargeCny,
      ],
    ]
  })
  return csv(header, rows)
}

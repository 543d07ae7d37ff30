/** Auctions and forecasts as the terminal and the page show them: the same columns in both. */
import {
  auctionNames,
  groupName,
  type auctionFigures,
  type AuctionRow,
  type ForecastGroupRow,
} from './auctions.ts'
import { grouped, percent } from './numbers.ts'
import { plainTable } from './plain-table.ts'
import type { TableOptions } from './table.ts'

export type AuctionFigures = NonNullable<ReturnType<typeof auctionFigures>>

export const auctionHead = ['auction', 'intervals', 'with trade', 'accepted kWh', 'settled kWh', 'CNY/kWh']

export function auctionCells(row: AuctionRow): string[] {
  return [
    auctionNames[row.auction],
    grouped(row.heldIntervals),
    grouped(row.tradedIntervals),
    grouped(row.acceptedKwh),
    grouped(row.settledKwh),
    row.meanPriceCnyPerKwh === null ? '–' : row.meanPriceCnyPerKwh.toFixed(4),
  ]
}

export const turnHead = ['auction', 'forecast off by', 'ordered kWh', 'accepted kWh', 'settled kWh']

/** Groups by auction: how far forecasts were off at its gate, and what became of the orders. */
export function turnRows(groups: readonly ForecastGroupRow[]): string[][] {
  return groups.flatMap((row) =>
    row.turns
      .filter(({ orderedKwh }) => orderedKwh > 0)
      .map((turn) => [
        groupName(row),
        turn.auction,
        row.meteredKwh === 0 ? '–' : percent(turn.forecastErrorShare, 1),
        grouped(turn.orderedKwh),
        grouped(turn.acceptedKwh),
        grouped(turn.settledKwh),
      ]),
  )
}

export const shortHead = ['metered kWh', 'short kWh', 'charged kWh', 'charge CNY']

/** Positions of all auctions together against the meters; batteries do what they trade. */
export function shortRows(groups: readonly ForecastGroupRow[]): string[][] {
  return groups
    .filter(({ meteredKwh }) => meteredKwh > 0)
    .map((row) => [
      groupName(row),
      grouped(row.meteredKwh),
      grouped(row.shortKwh),
      grouped(row.chargedKwh),
      grouped(row.chargeCny, 2),
    ])
}

export function auctionsTable({ auctions, groups }: AuctionFigures, options: TableOptions): string {
  const parts = [
    `Auctions, and what sellers got:\n${plainTable(auctionHead, auctions.map(auctionCells), options)}`,
    `What was expected, ordered and settled:\n` +
      plainTable(['', ...turnHead], turnRows(groups), { ...options, textColumns: 2 }),
    `Positions that the meters did not fill (偏差):\n${plainTable(['', ...shortHead], shortRows(groups), options)}`,
  ]
  return parts.join('\n\n')
}

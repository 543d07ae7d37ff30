/** Who traded with whom in which tariff band, and why not where nothing was traded. */
import type { SimulationResult, TradeCell } from '../../simulation/result.ts'
import { grouped } from '../numbers.ts'
import { bandNames, groupNames, sourceNames } from '../wording.ts'
import { htmlTable, paragraph, section } from './escape.ts'

export function cellsSection({ main }: SimulationResult): string {
  const cells = main.trades.cells.filter((cell) => cell.wantedWh > 0 && cell.sellerLimitTicks !== null)
  return section(
    'cells',
    'Who traded with whom, and why not',
    paragraph(
      'Limits are net of the fee on the buyer’s own connection. Where the highest a group can pay stays below what the ' +
        'cheapest seller asks, there is nothing to trade: agency buyers at noon are the case to look for, since noon is ' +
        'a valley (低谷) of their tariff.',
    ),
    htmlTable(
      'Traded energy by buyer group, source and tariff band',
      ['buyers', 'from', 'band', 'wanted MWh', 'traded MWh', 'highest limit', 'cheapest seller', 'why'],
      cells.map((cell) => [
        groupNames[cell.group],
        sourceNames[cell.source],
        bandNames[cell.band] ?? cell.band,
        grouped(cell.wantedWh / 1e6),
        grouped(cell.tradedWh / 1e6, 1),
        price(cell.buyerLimitTicks),
        price(cell.sellerLimitTicks),
        reasonFor(cell),
      ]),
    ),
  )
}

const price = (ticks: number | null) => (ticks === null ? '–' : (ticks / 10_000).toFixed(4))

/** The reason a cell is empty, or nothing where energy was traded. */
export function reasonFor(cell: TradeCell): string {
  if (cell.tradedWh > 0) return ''
  if (cell.group === 'storage' && cell.source === 'storage') return 'storage does not trade with itself'
  if (cell.buyerLimitTicks === null || cell.sellerLimitTicks === null) return 'nobody offered'
  if (cell.buyerLimitTicks < cell.sellerLimitTicks) {
    return `can pay at most ${price(cell.buyerLimitTicks)}, the cheapest seller asks ${price(cell.sellerLimitTicks)}`
  }
  return 'others paid more for what there was'
}

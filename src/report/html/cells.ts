/** Who traded with whom in which tariff band, and why not where nothing was traded. */
import type { SimulationResult, TradeCell } from '../../simulation/result.ts'
import { grouped } from '../numbers.ts'
import { bandNames, groupNames, sourceNames } from '../wording.ts'
import { htmlTable, paragraph, section, type HtmlRow } from './escape.ts'

export function cellsSection({ main }: SimulationResult): string {
  const cells = main.trades.cells.filter((cell) => cell.wantedWh > 0 && cell.sellerLimitTicks !== null)
  const sources = distinct(cells.map((cell) => cell.source))
  return section(
    'cells',
    'Who traded with whom, and why not',
    paragraph(
      'Limits are net of the fee on the buyer’s own connection. Where the highest a group can pay stays below what the ' +
        'cheapest seller asks, there is nothing to trade: agency buyers at noon are the case to look for, since noon is ' +
        'a valley (低谷) of their tariff.',
    ),
    htmlTable(
      'Traded energy by buyer group, tariff band and source, MWh; prices in CNY/kWh',
      ['band', 'wanted', 'pays at most', ...sources.map((source) => `from ${sourceNames[source]}`)],
      distinct(cells.map((cell) => cell.group)).flatMap((group): HtmlRow[] => [
        { group: groupNames[group] },
        ...bandRows(
          cells.filter((cell) => cell.group === group),
          sources,
        ),
      ]),
    ),
  )
}

/** One row a tariff band: what the group wanted there, and what it got from each source or why nothing. */
function bandRows(cells: readonly TradeCell[], sources: readonly TradeCell['source'][]): string[][] {
  return distinct(cells.map((cell) => cell.band)).map((band) => {
    const inBand = cells.filter((cell) => cell.band === band)
    return [
      bandNames[band] ?? band,
      grouped(inBand[0]!.wantedWh / 1e6),
      price(inBand[0]!.buyerLimitTicks),
      ...sources.map((source) => {
        const cell = inBand.find((each) => each.source === source)
        if (!cell) return 'nobody offered'
        return reasonFor(cell) || grouped(cell.tradedWh / 1e6, 1)
      }),
    ]
  })
}

const distinct = <T>(values: readonly T[]) => [...new Set(values)]

const price = (ticks: number | null) => (ticks === null ? '–' : (ticks / 10_000).toFixed(4))

/** The reason a cell is empty, or nothing where energy was traded. */
export function reasonFor(cell: TradeCell): string {
  if (cell.tradedWh > 0) return ''
  if (cell.group === 'storage' && cell.source === 'storage')
    return 'nothing: batteries buy and sell at other hours'
  if (cell.buyerLimitTicks === null || cell.sellerLimitTicks === null) return 'nobody offered'
  if (cell.buyerLimitTicks < cell.sellerLimitTicks) {
    return `nothing: the cheapest asks ${price(cell.sellerLimitTicks)}`
  }
  return 'nothing: others paid more'
}

/** Auctions and forecasts: what was traded when, on what it rested, and what the meters did not fill. */
import type { SimulationResult } from '../../simulation/result.ts'
import { auctionFigures } from '../auctions.ts'
import { auctionCells, auctionHead, shortHead, shortRows, turnHead, turnRows } from '../auctions-table.ts'
import { htmlTable, paragraph, section } from './escape.ts'

export function auctionsSection(result: SimulationResult): string {
  const figures = auctionFigures(result)
  if (!figures) return ''
  const { auctions, groups } = figures
  return section(
    'auctions',
    'What was expected, and what came (预测与偏差)',
    paragraph(
      auctions.length > 1
        ? 'The day-ahead auction (日前) trades what is expected when its gate closes; the intraday one (日内) what newer forecasts say ' +
            'beyond that, and nobody sells back. Meters fill the earlier position first. A shortfall of both together is charged ' +
            'once (偏差电费), beyond the free band.'
        : 'Orders rest on forecasts, meters decide. A shortfall beyond the free band is charged (偏差电费).',
    ),
    htmlTable(
      'Auctions (交易批次); the price is what sellers got on average',
      auctionHead,
      auctions.map(auctionCells),
    ),
    htmlTable(
      'Forecasts, orders and what was settled (预测、申报、成交与结算); off by: Σ |forecast − metered| / Σ metered',
      ['group', ...turnHead],
      turnRows(groups),
    ),
    htmlTable(
      'Positions of all auctions together against the meters (偏差电量与偏差电费)',
      ['group', ...shortHead],
      shortRows(groups),
    ),
  )
}

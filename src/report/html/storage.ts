/** Batteries: what they earn, what else they could earn, and what they do to the prices they trade at. */
import type { SimulationResult } from '../../simulation/result.ts'
import { grouped } from '../numbers.ts'
import { jointSpread, storageRows, type SpreadRow, type StorageRow } from '../storage.ts'
import { htmlTable, paragraph, section } from './escape.ts'

export function storageSection(result: SimulationResult): string {
  const rows = storageRows(result)
  if (rows.length === 0) return ''
  const joint = jointSpread(result)
  return section(
    'storage',
    'What storage earns, and what it does to its own spread',
    paragraph(
      'What each earned in the run, in the market or in its mode, beside the same battery by itself behind its host’s meter ' +
        '(用户侧储能): shifting its host’s load, and shaving the peak that its host pays a demand charge (需量电费) for, each knowing day or month in advance. All after ' +
        'wear.',
    ),
    htmlTable(
      'Gain in CNY, energy in kWh',
      ['battery', 'mode', 'size', 'bought', 'sold', 'in the run', 'behind the meter', 'with its peak'],
      rows.map((row) => [
        row.id,
        row.mode,
        `${grouped(row.powerKw)} kW, ${grouped(row.energyKwh)} kWh`,
        grouped(row.boughtKwh),
        grouped(row.soldKwh),
        grouped(row.gainCny),
        optional(row.ownLoadCny),
        optional(row.peakShavingCny),
      ]),
    ),
    ...(joint ? [spreadTable(rows, joint)] : []),
  )
}

function spreadTable(rows: readonly StorageRow[], joint: SpreadRow): string {
  const cells = (name: string, spread: SpreadRow) => [
    name,
    price(spread.boughtFirst),
    price(spread.boughtLast),
    price(spread.soldFirst),
    price(spread.soldLast),
    price(spread.without),
    price(spread.with),
  ]
  return htmlTable(
    'Mean prices at the bus, CNY/kWh: of the first kWh, as the market is without batteries, and of the last, which they moved',
    [
      'battery',
      'bought, first',
      'bought, last',
      'sold, first',
      'sold, last',
      'spread without them',
      'spread with them',
    ],
    [...rows.flatMap(({ id, spread }) => (spread ? [cells(id, spread)] : [])), cells('all', joint)],
  )
}

const price = (cnyPerKwh: number) => cnyPerKwh.toFixed(4)
const optional = (cny: number | null) => (cny === null ? '–' : grouped(cny))

/** How the grid is used: what the meters say flows over every arc, and what its limits cost the market. */
import type { SimulationResult } from '../../simulation/result.ts'
import { arcRows, gridFigures, type ArcRow } from '../grid-use.ts'
import { grouped, kwh, percent } from '../numbers.ts'
import { htmlTable, paragraph, section } from './escape.ts'

/** So many arcs stand on the page; all are in `arcs.csv`. */
const shownArcs = 30

export function gridSection(result: SimulationResult): string {
  const figures = gridFigures(result)
  const rows = arcRows(result).toSorted((a, b) => b.loadingAfter - a.loadingAfter || b.rentCny - a.rentCny)
  return section(
    'grid',
    'How the grid is used',
    paragraph(
      'Trades move no metered energy: a kWh from next door comes over the same wires. Flows differ between the two runs only ' +
        'by what batteries and other dispatched machines do. The limits of the clearing bound what may be traded over an arc.',
    ),
    ...curtailedNote(result),
    htmlTable(
      'The zone as a whole',
      ['figure', 'without the market', 'with it'],
      [
        ['highest import, kW', grouped(figures.peakImportBeforeKw), grouped(figures.peakImportAfterKw)],
        ['highest export, kW', grouped(figures.peakExportBeforeKw), grouped(figures.peakExportAfterKw)],
        [
          'hours of reverse flow (反送)',
          grouped(figures.reverseHoursBefore, 2),
          grouped(figures.reverseHoursAfter, 2),
        ],
        ['hours in which a limit keeps the market from a trade', '–', grouped(figures.boundHours, 2)],
        ['joint saving that all limits cost, CNY', '–', grouped(figures.lostCny, 2)],
      ],
    ),
    htmlTable(
      `Arcs by loading, the ${Math.min(shownArcs, rows.length)} highest of ${rows.length}; highest quarter-hour without and with the market`,
      [
        'arc',
        'limit up / down, kW',
        'down, kW',
        'up, kW',
        'loading',
        'reverse hours',
        'full hours',
        'rent, CNY',
        'one more kW, CNY',
      ],
      rows
        .slice(0, shownArcs)
        .map((row) => [
          `${row.bus} – ${row.parent}`,
          `${limit(row.limitUpKw)} / ${limit(row.limitDownKw)}`,
          `${grouped(row.peakDownBeforeKw)} / ${grouped(row.peakDownAfterKw)}`,
          `${grouped(row.peakUpBeforeKw)} / ${grouped(row.peakUpAfterKw)}`,
          percent(row.loadingAfter, 1),
          `${grouped(row.reverseHoursBefore, 1)} / ${grouped(row.reverseHoursAfter, 1)}`,
          grouped(row.fullHours, 2),
          grouped(row.rentCny, 2),
          grouped(row.oneMoreKwCny, 2),
        ]),
    ),
  )
}

/** Limits that curtail are worth more than the clearing can know. */
function curtailedNote({ main }: SimulationResult): string[] {
  const { curtailedWh } = main.energy
  if (curtailedWh === 0) return []
  return [
    paragraph(
      `Wires kept ${grouped(kwh(curtailedWh) / 1000, 1)} MWh of PV from being generated. Nobody could order it, so it is not in what ` +
        'limits cost, nor in what one more kW would have brought.',
    ),
  ]
}

const limit = (kw: ArcRow['limitUpKw']) => (kw === null ? '–' : grouped(kw))

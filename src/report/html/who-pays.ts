/** Who gains and who pays, account by account, and how the same energy would be split under other price rules. */
import type { SimulationResult } from '../../simulation/result.ts'
import { accountKinds, changeOf } from '../indicators.ts'
import { cny, grouped } from '../numbers.ts'
import { accountNames } from '../wording.ts'
import { figure, svgChart } from './chart.ts'
import { htmlTable, paragraph, section } from './escape.ts'

export function whoPaysSection({ main }: SimulationResult): string {
  const changes = accountKinds([main]).map((account) => ({ account, change: changeOf(main, account) }))
  const sum = changes.reduce((total, { change }) => total + change, 0n)
  const rows = changes.map(({ account, change }) => [accountNames[account]!, grouped(cny(change), 2)])
  return section(
    'who-pays',
    'Who gains, who pays',
    paragraph(
      'Every interval posts transfers whose sum is exactly 0, so the gains of some are the losses of others. Without ' +
        'storage nothing physical changes, and every fen saved is a fen lost by the grid company or by those who sold ' +
        'the energy before. With storage the zone also buys its outside energy at other hours, which stands in its own line.',
    ),
    htmlTable(
      'Change of every account, CNY',
      ['account', 'with the market less without'],
      [...rows, ['Sum, which must be 0', grouped(cny(sum), 2)]],
    ),
  )
}

export function splitSection({ main, zone, bidding }: SimulationResult): string {
  if (main.splits.length === 0) return ''
  const label = (rule: string, kNumerator: number) => `${rule}, k = ${kNumerator / 10_000}`
  const chosen = label(zone.market.rule, zone.market.kNumerator)
  return section(
    'split',
    'The price rule decides who gets the surplus',
    paragraph(
      `The same energy is traded under every rule; only its price differs. This run settles by ${chosen}, as Chinese ` +
        'practice does for such trades (高低匹配). ' +
        (bidding
          ? 'Limits are those that were bid, also where they are not truthful; under another rule other limits might be bid.'
          : 'All bid the truth here; what shading a bid gains, and loses others, is a question for strategies (策略报价).'),
    ),
    figure(splitChart(main), 'Gains against the outside option under each rule, million CNY.'),
    htmlTable(
      'The same traded energy under other rules, CNY',
      ['rule', 'enterprises', 'PV', 'storage', 'biomass', 'congestion rent', 'T&D'],
      main.splits.map((row) => [
        label(row.rule, row.kNumerator),
        ...[
          row.buyersE11,
          row.pvE11,
          row.storageE11,
          row.cogenerationE11,
          row.marketSurplusE11,
          row.tAndDE11,
        ].map((amount) => grouped(cny(amount))),
      ]),
    ),
  )
}

function splitChart(main: SimulationResult['main']): string {
  const series = [
    ['enterprises', 'buyersE11'],
    ['PV', 'pvE11'],
    ['storage', 'storageE11'],
    ['biomass', 'cogenerationE11'],
    ['congestion rent', 'marketSurplusE11'],
  ] as const
  return svgChart(
    {
      legend: { top: 0 },
      grid: { left: 170, right: 30, top: 40, bottom: 30 },
      xAxis: { type: 'value' },
      yAxis: {
        type: 'category',
        inverse: true,
        data: main.splits.map((row) => `${row.rule}, k = ${row.kNumerator / 10_000}`),
      },
      series: series.map(([name, key]) => ({
        name,
        type: 'bar',
        stack: 'gain',
        data: main.splits.map((row) => Math.round(cny(row[key]) / 1e4) / 100),
      })),
    },
    90 + main.splits.length * 28,
  )
}

/** What the terminal ends with: the headline, then who gains and who pays. */
import Table from 'cli-table3'
import { publicAccounts, type HeadlineRow, type SimulationResult } from '../simulation/result.ts'
import { changeOf, savingsOf } from './indicators.ts'
import { cny, grouped, percent, shareE11 } from './numbers.ts'
import { accountNames, describeAssets, describeRegime } from './wording.ts'

export interface TableOptions {
  readonly color: boolean
}

export function savingsTable(result: SimulationResult, { color }: TableOptions): string {
  const { main, zone } = result
  const style = color ? {} : { style: { head: [], border: [] } }
  const savings = savingsOf(main)
  const parts = [
    `${zone.title.en} (${zone.title.zh}), ${zone.calendar.from} to ${zone.calendar.to}, seed ${zone.seed}`,
    ...(result.headline.length > 0 ? [headlineTable(result, style)] : []),
    `With everything the scenario names, under ${describeRegime(zone.wheeling.regime)}: enterprises save ` +
      `${grouped(savings.enterprises.cny)} CNY, ${percent(savings.enterprises.share)} of their bills ` +
      `(${percent(savings.enterprises.shareOfTradedCost)} of the cost of what they trade). Who gains, who pays:`,
    accountsTable(result, style),
    `result ${result.resultHash}`,
  ]
  return parts.join('\n\n')
}

function headlineTable({ headline }: SimulationResult, style: object): string {
  const table = new Table({
    head: [
      'in the market',
      'wheeling',
      'enterprises save',
      'of bills',
      'PV owners',
      'storage*',
      'biomass',
      'T&D',
    ],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
    ...style,
  })
  for (const row of headline.filter((each) => each.storageBaseline !== 'user-side').toSorted(byAssets)) {
    const twin = headline.find((each) => each.storageBaseline === 'user-side' && sameMarket(each, row))
    const storage = [row, ...(twin ? [twin] : [])].map((each) => grouped(cny(each.storageE11))).join(' / ')
    table.push([
      describeAssets({ ...row, storageBaseline: null }),
      row.regime,
      grouped(cny(row.enterprisesE11)),
      percent(shareE11(row.enterprisesE11, row.enterprisesBillE11)),
      grouped(cny(row.pvOwnersE11)),
      row.assets.includes('storage') ? storage : '–',
      row.assets.includes('cogeneration') ? grouped(cny(row.cogenerationE11)) : '–',
      grouped(cny(row.tAndDE11)),
    ])
  }
  return `${table.toString()}\n* against a battery that is idle / that serves its host (user-side) without the market; CNY`
}

function byAssets(a: HeadlineRow, b: HeadlineRow): number {
  return a.assets.length - b.assets.length || (a.cogenerationOutsideE8 ?? 0) - (b.cogenerationOutsideE8 ?? 0)
}

/** Two rows of one market run against different baselines of storage. */
function sameMarket(a: HeadlineRow, b: HeadlineRow): boolean {
  return (
    a.regime === b.regime &&
    a.assets.length === b.assets.length &&
    a.cogenerationOutsideE8 === b.cogenerationOutsideE8
  )
}

function accountsTable({ main }: SimulationResult, style: object): string {
  const table = new Table({ head: ['account', 'change, CNY'], colAligns: ['left', 'right'], ...style })
  let sum = 0n
  for (const account of ['enterprise', 'pv', 'storage', 'cogeneration', ...publicAccounts]) {
    const change = changeOf(main, account)
    sum += change
    if (change !== 0n) table.push([accountNames[account]!, grouped(cny(change), 2)])
  }
  table.push(['sum', grouped(cny(sum), 2)])
  return table.toString()
}

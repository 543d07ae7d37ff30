/** What the terminal ends with: the headline, then who gains and who pays. */
import Table from 'cli-table3'
import { publicAccounts, type SimulationResult } from '../simulation/result.ts'
import { headlineGroups } from './headline-groups.ts'
import { changeOf, savingsOf } from './indicators.ts'
import { cny, grouped, kwh, percent, shareE11 } from './numbers.ts'
import { accountNames, describeRegime } from './wording.ts'

export interface TableOptions {
  readonly color: boolean
}

/** No boxes: columns stand apart by two spaces, which also survives a copy into a mail. */
const plain = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid']
    .flatMap((edge) => [edge, `${edge}-mid`, `${edge}-left`, `${edge}-right`])
    .concat('left-mid', 'mid-mid', 'right-mid', 'middle')
    .map((edge) => [edge, edge === 'middle' ? '  ' : '']),
)

export function savingsTable(result: SimulationResult, { color }: TableOptions): string {
  const { main, zone } = result
  const padding = { 'padding-left': 0, 'padding-right': 0, border: [] }
  const style = { chars: plain, style: color ? padding : { ...padding, head: [] } }
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
      'wheeling',
      'traded MWh',
      'enterprises',
      'of bills',
      'PV owners',
      'storage*',
      'storage**',
      'biomass',
      'T&D',
    ],
    colAligns: ['left', ...Array<'right'>(8).fill('right')],
    ...style,
  })
  const money = (amount: bigint | null) => (amount === null ? '–' : grouped(cny(amount)))
  for (const { assets, entries } of headlineGroups(headline)) {
    table.push([{ content: assets, colSpan: 9 }])
    for (const { row, storageIdleE11, storageUserSideE11 } of entries) {
      table.push([
        `  ${row.regime}`,
        grouped(kwh(row.tradedWh) / 1000),
        money(row.enterprisesE11),
        percent(shareE11(row.enterprisesE11, row.enterprisesBillE11)),
        money(row.pvOwnersE11),
        money(storageIdleE11),
        money(storageUserSideE11),
        row.assets.includes('cogeneration') ? money(row.cogenerationE11) : '–',
        money(row.tAndDE11),
      ])
    }
  }
  return (
    `What the market changes, CNY, by what takes part and by wheeling fee (过网费):\n${table.toString()}\n` +
    '* against a battery that rests, ** against one that serves its host (user-side), without the market'
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

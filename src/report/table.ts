/** What the terminal ends with: the headline, then who gains and who pays. */
import { regimeName } from '../grid/regimes/index.ts'
import type { SimulationResult } from '../simulation/result.ts'
import { biddingHead, biddingRows, biddingSentence } from './bidding.ts'
import { auctionFigures } from './auctions.ts'
import { auctionsTable } from './auctions-table.ts'
import { headlineGroups } from './headline-groups.ts'
import { accountKinds, changeOf, savingsOf } from './indicators.ts'
import { cny, grouped, kwh, percent, shareE11 } from './numbers.ts'
import { plainTable, type PlainRow } from './plain-table.ts'
import { accountNames } from './wording.ts'

export interface TableOptions {
  readonly color: boolean
}

export function savingsTable(result: SimulationResult, options: TableOptions): string {
  const { main, zone } = result
  const savings = savingsOf(main)
  const auctions = auctionFigures(result)
  const parts = [
    `${zone.title.en} (${zone.title.zh}), ${zone.calendar.from} to ${zone.calendar.to}, seed ${zone.seed}`,
    ...(result.headline.length > 0 ? [headlineTable(result, options)] : []),
    `With everything the scenario names, under ${regimeName(zone.wheeling.regime)}: enterprises save ` +
      `${grouped(savings.enterprises.cny)} CNY, ${percent(savings.enterprises.share)} of their bills ` +
      `(${percent(savings.enterprises.shareOfTradedCost)} of the cost of what they trade). Who gains, who pays:`,
    accountsTable(result, options),
    ...(result.bidding
      ? [
          `${biddingSentence(result.bidding)} Who gains and who loses by it:`,
          plainTable(biddingHead, biddingRows(result.bidding), options),
        ]
      : []),
    ...(auctions ? [auctionsTable(auctions, options)] : []),
    `result ${result.resultHash}`,
  ]
  return parts.join('\n\n')
}

function headlineTable({ headline }: SimulationResult, options: TableOptions): string {
  const head = [
    'wheeling',
    'traded MWh',
    'enterprises',
    'of bills',
    'PV owners',
    'storage*',
    'storage**',
    'biomass',
    'T&D',
  ]
  const money = (amount: bigint | null) => (amount === null ? '–' : grouped(cny(amount)))
  const rows = headlineGroups(headline).flatMap(({ assets, entries }): PlainRow[] => [
    { group: assets },
    ...entries.map(({ row, storageIdleE11, storageUserSideE11 }) => [
      `  ${row.regime}`,
      grouped(kwh(row.tradedWh) / 1000),
      money(row.enterprisesE11),
      percent(shareE11(row.enterprisesE11, row.enterprisesBillE11)),
      money(row.pvOwnersE11),
      money(storageIdleE11),
      money(storageUserSideE11),
      row.assets.includes('cogeneration') ? money(row.cogenerationE11) : '–',
      money(row.tAndDE11),
    ]),
  ])
  return (
    `What the market changes, CNY, by what takes part and by wheeling fee (过网费):\n${plainTable(head, rows, options)}\n` +
    '* against a battery that rests, ** against one that serves its host (user-side), without the market'
  )
}

function accountsTable({ main }: SimulationResult, options: TableOptions): string {
  const changes = accountKinds([main]).map(
    (account) => [accountNames[account]!, changeOf(main, account)] as const,
  )
  const sum = changes.reduce((total, [, change]) => total + change, 0n)
  const rows = [...changes.filter(([, change]) => change !== 0n), ['sum', sum] as const]
  return plainTable(
    ['account', 'change, CNY'],
    rows.map(([name, change]) => [name, grouped(cny(change), 2)]),
    options,
  )
}

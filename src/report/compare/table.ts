/** What `overwall compare` ends with: who gains and who pays in every case, and where each group of buyers breaks even. */
import { cny, grouped, kwh, percent, shareE11 } from '../numbers.ts'
import { billBeforeE11, changeOf } from '../indicators.ts'
import { plainTable, type PlainRow } from '../plain-table.ts'
import type { TableOptions } from '../table.ts'
import { groupNames } from '../wording.ts'
import {
  accountColumns,
  columnChanges,
  headline,
  settingsText,
  welfareColumns,
  type Comparison,
} from './cases.ts'

export function comparisonTable(comparison: Comparison, options: TableOptions): string {
  const { zone } = comparison
  const parts = [
    headline(comparison, `${zone.title.en} (${zone.title.zh})`),
    `What the market changes, CNY; a row sums to 0:\n${casesTable(comparison, options)}`,
    ...(comparison.zones.some(({ breakEven }) => breakEven.length > 0)
      ? [breakEvenTable(comparison, options)]
      : []),
    `result ${comparison.resultHash}`,
  ]
  return parts.join('\n\n')
}

function casesTable({ cases }: Comparison, options: TableOptions): string {
  const levers = cases[0]!.settings.map(({ lever }) => lever)
  const welfare = welfareColumns(cases)
  const head = [
    ...levers,
    'traded MWh',
    ...welfare.head,
    'of bills',
    ...accountColumns.map(({ name }) => name),
  ]
  const rows = cases.map((each) => [
    ...each.settings.map(({ value }) => value),
    grouped(kwh(each.variant.energy.tradedWh) / 1000),
    ...welfare.cellsOf(each),
    percent(shareE11(changeOf(each.variant, 'enterprise'), billBeforeE11(each.variant))),
    ...columnChanges(each.variant).map((change) => grouped(cny(change))),
  ])
  return plainTable(head, rows, { ...options, textColumns: levers.length })
}

function breakEvenTable({ zones }: Comparison, options: TableOptions): string {
  const { curve } = zones.flatMap(({ breakEven }) => breakEven)[0]!
  const head = [
    'buyers by contract',
    ...curve.map(({ feeTicks }) => `fee ${feeTicks / 10_000}`),
    'saves up to',
  ]
  const rows = zones.flatMap(({ settings, breakEven }): PlainRow[] => [
    ...(settings.length > 0 ? [{ group: settingsText(settings) }] : []),
    ...breakEven.map(({ group, curve: points, lastFeeTicks }) => [
      `  ${groupNames[group]}`,
      ...points.map(({ savingE11 }) => grouped(cny(savingE11))),
      lastFeeTicks === null ? 'never' : (lastFeeTicks / 10_000).toFixed(4),
    ]),
  ])
  return (
    'What buyers save under one flat wheeling fee (CNY/kWh), CNY, and the highest fee under which they still save:\n' +
    plainTable(head, rows, options)
  )
}

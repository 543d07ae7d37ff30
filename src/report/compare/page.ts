/** `compare.html`: the cases of a comparison on one page. */
import { figure, svgChart } from '../html/chart.ts'
import { htmlDocument, pageFooter } from '../html/document.ts'
import { htmlTable, paragraph, section, type HtmlRow } from '../html/escape.ts'
import { accountKinds, billBeforeE11, changeOf } from '../indicators.ts'
import { cny, grouped, kwh, percent, perKwh, shareE11 } from '../numbers.ts'
import { accountNames, groupNames } from '../wording.ts'
import {
  accountColumns,
  columnChanges,
  groupFigures,
  headline,
  settingsText,
  welfareColumns,
  type Comparison,
} from './cases.ts'

export function compareHtml(comparison: Comparison): string {
  const { zone, version, resultHash, command } = comparison
  return htmlDocument({
    title: `${zone.title.en} (${zone.title.zh}): ${comparison.cases.length} cases`,
    lead:
      `${headline(comparison, 'Over-the-wall electricity trading (隔墙售电)')}. ` +
      'Each case is the year with the market less the year without it. All money in CNY with VAT.',
    sections: [casesSection, accountsSection, groupsSection, breakEvenSection, notesSection].map((make) =>
      make(comparison),
    ),
    footer: pageFooter(version, resultHash, command),
  })
}

function casesSection({ cases }: Comparison): string {
  const levers = cases[0]!.settings.map(({ lever }) => lever)
  const welfare = welfareColumns(cases)
  return section(
    'cases',
    'Who gains, who pays',
    figure(
      casesChart(cases),
      'Changes by case, million CNY. Gains lie right of the line and losses left of it; they sum to 0.',
    ),
    htmlTable(
      'What the market changes in every case, CNY',
      [...levers, 'traded MWh', ...welfare.head, 'of bills', ...accountColumns.map(({ name }) => name)],
      cases.map((each) => [
        ...each.settings.map(({ value }) => value),
        grouped(kwh(each.variant.energy.tradedWh) / 1000),
        ...welfare.cellsOf(each),
        percent(shareE11(changeOf(each.variant, 'enterprise'), billBeforeE11(each.variant))),
        ...columnChanges(each.variant).map((change) => grouped(cny(change))),
      ]),
    ),
  )
}

function casesChart(cases: Comparison['cases']): string {
  return svgChart(
    {
      legend: { top: 0 },
      grid: { left: 250, right: 30, top: 60, bottom: 30 },
      xAxis: { type: 'value' },
      yAxis: { type: 'category', inverse: true, data: cases.map(({ settings }) => settingsText(settings)) },
      series: accountColumns.map(({ name }, column) => ({
        name,
        type: 'bar',
        stack: 'change',
        data: cases.map(({ variant }) => Math.round(cny(columnChanges(variant)[column]!) / 1e4) / 100),
      })),
    },
    110 + cases.length * 28,
  )
}

function accountsSection({ cases }: Comparison): string {
  const accounts = accountKinds(cases.map(({ variant }) => variant))
  const touched = accounts.filter((account) => cases.some(({ variant }) => changeOf(variant, account) !== 0n))
  return section(
    'accounts',
    'Every account of the ledger',
    htmlTable(
      'Change of every account, CNY',
      ['account', ...cases.map(({ settings }) => settings.map(({ value }) => value).join(', '))],
      touched.map((account) => [
        accountNames[account]!,
        ...cases.map(({ variant }) => grouped(cny(changeOf(variant, account)), 2)),
      ]),
    ),
  )
}

function groupsSection({ cases }: Comparison): string {
  return section(
    'groups',
    'Buyers by contract',
    paragraph(
      'Saving is the cost of the traded energy on the contract it replaces less its cost in the market, fees included. ' +
        'The last column is what the whole bills save, monthly charges among them: T&D by capacity shows there alone.',
    ),
    htmlTable(
      'What each group of buyers has of the market; fee and saving in CNY/kWh traded',
      ['buyers', 'traded MWh', 'wheeling fee', 'saving', 'saving, CNY', 'whole bills, CNY'],
      cases.flatMap((each): HtmlRow[] => [
        { group: settingsText(each.settings) },
        ...groupFigures(each).map(({ group, tradedWh, wheelingE11, savingE11, billSavingFen }) => [
          groupNames[group],
          grouped(kwh(tradedWh) / 1000),
          perKwh(wheelingE11, tradedWh).toFixed(4),
          perKwh(savingE11, tradedWh).toFixed(4),
          grouped(cny(savingE11)),
          grouped(billSavingFen / 100),
        ]),
      ]),
    ),
  )
}

function breakEvenSection({ zones }: Comparison): string {
  const curve = zones.flatMap(({ breakEven }) => breakEven)[0]?.curve
  if (!curve) return ''
  return section(
    'break-even',
    'The wheeling fee at which a saving vanishes',
    paragraph(
      'One flat fee for every trade is raised and the market run anew under each. The last column is the highest fee, to ' +
        '0.002 CNY/kWh below, under which the group still saves anything. A group may gain as the fee rises: others give up first.',
    ),
    htmlTable(
      'Saving of each group under one flat fee, CNY',
      ['buyers', ...curve.map(({ feeTicks }) => `fee ${feeTicks / 10_000}`), 'saves up to'],
      zones.flatMap(({ settings, breakEven }): HtmlRow[] => [
        ...(settings.length > 0 ? [{ group: settingsText(settings) }] : []),
        ...breakEven.map(({ group, curve: points, lastFeeTicks }) => [
          groupNames[group],
          ...points.map(({ savingE11 }) => grouped(cny(savingE11))),
          lastFeeTicks === null ? '–' : (lastFeeTicks / 10_000).toFixed(4),
        ]),
      ]),
    ),
  )
}

function notesSection({ cases }: Comparison): string {
  const notes = cases.filter(({ variant }) => !variant.wheeling.exact)
  if (notes.length === 0) return ''
  return section(
    'notes',
    'Regimes that are not carried to the letter',
    ...notes.map(({ settings, variant }) =>
      paragraph(`${settingsText(settings) || variant.name}: ${variant.wheeling.note}`),
    ),
  )
}

/** The headline: PV alone first, between the lowest and the highest wheeling fee, then what storage and biomass add. */
import type { HeadlineRow, SimulationResult } from '../../simulation/result.ts'
import { headlineGroups } from '../headline-groups.ts'
import { savingsOf } from '../indicators.ts'
import { cny, grouped, kwh, percent, shareE11 } from '../numbers.ts'
import { regimeName } from '../../grid/regimes/index.ts'
import { htmlTable, paragraph, section, type HtmlRow } from './escape.ts'

export function headlineSection(result: SimulationResult): string {
  const alone = result.headline.filter((row) => row.assets.length === 1)
  const range = alone.length > 0 ? aloneSentence(alone) : mainSentence(result)
  return section(
    'headline',
    'What the pilot saves',
    `<p class="lead">${range}</p>`,
    figures(result),
    paragraph(
      'What decides the size of the saving is the retail contract: a buyer with a flat price can pay a neighbour more ' +
        'at noon than one whose tariff has a valley there. The flat price and its share are assumptions.',
    ),
    ...(result.headline.length > 0 ? [headlineTable(result.headline)] : []),
  )
}

const saving = (row: HeadlineRow) =>
  `${grouped(cny(row.enterprisesE11))} CNY (${percent(shareE11(row.enterprisesE11, row.enterprisesBillE11))} of their bills)`

function aloneSentence(alone: readonly HeadlineRow[]): string {
  const ranked = alone.toSorted((a, b) => Number(b.enterprisesE11 - a.enterprisesE11))
  const [best, worst] = [ranked[0]!, ranked.at(-1)!]
  return (
    `With PV alone, enterprises save between <strong>${saving(worst)}</strong> under ${worst.regime} and ` +
    `<strong>${saving(best)}</strong> under ${best.regime}. PV owners gain between ` +
    `${percent(shareE11(worst.pvOwnersE11, worst.pvIncomeE11), 1)} and ${percent(shareE11(best.pvOwnersE11, best.pvIncomeE11), 1)} on what they feed in.`
  )
}

function mainSentence(result: SimulationResult): string {
  const { enterprises } = savingsOf(result.main)
  return `Enterprises save <strong>${grouped(enterprises.cny)} CNY</strong>, ${percent(enterprises.share)} of their bills.`
}

function figures(result: SimulationResult): string {
  const savings = savingsOf(result.main)
  const items = [
    [
      `${grouped(savings.enterprises.cny)} CNY`,
      `saved by enterprises with all assets, ${percent(savings.enterprises.share)} of bills`,
    ],
    [percent(savings.enterprises.shareOfTradedCost, 1), 'of the cost of the kWh they trade'],
    [
      `${grouped(savings.pvOwners.cny)} CNY`,
      `gained by PV owners, ${percent(savings.pvOwners.share, 1)} of their income`,
    ],
    [`${grouped(savings.tAndD.cny)} CNY`, 'change of T&D revenue (输配电收入)'],
  ]
  const list = items.map(([value, label]) => `<li><b>${value}</b>${label}</li>`).join('')
  return `<ul class="figures">${list}</ul><p class="soft">Wheeling regime of the main run: ${regimeName(result.zone.wheeling.regime)}.</p>`
}

function headlineTable(rows: readonly HeadlineRow[]): string {
  const money = (amount: bigint | null) => (amount === null ? '–' : grouped(cny(amount)))
  return htmlTable(
    'Gains by assets in the market and wheeling regime, CNY in the span of the run',
    [
      'wheeling (过网费)',
      'traded MWh',
      'enterprises',
      'of bills',
      'of traded cost',
      'PV owners',
      'storage, else idle',
      'storage, else user-side',
      'biomass',
      'T&D',
    ],
    headlineGroups(rows).flatMap(({ assets, entries }): HtmlRow[] => [
      { group: assets },
      ...entries.map(({ row, storageIdleE11, storageUserSideE11 }) => [
        row.regime,
        grouped(kwh(row.tradedWh) / 1000),
        money(row.enterprisesE11),
        percent(shareE11(row.enterprisesE11, row.enterprisesBillE11)),
        percent(shareE11(row.enterprisesE11, row.tradedCostBeforeE11), 1),
        money(row.pvOwnersE11),
        money(storageIdleE11),
        money(storageUserSideE11),
        row.assets.includes('cogeneration') ? money(row.cogenerationE11) : '–',
        money(row.tAndDE11),
      ]),
    ]),
  )
}

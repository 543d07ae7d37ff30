/** The planner's figures, carbon, a sample statement and the settlement calendar. */
import type { SimulationResult, StatementNote } from '../../simulation/result.ts'
import { settlementCalendar, type SettlementMonth } from '../../simulation/settlement-calendar.ts'
import { carbonFigures, plannerFigures } from '../indicators.ts'
import { grouped, percent } from '../numbers.ts'
import { htmlTable, paragraph, section } from './escape.ts'

export function plannerSection(result: SimulationResult): string {
  const figures = plannerFigures(result)
  const price = (value: number) => value.toFixed(4)
  const worst = figures.worstOff
  return section(
    'planner',
    'The planner’s figures',
    htmlTable(
      'Indicators of the main run',
      ['figure', 'value'],
      [
        [
          'cost per kWh before (度电成本), with VAT / without, CNY',
          `${price(figures.costBeforeCnyPerKwh)} / ${price(figures.costBeforeWithoutVatCnyPerKwh)}`,
        ],
        [
          'cost per kWh after, with VAT / without, CNY',
          `${price(figures.costAfterCnyPerKwh)} / ${price(figures.costAfterWithoutVatCnyPerKwh)}`,
        ],
        ['saving per traded kWh, CNY', price(figures.savingPerTradedKwhCny)],
        ['enterprises that save more than 1 %', percent(figures.shareOfEnterprisesSavingOverOnePercent, 1)],
        [
          'worst-off enterprise',
          worst ? `${worst.id}: ${grouped(worst.savingCny, 2)} CNY, ${percent(worst.savingShare)}` : '–',
        ],
        ['local generation used in the zone (就近消纳率)', percent(figures.nearbyConsumptionShare, 1)],
        ['green share of load, zone', percent(figures.greenShare.zone, 1)],
        [
          'green share per enterprise: lowest, median, highest',
          [figures.greenShare.lowest, figures.greenShare.median, figures.greenShare.highest]
            .map((value) => percent(value, 1))
            .join(', '),
        ],
        ['T&D revenue lost per kWh of other use, CNY', figures.lostTdPerOtherKwhCny.toFixed(6)],
      ],
    ),
  )
}

export function carbonSection(result: SimulationResult): string {
  const carbon = carbonFigures(result)
  return section(
    'carbon',
    'Carbon, two figures that are never added',
    htmlTable(
      `At ${carbon.factorKgPerKwh} kg CO2/kWh, ${carbon.factorName}`,
      ['figure', 'tonnes'],
      [
        ['local PV used in the zone, CO2 by attribution', grouped(carbon.attributedTonnes, 1)],
        ['the same as standard coal (标准煤)', grouped(carbon.attributedCoalTonnes, 1)],
        ['effect of the market on what the zone draws, CO2 less', grouped(carbon.marketEffectTonnes, 1)],
      ],
    ),
    paragraph(
      'The first speaks of energy that would have been generated anyway; the second is what trading changes, which is ' +
        'nothing without storage and the losses of storage with it. A certificate sold elsewhere ends the first claim.',
    ),
  )
}

/** One statement, of who saves most in the middle month of the run, and when the months are settled. */
export function statementSection({ main, zone }: SimulationResult): string {
  const month = zone.calendar.months[Math.floor(zone.calendar.months.length / 2)]!.key
  const most = main.enterprises.toSorted(
    (a, b) => b.billBeforeFen - b.billAfterFen - (a.billBeforeFen - a.billAfterFen),
  )[0]
  if (!most) return ''
  const account = `enterprise:${most.id}`
  const statement = main.statements.find(
    (each) => each.account === account && each.month === month && each.run === 'market',
  )
  if (!statement) return ''
  return section(
    'statement',
    'A statement (结算单)',
    htmlTable(
      `${zone.enterprises[most.index]!.name} (${most.id}), ${month}, with the market`,
      ['line', '项目', 'kWh', 'CNY'],
      [
        ...statement.lines.map(statementRow),
        statementRow({ key: 'total', zh: '合计', en: 'total', amountFen: statement.totalFen }),
        { group: 'For information (供参考), no part of the total' },
        ...statement.notes.map(statementRow),
      ],
    ),
    paragraph('All statements stand in statements.csv.'),
    ...calendarParts(settlementCalendar(zone)),
  )
}

function statementRow(line: StatementNote): string[] {
  const count = line.certificates === undefined ? '' : `: ${grouped(line.certificates)}`
  return [
    `${line.en}${count}`,
    line.zh,
    line.energyWh === undefined ? '' : grouped(line.energyWh / 1000, 1),
    line.amountFen === undefined ? '' : grouped(line.amountFen / 100, 2),
  ]
}

/** The latest days of every month's settlement, and what they were counted by. */
function calendarParts(months: readonly SettlementMonth[]): string[] {
  const bases = [...new Set(months.map((each) => each.basis))]
  return [
    htmlTable(
      'When a month is settled: the latest days (结算日历)',
      ['month', 'statement to check (核对)', 'confirmed (确认)', 'final (正式结算依据)', 'bill (账单)'],
      months.map((each) => [each.month, each.checkBy, each.confirmBy, each.finalBy, each.billBy]),
    ),
    ...bases.map((basis) => {
      const counted = months.filter((each) => each.basis === basis).map((each) => each.month)
      return paragraph(`${[...new Set([counted[0], counted.at(-1)])].join(' to ')}: ${basis}.`)
    }),
    paragraph(
      'A statement to which nobody objects by the second of these days counts as agreed (Art. 38); payment follows ' +
        'within 5 working days of the generator’s invoice (Art. 44).',
    ),
  ]
}

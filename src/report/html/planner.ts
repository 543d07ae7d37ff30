/** The planner's figures, carbon, sample statements. */
import type { SimulationResult, Statement } from '../../simulation/result.ts'
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

/** The statement of one enterprise and month: the one with the largest saving in the middle month of the run. */
export function statementSection({ main, zone }: SimulationResult): string {
  const month = zone.calendar.months[Math.floor(zone.calendar.months.length / 2)]!.key
  const most = main.enterprises.toSorted(
    (a, b) => b.billBeforeFen - b.billAfterFen - (a.billBeforeFen - a.billAfterFen),
  )[0]
  if (!most) return ''
  const account = `enterprise:${most.id}`
  const find = (run: Statement['run']) =>
    main.statements.find((each) => each.account === account && each.month === month && each.run === run)
  const [before, after] = [find('baseline'), find('market')]
  if (!before || !after) return ''
  const saved = before.totalFen - after.totalFen
  return section(
    'statement',
    'A statement (结算单)',
    htmlTable(
      `${zone.enterprises[most.index]!.name} (${most.id}), ${month}, with the market`,
      ['line', '项目', 'kWh', 'CNY'],
      [
        ...after.lines.map((line) => [
          line.en,
          line.zh,
          line.energyWh === undefined ? '' : grouped(line.energyWh / 1000, 1),
          grouped(line.amountFen / 100, 2),
        ]),
        ['total', '合计', '', grouped(after.totalFen / 100, 2)],
        ['saved against the bill without the market', '节约额', '', grouped(saved / 100, 2)],
      ],
    ),
    paragraph('All statements stand in statements.csv.'),
  )
}

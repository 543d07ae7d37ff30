/** Project economics: what PV and storage are worth to who pays for them, without and with the market. */
import type { InternalRate } from '../../finance/internal-rate.ts'
import type { Assessment, FlowYear } from '../../finance/project.ts'
import type { Payback } from '../../finance/payback.ts'
import type { SimulationResult } from '../../simulation/result.ts'
import { grouped, percent } from '../numbers.ts'
import { projectGroups, type ProjectGroup, type ProjectReport } from '../projects.ts'
import { figure, svgChart } from './chart.ts'
import { htmlTable, paragraph, section, type HtmlRow } from './escape.ts'

const title = 'What PV and storage are worth to their owners'
/** More units than this stand in projects.csv only. */
const longestList = 60

export function projectsSection(result: SimulationResult): string {
  const { zone } = result
  if (!zone.economics) return ''
  const groups = projectGroups(result)
  if (groups.length === 0) {
    const why = `This run has ${zone.calendar.days.length} days; what a project is worth is told for a year.`
    return section('projects', title, paragraph(why))
  }
  return section('projects', title, paragraph(termsOf(result)), ...groups.flatMap(groupParts))
}

function termsOf({ zone, projects }: SimulationResult): string {
  const { discountRate, tax, priceRisePerYear } = zone.economics!
  const years = projects.map(({ year }) => year)
  return (
    `Flows of the whole capital, no loan, at ${percent(discountRate, 1)} a year; ` +
    (tax ? 'money without VAT, after tax on profit. ' : 'money with VAT, before tax on profit. ') +
    `Earnings rise by ${percent(priceRisePerYear, 1)} a year. Years of life run in full: ${years.join(', ')}; ` +
    'the others follow from what ageing leaves. A roof of its host’s own earns what the host’s bill is lower by; ' +
    'wear of batteries is not counted beside their investment.'
  )
}

function groupParts({ sum, units }: ProjectGroup): string[] {
  const shown = units.length <= longestList ? units : []
  const rows: HtmlRow[] = [row(sum), ...shown.map(row)]
  return [
    figure(
      flowChart(sum),
      `${sum.name}: sum of all flows up to each year, million CNY; where a line crosses 0 the money is back.`,
    ),
    htmlTable(
      `${sum.name} by unit, without / with the market; money in CNY`,
      [
        'unit',
        'size',
        'investment',
        'income of year 1',
        'NPV (净现值)',
        'IRR (内部收益率)',
        'payback, years (回收期)',
        'discounted',
        'levelised cost, CNY/kWh',
      ],
      rows,
    ),
  ]
}

function row({ id, name, capacityKw, capacityKwh, before, after }: ProjectReport): string[] {
  const both = (show: (assessment: Assessment) => string) => `${show(before)} / ${show(after)}`
  return [
    id ?? name,
    capacityKwh > 0 ? `${grouped(capacityKw)} kW, ${grouped(capacityKwh)} kWh` : `${grouped(capacityKw)} kW`,
    grouped(Number(before.flows[0]!.investment)),
    both(({ flows }) => grouped(Number(flows[1]!.income))),
    both(({ npv }) => grouped(Number(npv))),
    both(({ irr }) => rateText(irr)),
    both(({ payback }) => paybackText(payback)),
    both(({ discountedPayback }) => paybackText(discountedPayback)),
    both(({ levelisedCost }) => levelisedCost?.toFixed(4) ?? '–'),
  ]
}

export function rateText(irr: InternalRate): string {
  if (irr.kind === 'none') return 'none'
  if (irr.kind === 'one') return percent(Number(irr.rate))
  return `several: ${irr.rates.map((rate) => percent(Number(rate))).join(', ')}`
}

export function paybackText(payback: Payback | null): string {
  if (payback === null) return 'never'
  const first = payback.firstYears.toFixed(1)
  return payback.firstYears.eq(payback.lastingYears)
    ? first
    : `${first}, to stay ${payback.lastingYears.toFixed(1)}`
}

function flowChart({ before, after }: ProjectReport): string {
  const line = (name: string, flows: readonly FlowYear[]) => ({
    name,
    type: 'line',
    showSymbol: false,
    data: flows.map(({ cumulative }) => Math.round(Number(cumulative) / 1e4) / 100),
  })
  return svgChart(
    {
      legend: { top: 0 },
      grid: { left: 60, right: 30, top: 40, bottom: 40 },
      xAxis: { type: 'category', name: 'year', data: before.flows.map(({ year }) => String(year)) },
      yAxis: { type: 'value' },
      series: [line('without the market', before.flows), line('with the market', after.flows)],
    },
    300,
  )
}

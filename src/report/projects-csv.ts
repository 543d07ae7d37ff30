/** Project economics for spreadsheets: one row per unit with its indicators, and the cash flow by year. */
import type { InternalRate } from '../finance/internal-rate.ts'
import type { Assessment } from '../finance/project.ts'
import type { SimulationResult } from '../simulation/result.ts'
import { csv } from './csv.ts'
import { projectGroups, type ProjectReport } from './projects.ts'

/** Units of all kinds with the sum of each kind before them, without and with the market. */
function cases(result: SimulationResult): { project: ProjectReport; run: string; found: Assessment }[] {
  return projectGroups(result).flatMap(({ sum, units }) =>
    [sum, ...units].flatMap((project) => [
      { project, run: 'baseline', found: project.before },
      { project, run: 'market', found: project.after },
    ]),
  )
}

export function projectsCsv(result: SimulationResult): string {
  const header = [
    'project',
    'name',
    'run',
    'capacity_kw',
    'capacity_kwh',
    'investment_cny',
    'npv_cny',
    'irr',
    'payback_years',
    'payback_lasting_years',
    'discounted_payback_years',
    'levelised_cost_cny_per_kwh',
  ]
  const rows = cases(result).map(({ project, run, found }) => [
    accountOf(project),
    project.name,
    run,
    project.capacityKw,
    project.capacityKwh,
    Number(found.flows[0]!.investment),
    Number(found.npv.toFixed(2)),
    rateCell(found.irr),
    found.payback?.firstYears.toFixed(3) ?? '',
    found.payback?.lastingYears.toFixed(3) ?? '',
    found.discountedPayback?.firstYears.toFixed(3) ?? '',
    found.levelisedCost?.toFixed(6) ?? '',
  ])
  return csv(header, rows)
}

export function projectYearsCsv(result: SimulationResult): string {
  const header = [
    'project',
    'run',
    'year',
    'quantity_kwh',
    'investment_cny',
    'income_cny',
    'operation_cny',
    'replacement_cny',
    'tax_cny',
    'net_cny',
    'discounted_cny',
    'cumulative_cny',
    'cumulative_discounted_cny',
  ]
  const rows = cases(result).flatMap(({ project, run, found }) =>
    found.flows.map((flow) => [
      accountOf(project),
      run,
      flow.year,
      Number(flow.quantity.toFixed(3)),
      ...[flow.investment, flow.income, flow.operation, flow.replacement, flow.tax, flow.net].map(Number),
      ...[flow.discounted, flow.cumulative, flow.cumulativeDiscounted].map((each) => Number(each.toFixed(2))),
    ]),
  )
  return csv(header, rows)
}

/** A number; more than one rate stand in one cell as text, none leaves it empty. */
function rateCell(irr: InternalRate): number | string {
  const rates = ratesOf(irr).map((rate) => rate.toFixed(6))
  return rates.length === 1 ? Number(rates[0]) : rates.join('; ')
}

function accountOf({ kind, id }: ProjectReport): string {
  return id === null ? kind : `${kind}:${id}`
}

/** Every rate found, in rising order. */
export function ratesOf(irr: InternalRate) {
  if (irr.kind === 'none') return []
  return irr.kind === 'one' ? [irr.rate] : irr.rates
}

/**
 * A project by years, and what it is worth. It knows amounts and quantities, not where they come from: an investment,
 * then for every year of life an income, the cost of operation, a replacement and what was produced.
 *
 * Flows stand at the end of their year and are whole fen. No loan: the flows are those of the whole capital (全投资).
 */
import { assert } from '../base/errors.ts'
import { internalRate, type InternalRate } from './internal-rate.ts'
import { paid, sumOf, zero, type Decimal } from './money.ts'
import { payback, type Payback } from './payback.ts'
import { discounted, levelisedCost, presentValue } from './present-value.ts'
import { profitTaxes, type ProfitTax } from './tax.ts'

export interface Project {
  /** paid in year 0 */
  readonly investment: Decimal
  /** year 1 first; their number is the life of the project */
  readonly years: readonly ProjectYear[]
  readonly discountRate: Decimal
  /** null: before tax */
  readonly tax: ProfitTax | null
}

export interface ProjectYear {
  readonly income: Decimal
  readonly operation: Decimal
  readonly replacement: Decimal
  /** what a levelised cost is per unit of */
  readonly quantity: Decimal
}

/** One year of the cash flow; costs and tax are positive, `net` is what is left of the income. */
export interface FlowYear extends ProjectYear {
  readonly year: number
  readonly investment: Decimal
  readonly tax: Decimal
  readonly net: Decimal
  readonly discounted: Decimal
  /** sums of `net` and `discounted` up to this year */
  readonly cumulative: Decimal
  readonly cumulativeDiscounted: Decimal
}

export interface Assessment {
  readonly flows: readonly FlowYear[]
  readonly npv: Decimal
  readonly irr: InternalRate
  readonly payback: Payback | null
  readonly discountedPayback: Payback | null
  /** investment, operation and replacement per unit produced, before tax; null where nothing is produced */
  readonly levelisedCost: Decimal | null
}

export function assess(project: Project): Assessment {
  const { discountRate } = project
  const flows = cashFlow(project)
  const net = flows.map((each) => each.net)
  const costs = flows.map((each) => sumOf([each.investment, each.operation, each.replacement]))
  return {
    flows,
    npv: presentValue(net, discountRate),
    irr: internalRate(net),
    payback: payback(net),
    discountedPayback: payback(discounted(net, discountRate)),
    levelisedCost: levelisedCost(
      costs,
      flows.map((each) => each.quantity),
      discountRate,
    ),
  }
}

/** The cash flow by year, year 0 first. */
export function cashFlow(project: Project): FlowYear[] {
  const rows = paidRows(project)
  const present = discounted(
    rows.map((row) => row.net),
    project.discountRate,
  )
  let [cumulative, cumulativeDiscounted] = [zero, zero]
  return rows.map((row, year) => {
    cumulative = cumulative.plus(row.net)
    cumulativeDiscounted = cumulativeDiscounted.plus(present[year]!)
    return { ...row, discounted: present[year]!, cumulative, cumulativeDiscounted }
  })
}

type PaidRow = Omit<FlowYear, 'discounted' | 'cumulative' | 'cumulativeDiscounted'>

function paidRows({ investment, years, tax }: Project): PaidRow[] {
  assert(investment.gte(0) && years.length > 0, 'a project has an investment and at least one year')
  const invested = paid(investment)
  const nothing = { income: zero, operation: zero, replacement: zero, quantity: zero, tax: zero }
  const first = { ...nothing, year: 0, investment: invested, net: invested.neg() }
  const plain = years.map(({ income, operation, replacement, quantity }) => {
    const amounts = { income: paid(income), operation: paid(operation), replacement: paid(replacement) }
    const surplus = amounts.income.minus(amounts.operation).minus(amounts.replacement)
    return { ...amounts, quantity, surplus }
  })
  const taxes = tax ? profitTaxes(plain, invested, tax) : []
  const later = plain.map(({ surplus, ...amounts }, index) => {
    const due = paid(taxes[index] ?? zero)
    return { ...amounts, year: index + 1, investment: zero, tax: due, net: surplus.minus(due) }
  })
  return [first, ...later]
}

/**
 * Tax on a project's profit (企业所得税), for one project standing alone.
 *
 *     profit_t = income_t − operation_t − replacement_t − depreciation_t
 *     tax_t    = rate_t · max(0, profit_t − losses carried here)
 *
 * Depreciation is straight (直线法) over the investment's tax life; a replacement is an expense of its year. A loss
 * reduces later profits, the oldest first, for so many years. The first years with income may be free and the next
 * half taxed. No interest, no local surcharges.
 */
import { zero, type Decimal } from './money.ts'

export interface ProfitTax {
  /** 0 to 1 */
  readonly rate: Decimal
  /** years from year 1 without tax, then years at half the rate */
  readonly exemptYears: number
  readonly halfYears: number
  readonly depreciationYears: number
  /** years for which a loss may be carried forward */
  readonly lossYears: number
}

export interface TaxedYear {
  /** income − operation − replacement, before depreciation */
  readonly surplus: Decimal
}

/** @returns the tax of year 1 and those after it, not rounded */
export function profitTaxes(years: readonly TaxedYear[], investment: Decimal, tax: ProfitTax): Decimal[] {
  const yearlyDepreciation = investment.div(tax.depreciationYears)
  const losses: { year: number; left: Decimal }[] = []
  return years.map(({ surplus }, index) => {
    const year = index + 1
    const profit = surplus.minus(year <= tax.depreciationYears ? yearlyDepreciation : zero)
    if (profit.lte(0)) {
      losses.push({ year, left: profit.neg() })
      return zero
    }
    const usable = losses.filter((loss) => year - loss.year <= tax.lossYears)
    return takeLosses(profit, usable).times(rateOf(tax, year))
  })
}

/** What is left of a profit; the losses are used up in place, the oldest first. */
function takeLosses(profit: Decimal, losses: readonly { left: Decimal }[]): Decimal {
  return losses.reduce((left, loss) => {
    const used = left.lt(loss.left) ? left : loss.left
    loss.left = loss.left.minus(used)
    return left.minus(used)
  }, profit)
}

function rateOf({ rate, exemptYears, halfYears }: ProfitTax, year: number): Decimal {
  if (year <= exemptYears) return zero
  return year <= exemptYears + halfYears ? rate.div(2) : rate
}

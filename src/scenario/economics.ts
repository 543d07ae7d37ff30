/** What PV and storage cost over their lives, as a scenario says it, with its defaults filled in. No amounts by year yet. */
import { remainingShare, type Ageing } from '../assets/ageing.ts'
import type { EconomicsData } from './schema.ts'

/** Terms of one kind of asset. */
export interface AssetTerms {
  readonly investmentCnyPerKw: number
  /** of a battery's energy; 0 for PV */
  readonly investmentCnyPerKwh: number
  /** yearly cost of operation: a share of the investment, and an amount per kW of PV or kWh of a battery */
  readonly operationShare: number
  readonly operationCnyPerUnit: number
  readonly lifetimeYears: number
  readonly ageing: Ageing
  readonly replacement: Replacement | null
}

export interface Replacement {
  readonly everyYears: number
  readonly shareOfInvestment: number
  /** whether the asset is as new after it: cells are, modules are not younger for a new inverter */
  readonly renews: boolean
}

export interface TaxTerms {
  readonly vatShare: number
  readonly rate: number
  readonly exemptYears: number
  readonly halfYears: number
  readonly depreciationYears: number
  readonly lossYears: number
}

export interface Economics {
  readonly discountRate: number
  readonly priceRisePerYear: number
  readonly costRisePerYear: number
  readonly tax: TaxTerms | null
  /** years of life that are run in full, rising from 1 */
  readonly simulatedYears: readonly number[]
  /** whether a later year draws chance of its own */
  readonly drawsChance: boolean
  readonly pv: AssetTerms | null
  readonly storage: AssetTerms | null
}

export function economicsOf(data: EconomicsData): Economics {
  const { tax, pv, storage } = data
  return {
    discountRate: data.discount_rate,
    priceRisePerYear: data.price_rise_per_year ?? 0,
    costRisePerYear: data.cost_rise_per_year ?? 0,
    tax: tax && {
      vatShare: tax.vat_share,
      rate: tax.rate,
      exemptYears: tax.exempt_years,
      halfYears: tax.half_years,
      depreciationYears: tax.depreciation_years,
      lossYears: tax.loss_years,
    },
    simulatedYears: data.years?.simulated ?? [1],
    drawsChance: data.years?.chance === 'drawn',
    pv: pv
      ? termsOf({ ...pv, investment_cny_per_kwh: 0, unitCost: pv.operation.cny_per_kw, renews: false })
      : null,
    storage: storage ? termsOf({ ...storage, unitCost: storage.operation.cny_per_kwh, renews: true }) : null,
  }
}

type TermsData = Omit<NonNullable<EconomicsData['storage']>, 'operation'> & {
  readonly operation: { readonly share_of_investment?: number | undefined }
  readonly unitCost: number | undefined
  readonly renews: boolean
}

function termsOf(data: TermsData): AssetTerms {
  const { replacement } = data
  return {
    investmentCnyPerKw: data.investment_cny_per_kw,
    investmentCnyPerKwh: data.investment_cny_per_kwh,
    operationShare: data.operation.share_of_investment ?? 0,
    operationCnyPerUnit: data.unitCost ?? 0,
    lifetimeYears: data.lifetime_years,
    ageing: { firstYearLoss: data.first_year_loss_share, yearlyLoss: data.yearly_loss_share },
    replacement: replacement
      ? {
          everyYears: replacement.every_years,
          shareOfInvestment: replacement.share_of_investment,
          renews: data.renews,
        }
      : null,
  }
}

/**
 * Output left in a year of an asset's life. Beyond its life it is replaced by a like one, so that neighbours with longer
 * lives keep theirs around them.
 */
export function shareLeft({ lifetimeYears, replacement, ageing }: AssetTerms, year: number): number {
  const ofLife = ((year - 1) % lifetimeYears) + 1
  return remainingShare(ageing, replacement?.renews ? ((ofLife - 1) % replacement.everyYears) + 1 : ofLife)
}

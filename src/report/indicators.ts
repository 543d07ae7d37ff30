/** The figures a planner asks for, computed from a variant's whole numbers. */
import { publicAccounts, type SimulationResult, type VariantResult } from '../simulation/result.ts'
import { cny, kwh, perKwh, share, shareE11 } from './numbers.ts'

/** Sum of the changes of all accounts of one kind, `enterprise`, `pv`, `storage`, `cogeneration`. */
export function changeOf(variant: VariantResult, kind: string): bigint {
  return variant.accounts
    .filter(({ account }) => account === kind || account.startsWith(`${kind}:`))
    .reduce((sum, { changeE11 }) => sum + changeE11, 0n)
}

/** Kinds of accounts that a report lists: participants, public accounts, and fuel where units are dispatched. */
export function accountKinds(variants: readonly VariantResult[]): string[] {
  const hasFuel = variants.some(({ accounts }) => accounts.some(({ account }) => account === 'fuel'))
  return ['enterprise', 'pv', 'storage', 'cogeneration', ...publicAccounts, ...(hasFuel ? ['fuel'] : [])]
}

export function billBeforeE11(variant: VariantResult): bigint {
  return variant.enterprises.reduce((sum, each) => sum + BigInt(each.billBeforeFen), 0n) * 1_000_000_000n
}

export function billAfterE11(variant: VariantResult): bigint {
  return variant.enterprises.reduce((sum, each) => sum + BigInt(each.billAfterFen), 0n) * 1_000_000_000n
}

export interface PlannerFigures {
  /** 度电成本: bills over all energy used, with VAT and without */
  readonly costBeforeCnyPerKwh: number
  readonly costAfterCnyPerKwh: number
  readonly costBeforeWithoutVatCnyPerKwh: number
  readonly costAfterWithoutVatCnyPerKwh: number
  readonly savingPerTradedKwhCny: number
  readonly shareOfEnterprisesSavingOverOnePercent: number
  readonly worstOff: { readonly id: string; readonly savingShare: number; readonly savingCny: number } | null
  /** 就近消纳率: local generation used inside the zone over local generation */
  readonly nearbyConsumptionShare: number
  /** PV used behind the meter or bought from neighbours over load, zone and extremes */
  readonly greenShare: {
    readonly zone: number
    readonly lowest: number
    readonly median: number
    readonly highest: number
  }
  /** T&D revenue lost over the energy of everyone who did not trade it */
  readonly lostTdPerOtherKwhCny: number
}

export function plannerFigures({ main, zone }: SimulationResult): PlannerFigures {
  const before = billBeforeE11(main)
  const after = billAfterE11(main)
  const loadWh = main.energy.loadWh
  const vat = Number(zone.book.ratesOn(zone.calendar.to).rules.vatRate.value)
  const savings = main.enterprises.map((each) => ({
    id: each.id,
    savingCny: (each.billBeforeFen - each.billAfterFen) / 100,
    savingShare: share(each.billBeforeFen - each.billAfterFen, each.billBeforeFen),
  }))
  const worstOff = savings.toSorted((a, b) => a.savingShare - b.savingShare)[0] ?? null
  const tradedWh = main.enterprises.reduce((sum, each) => sum + each.tradedWh, 0)
  const gridWh = main.enterprises.reduce((sum, each) => sum + each.gridWh, 0)
  const generatedWh = main.energy.pvWh + main.energy.cogenerationWh
  const withoutVat = (value: number) => Math.round((value / (1 + vat)) * 1e6) / 1e6
  return {
    costBeforeCnyPerKwh: perKwh(before, loadWh),
    costAfterCnyPerKwh: perKwh(after, loadWh),
    costBeforeWithoutVatCnyPerKwh: withoutVat(perKwh(before, loadWh)),
    costAfterWithoutVatCnyPerKwh: withoutVat(perKwh(after, loadWh)),
    savingPerTradedKwhCny: perKwh(before - after, tradedWh),
    shareOfEnterprisesSavingOverOnePercent: share(
      savings.filter((each) => each.savingShare > 0.01).length,
      savings.length,
    ),
    worstOff,
    nearbyConsumptionShare: share(generatedWh - main.energy.exportAfterWh, generatedWh),
    greenShare: greenShares(main),
    lostTdPerOtherKwhCny: perKwh(-changeOf(main, 'tAndD'), gridWh - tradedWh),
  }
}

function greenShares(main: VariantResult): PlannerFigures['greenShare'] {
  const shares = main.enterprises
    .map((each) => share(each.selfUseWh + each.tradedPvWh, each.loadWh))
    .sort((a, b) => a - b)
  const greenWh = main.enterprises.reduce((sum, each) => sum + each.selfUseWh + each.tradedPvWh, 0)
  return {
    zone: share(greenWh, main.energy.loadWh),
    lowest: shares[0] ?? 0,
    median: shares[Math.floor(shares.length / 2)] ?? 0,
    highest: shares.at(-1) ?? 0,
  }
}

export interface CarbonFigures {
  readonly factorKgPerKwh: number
  readonly factorName: string
  /** local PV used in the zone at the factor: attribution, not an effect of the market */
  readonly attributedTonnes: number
  readonly attributedCoalTonnes: number
  /** change of the zone's net import at the factor; 0 while the market moves money only */
  readonly marketEffectTonnes: number
}

/** Two figures that are never added. A positive market effect is less carbon. */
export function carbonFigures({ main, zone }: SimulationResult): CarbonFigures {
  const { factorKgPerKwh, factorName, coalKgPerKwh } = zone.carbon
  const usedWh = main.enterprises.reduce((sum, each) => sum + each.selfUseWh + each.tradedPvWh, 0)
  const { importBeforeWh, exportBeforeWh, importAfterWh, exportAfterWh } = main.energy
  const lessImportWh = importBeforeWh - exportBeforeWh - (importAfterWh - exportAfterWh)
  const tonnes = (energyWh: number, factor: number) => Math.round(kwh(energyWh) * factor) / 1000
  return {
    factorKgPerKwh,
    factorName,
    attributedTonnes: tonnes(usedWh, factorKgPerKwh),
    attributedCoalTonnes: tonnes(usedWh, coalKgPerKwh),
    marketEffectTonnes: tonnes(lessImportWh, factorKgPerKwh),
  }
}

/** Mean price of traded energy at the seller's side. [CNY/kWh] */
export function meanPriceCny({ columns }: VariantResult): number {
  const sum = (column: Float64Array) => column.reduce((total, value) => total + value, 0)
  const tradedWh = sum(columns.tradedWh)
  return tradedWh === 0 ? 0 : Math.round((sum(columns.tradedValueTickWh) / tradedWh) * 100) / 1e6
}

export interface Savings {
  readonly enterprises: { readonly cny: number; readonly share: number; readonly shareOfTradedCost: number }
  readonly pvOwners: { readonly cny: number; readonly share: number }
  readonly storage: { readonly cny: number }
  readonly cogeneration: { readonly cny: number }
  readonly tAndD: { readonly cny: number }
}

export function savingsOf(variant: VariantResult): Savings {
  const enterprises = changeOf(variant, 'enterprise')
  const tradedCost = variant.enterprises.reduce((sum, each) => sum + each.tradedCostBeforeE11, 0n)
  const pvIncome = variant.pv.reduce((sum, each) => sum + each.incomeBeforeE11, 0n)
  const pv = changeOf(variant, 'pv')
  return {
    enterprises: {
      cny: cny(enterprises),
      share: shareE11(enterprises, billBeforeE11(variant)),
      shareOfTradedCost: shareE11(enterprises, tradedCost),
    },
    pvOwners: { cny: cny(pv), share: shareE11(pv, pvIncome) },
    storage: { cny: cny(changeOf(variant, 'storage')) },
    cogeneration: { cny: cny(changeOf(variant, 'cogeneration')) },
    tAndD: { cny: cny(changeOf(variant, 'tAndD')) },
  }
}

/** Cases of one scenario side by side: which levers stand where, and what the market changes for whom. */
import type { Zone } from '../../scenario/zone.ts'
import type { BreakEven, ContractKind } from '../../simulation/break-even.ts'
import type { BiddingEffect, VariantResult } from '../../simulation/result.ts'
import { biddingFigures } from '../bidding.ts'
import { changeOf } from '../indicators.ts'
import { grouped, percent } from '../numbers.ts'

export interface ComparedCase {
  /** the levers of the command with this case's values, in the order they were given */
  readonly settings: readonly { readonly lever: string; readonly value: string }[]
  /** with the levers as they stand here */
  readonly zone: Zone
  readonly variant: VariantResult
  /** absent where everybody bids the truth */
  readonly bidding?: BiddingEffect
}

/** Break-even fees of a zone; they do not depend on the wheeling regime, so its lever is not among the settings. */
export interface ComparedZone {
  readonly settings: ComparedCase['settings']
  readonly breakEven: readonly BreakEven[]
}

export interface Comparison {
  /** of the first case */
  readonly zone: Zone
  readonly version: string
  /** how to make the same results again */
  readonly command: string
  readonly cases: readonly ComparedCase[]
  readonly zones: readonly ComparedZone[]
  readonly resultHash: string
}

/** Days and seed as far as they are the same in all cases: no lever varies them. */
export function commonRun({ zone, cases }: Comparison): { from?: string; to?: string; seed?: number } {
  const { from, to } = zone.calendar
  const isVaried = (path: string) => cases[0]!.settings.some(({ lever }) => lever === path)
  return {
    ...(isVaried('seed') ? {} : { seed: zone.seed }),
    ...(isVaried('calendar.from') ? {} : { from }),
    ...(isVaried('calendar.to') ? {} : { to }),
  }
}

/** `Title (标题), 2027-01-01 to 2027-12-31, seed 1` */
export function headline(comparison: Comparison, title: string): string {
  const { from, to, seed } = commonRun(comparison)
  const days = from && to ? `${from} to ${to}` : [from && `from ${from}`, to && `to ${to}`].find(Boolean)
  return [title, days, seed === undefined ? undefined : `seed ${seed}`].filter(Boolean).join(', ')
}

/** Who gains and who pays, all accounts of the ledger in a few columns. The columns of a case sum to exactly 0. */
export const accountColumns = [
  { name: 'enterprises', accounts: ['enterprise'] },
  { name: 'PV owners', accounts: ['pv'] },
  { name: 'storage', accounts: ['storage'] },
  { name: 'biomass', accounts: ['cogeneration'] },
  { name: 'T&D', accounts: ['tAndD'] },
  { name: 'retail and agency', accounts: ['retailers', 'agencyPurchase'] },
  {
    name: 'tariff funds',
    accounts: [
      'lineLoss',
      'systemOperation',
      'governmentFunds',
      'timeOfUse',
      'mechanismDifference',
      'feedInPurchase',
    ],
  },
  { name: 'others', accounts: ['marketSurplus', 'deviationPool', 'upstream', 'wear', 'fuel', 'rounding'] },
] as const

/** Columns on what strategic bidding loses, where some case has any. */
export function welfareColumns(cases: readonly ComparedCase[]): {
  readonly head: readonly string[]
  readonly cellsOf: (each: ComparedCase) => string[]
} {
  if (cases.every(({ bidding }) => !bidding)) return { head: [], cellsOf: () => [] }
  return {
    head: ['welfare', 'if truthful', 'lost'],
    cellsOf: ({ bidding }) => {
      if (!bidding) return ['–', '–', '–']
      const { welfareCny, truthfulWelfareCny, lostShare } = biddingFigures(bidding)
      return [grouped(welfareCny), grouped(truthfulWelfareCny), percent(lostShare)]
    },
  }
}

/** Change of every column's accounts [1e-11 CNY]. */
export function columnChanges(variant: VariantResult): bigint[] {
  return accountColumns.map(({ accounts }) =>
    accounts.reduce((sum, account) => sum + changeOf(variant, account), 0n),
  )
}

/** What buyers of one kind of contract have of the market. */
export interface GroupFigures {
  readonly group: ContractKind
  readonly tradedWh: number
  /** all wheeling fees they paid [1e-11 CNY] */
  readonly wheelingE11: bigint
  /** cost of what they traded on the contract less its cost in the market [1e-11 CNY] */
  readonly savingE11: bigint
  /** their whole bills without the market less those with it, monthly charges among them [fen] */
  readonly billSavingFen: number
}

export function groupFigures({
  zone,
  variant: { enterprises },
}: Pick<ComparedCase, 'zone' | 'variant'>): GroupFigures[] {
  const groups = [...new Set(zone.enterprises.map(({ contract }) => contract.kind))]
  return groups.map((group) => {
    const members = enterprises.filter(({ index }) => zone.enterprises[index]!.contract.kind === group)
    const sum = (amountOf: (member: (typeof members)[number]) => bigint) =>
      members.reduce((total, member) => total + amountOf(member), 0n)
    return {
      group,
      tradedWh: members.reduce((total, { tradedWh }) => total + tradedWh, 0),
      wheelingE11: sum((member) => member.wheelingE11),
      savingE11: sum((member) => member.tradedCostBeforeE11 - member.tradedCostAfterE11),
      billSavingFen: members.reduce(
        (total, { billBeforeFen, billAfterFen }) => total + billBeforeFen - billAfterFen,
        0,
      ),
    }
  })
}

export function settingsText(settings: ComparedCase['settings']): string {
  return settings.map(({ lever, value }) => `${lever} ${value}`).join(', ')
}

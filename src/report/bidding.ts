/** What strategic bidding loses against truthful bidding, and who gains or loses by it. */
import type { BiddingEffect, BiddingMember } from '../simulation/result.ts'
import { cny, grouped, kwh, percent, shareE11 } from './numbers.ts'
import { accountNames, strategyNames } from './wording.ts'

export interface BiddingFigures {
  readonly welfareCny: number
  readonly truthfulWelfareCny: number
  readonly lostCny: number
  readonly lostShare: number
}

export function biddingFigures({ welfareE11, truthfulWelfareE11 }: BiddingEffect): BiddingFigures {
  const lostE11 = truthfulWelfareE11 - welfareE11
  return {
    welfareCny: cny(welfareE11),
    truthfulWelfareCny: cny(truthfulWelfareE11),
    lostCny: cny(lostE11),
    lostShare: shareE11(lostE11, truthfulWelfareE11),
  }
}

/** Members of one kind and strategy together. */
export interface BiddingGroup {
  readonly kind: BiddingMember['kind']
  readonly strategy: BiddingMember['strategy']
  readonly members: number
  readonly tradedKwh: number
  readonly truthfulTradedKwh: number
  readonly changeCny: number
}

export function biddingGroups({ members }: BiddingEffect): BiddingGroup[] {
  const groups = Map.groupBy(members, ({ kind, strategy }) => `${kind}/${strategy}`)
  return [...groups.values()].map((group) => {
    const sum = (of: (member: BiddingMember) => number) => group.reduce((total, each) => total + of(each), 0)
    return {
      kind: group[0]!.kind,
      strategy: group[0]!.strategy,
      members: group.length,
      tradedKwh: kwh(sum(({ tradedWh }) => tradedWh)),
      truthfulTradedKwh: kwh(sum(({ truthfulTradedWh }) => truthfulTradedWh)),
      changeCny: cny(group.reduce((total, { changeE11 }) => total + changeE11, 0n)),
    }
  })
}

/** Accounts that are nobody's who bids, as far as they change: the grid company, the funds, the wear. */
export function biddingBystanders({ accounts, members }: BiddingEffect): {
  readonly account: string
  readonly changeCny: number
}[] {
  const bidding = new Set(members.map(({ account }) => account))
  return accounts
    .filter(({ account, changeE11 }) => !bidding.has(account) && changeE11 !== 0n)
    .map(({ account, changeE11 }) => ({ account, changeCny: cny(changeE11) }))
}

export const biddingHead = ['who', 'members', 'traded MWh', 'if all were truthful', 'change, CNY']

/** Rows under {@link biddingHead}; the changes sum to 0. */
export function biddingRows(effect: BiddingEffect): string[][] {
  const groups = biddingGroups(effect).map((each) => [
    `${accountNames[each.kind]!}: ${strategyNames[each.strategy]}`,
    String(each.members),
    grouped(each.tradedKwh / 1000, 1),
    grouped(each.truthfulTradedKwh / 1000, 1),
    grouped(each.changeCny, 2),
  ])
  const others = biddingBystanders(effect).map(({ account, changeCny }) => [
    accountNames[account]!,
    '–',
    '–',
    '–',
    grouped(changeCny, 2),
  ])
  return [...groups, ...others]
}

export function biddingSentence(effect: BiddingEffect): string {
  const { welfareCny, truthfulWelfareCny, lostCny, lostShare } = biddingFigures(effect)
  return (
    `Trade is worth ${grouped(welfareCny)} CNY at true values (社会福利). If all who bid were truthful it would be worth ` +
    `${grouped(truthfulWelfareCny)} CNY: strategic bidding (策略报价) loses ${grouped(lostCny)} CNY, ${percent(lostShare)}.`
  )
}

/** Price rules by name. Quantities are the welfare-optimal ones under each of them but `trade-reduction`. */
import { highLow } from './high-low.ts'
import { nodalUniform } from './nodal-uniform.ts'
import { payAsBid } from './pay-as-bid.ts'
import type { PriceRule } from './rule.ts'
import { tradeReduction } from './trade-reduction.ts'

/** Rules that hold on every tree; the others are for a book with one bus. */
export const treeRuleNames = ['nodal-uniform', 'high-low', 'pay-as-bid'] as const
export const priceRuleNames = [...treeRuleNames, 'trade-reduction'] as const
export type PriceRuleName = (typeof priceRuleNames)[number]

export const priceRules: Readonly<Record<PriceRuleName, PriceRule>> = {
  'nodal-uniform': nodalUniform,
  'high-low': highLow,
  'pay-as-bid': payAsBid,
  'trade-reduction': tradeReduction,
}

export function holdsOnTrees(rule: PriceRuleName): boolean {
  return (treeRuleNames as readonly PriceRuleName[]).includes(rule)
}

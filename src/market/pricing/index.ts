/** Price rules by name. Quantities are the welfare-optimal ones under each of them. */
import { highLow } from './high-low.ts'
import { nodalUniform } from './nodal-uniform.ts'
import { payAsBid } from './pay-as-bid.ts'
import type { PriceRule } from './rule.ts'

export const priceRuleNames = ['nodal-uniform', 'high-low', 'pay-as-bid'] as const
export type PriceRuleName = (typeof priceRuleNames)[number]

export const priceRules: Readonly<Record<PriceRuleName, PriceRule>> = {
  'nodal-uniform': nodalUniform,
  'high-low': highLow,
  'pay-as-bid': payAsBid,
}

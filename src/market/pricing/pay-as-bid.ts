import { highLow } from './high-low.ts'
import { kDenominator } from '../prices.ts'
import type { PriceRule } from './rule.ts'

/** 按报价结算: the buyer pays its limit, which is the pair rule at k = 1, whatever k the book names. */
export const payAsBid: PriceRule = (input, out) => highLow({ ...input, kNumerator: kDenominator }, out)

/**
 * How participants turn what energy is worth to them into the limits they bid. A strategy is either a function of the value alone,
 * by which limits are computed once for as long as the value stays, or a {@link Bidder} that is asked every interval.
 */
import { Adaptive } from './adaptive.ts'
import { markupTicks } from './markup.ts'
import type { Bidder, BidderTerms, Side, Strategy } from './strategy.ts'
import { truthfulTicks } from './truthful.ts'
import { ZeroIntelligence } from './zero-intelligence.ts'

export { isExternal } from './external.ts'
export { plainStrategies } from './strategy.ts'
export type { Bidder, BidderTerms, OwnOutcome, Side, Strategy, StrategyName } from './strategy.ts'

export const truthful = { kind: 'truthful' } as const

/** The limit that the value alone decides; of who is asked every interval the truthful one, which bounds what it answers. */
export function limitTicks(valueTicks: number, side: Side, strategy: Strategy): number {
  return strategy.kind === 'markup'
    ? markupTicks(valueTicks, side, strategy.share)
    : truthfulTicks(valueTicks, side)
}

/** Who is asked every interval; null where the value alone decides, or nobody here. */
export function openBidder({ kind }: Strategy, terms: BidderTerms): Bidder | null {
  switch (kind) {
    case 'zero-intelligence':
      return new ZeroIntelligence(terms)
    case 'adaptive':
      return new Adaptive(terms)
    default:
      return null
  }
}

/** Whether it may bid something else than the truth. */
export function isStrategic({ kind }: Strategy): boolean {
  return kind === 'markup' || kind === 'zero-intelligence' || kind === 'adaptive'
}

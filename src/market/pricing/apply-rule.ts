/** From a cleared and proved book to its pairs and what each pays: reduction where the rule has one, pairing, prices. */
import type { Network } from '../../grid/network.ts'
import type { Book } from '../book.ts'
import type { Clearing } from '../clear.ts'
import { Pairing, type Pairs } from '../pairs.ts'
import { priceRules, type PriceRuleName } from './index.ts'
import type { PairPrices, Reduction } from './rule.ts'

export interface Cleared {
  readonly network: Network
  readonly book: Book
  readonly clearing: Clearing
  /** one price per bus, already mixed at k [ticks] */
  readonly busPriceTicks: Float64Array
  /** k as whole ten-thousandths */
  readonly kNumerator: number
}

export interface Settled extends PairPrices {
  /** what is traded: the optimum, or what the rule's reduction has left of it */
  readonly clearing: Clearing
  readonly pairs: Pairs
  readonly reduction?: Reduction
}

export function applyRule(name: PriceRuleName, cleared: Cleared): Settled {
  const rule = priceRules[name]
  const reduction = rule.reduce?.(cleared.book, cleared.clearing)
  const clearing = reduction?.clearing ?? cleared.clearing
  const pairs = new Pairing(cleared.network).pair(cleared.book, clearing)
  const prices = { sellerTicks: new Float64Array(pairs.count), buyerTicks: new Float64Array(pairs.count) }
  const more = reduction ? { reduction } : {}
  rule({ ...cleared, pairs, ...more }, prices)
  return { clearing, pairs, ...prices, ...more }
}

/**
 * What buyers pay beyond what sellers receive and the fees of the paths: congestion rent under `nodal-uniform`, the
 * market's surplus under `trade-reduction`, 0 under the pair rules. [Wh·tick = 1e-7 CNY]
 */
export function gapOf({ pairs, sellerTicks, buyerTicks }: Settled): bigint {
  let gap = 0n
  for (let pair = 0; pair < pairs.count; pair++) {
    const ticks = buyerTicks[pair]! - sellerTicks[pair]! - pairs.pathFeeTicks[pair]!
    gap += BigInt(ticks) * BigInt(pairs.quantityWh[pair]!)
  }
  return gap
}

/** Worth of the traded energy to its buyers less that to its sellers and the fees, by their limits. [Wh·tick] */
export function welfareOf(book: Book, { pairs }: Settled): bigint {
  let welfare = 0n
  for (let pair = 0; pair < pairs.count; pair++) {
    const ticks =
      book.limitTicks[pairs.buy[pair]!]! - book.limitTicks[pairs.sell[pair]!]! - pairs.pathFeeTicks[pair]!
    welfare += BigInt(ticks) * BigInt(pairs.quantityWh[pair]!)
  }
  return welfare
}

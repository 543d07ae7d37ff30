/** A book that was read, cleared, proved and priced under its rule. */
import { BrokenProof } from './broken-proof.ts'
import { certify, type Certificate } from './certificate.ts'
import { ClearingEngine, type Clearing } from './clear.ts'
import { busPrices } from './prices.ts'
import { applyRule, type Settled } from './pricing/apply-rule.ts'
import type { ReadBook } from './read-book.ts'

export interface ClearedBook {
  readonly read: ReadBook
  /** the optimum, whatever the rule makes of it */
  readonly clearing: Clearing
  /** price of each bus [ticks] */
  readonly busTicks: Float64Array
  readonly proof: Certificate
  readonly settled: Settled
}

/**
 * @param where what is cleared, for the bug report: `book noon`
 * @throws BrokenProof when the clearing cannot be proved optimal, which is our own mistake
 */
export function clearRead(where: string, read: ReadBook): ClearedBook {
  const { network, book, range } = read
  const clearing = new ClearingEngine(network).clear(book)
  const busTicks = new Float64Array(network.busCount)
  busPrices(network, clearing, range, busTicks)
  const proof = certify(network, book, clearing, busTicks)
  if (proof.welfare !== proof.dualBound) throw new BrokenProof(where, read, proof)
  const { kNumerator } = range
  const settled = applyRule(read.rule, { network, book, clearing, busPriceTicks: busTicks, kNumerator })
  return { read, clearing, busTicks, proof, settled }
}

/**
 * The truthful reference after McAfee (1992), A dominant strategy double auction, Journal of Economic Theory 56,
 * 434–450: the marginal buy and the marginal sell are given up whole, and their limits are the prices of all others.
 *
 *     buyers pay  limit of the marginal buy,   sellers get  limit of the marginal sell
 *
 * On each side orders rank by limit, then by sequence number; the marginal order is the one with which the rank reaches
 * the volume of the optimum. Where the orders ahead of the two margins differ in sum, the longer side shares the shorter
 * pro rata to size, so that no order's energy or price depends on its own limit as long as it trades.
 *
 * For one bus. Left out: McAfee's own exception, which gives nothing up where the mean of the first two excluded limits
 * would do as a price for everybody.
 */
import { assert } from '../../base/errors.ts'
import { buySide, sellSide, type Book } from '../book.ts'
import type { Clearing } from '../clear.ts'
import { ProRata } from '../share-pro-rata.ts'
import type { PriceRule, Reduction } from './rule.ts'

interface Side {
  /** rows ahead of the marginal order */
  readonly kept: readonly number[]
  /** what they ask for together [Wh] */
  readonly keptWh: number
  readonly marginal: number
}

function price({ book, pairs, reduction }: Parameters<PriceRule>[0], out: Parameters<PriceRule>[1]): void {
  if (pairs.count === 0) return
  assert(reduction !== undefined, 'trade-reduction prices what its own reduction has left')
  out.sellerTicks.fill(book.limitTicks[reduction.sell]!, 0, pairs.count)
  out.buyerTicks.fill(book.limitTicks[reduction.buy]!, 0, pairs.count)
}

function reduce(book: Book, clearing: Clearing): Reduction {
  assert(clearing.flowUpWh.length === 1, () => `trade-reduction on ${clearing.flowUpWh.length} buses`)
  const acceptedWh = new Float64Array(book.count)
  if (clearing.volumeWh === 0) return { clearing: withAccepted(clearing, acceptedWh, 0), buy: -1, sell: -1 }
  const buys = splitSide(book, buySide, clearing.volumeWh)
  const sells = splitSide(book, sellSide, clearing.volumeWh)
  const volumeWh = Math.min(buys.keptWh, sells.keptWh)
  shareSide(book, buys, volumeWh, acceptedWh)
  shareSide(book, sells, volumeWh, acceptedWh)
  return {
    clearing: withAccepted(clearing, acceptedWh, volumeWh),
    buy: buys.marginal,
    sell: sells.marginal,
  }
}

function splitSide(book: Book, side: number, volumeWh: number): Side {
  const rows = rankedRows(book, side)
  let keptWh = 0
  let at = 0
  while (keptWh + book.quantityWh[rows[at]!]! < volumeWh) keptWh += book.quantityWh[rows[at++]!]!
  return { kept: rows.slice(0, at), keptWh, marginal: rows[at]! }
}

/** Best limit first, then by sequence number. */
function rankedRows(book: Book, side: number): number[] {
  const { limitTicks, sequence } = book
  const sign = side === buySide ? -1 : 1
  const rows: number[] = []
  for (let row = 0; row < book.count; row++) if (book.side[row] === side) rows.push(row)
  return rows.sort((a, b) => sign * (limitTicks[a]! - limitTicks[b]!) || sequence[a]! - sequence[b]!)
}

function shareSide(book: Book, { kept }: Side, volumeWh: number, acceptedWh: Float64Array): void {
  const shares = new ProRata()
  shares.begin()
  for (const row of kept) shares.add(book.quantityWh[row]!, book.sequence[row]!)
  shares.share(volumeWh)
  kept.forEach((row, claim) => {
    acceptedWh[row] = shares.shareWh[claim]!
  })
}

function withAccepted(clearing: Clearing, acceptedWh: Float64Array, volumeWh: number): Clearing {
  return { ...clearing, acceptedWh, traded: Uint8Array.of(volumeWh > 0 ? 1 : 0), volumeWh }
}

export const tradeReduction: PriceRule = Object.assign(price, { reduce })

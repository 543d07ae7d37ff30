/** `trade-reduction` decides by rank on each side: what stands ahead of the marginal order is kept, or shares if longer. */
import { buySide, type Book } from '../book.ts'
import type { ClearedBook } from '../clear-read.ts'
import type { Reason } from './explanation.ts'

/** @returns null where the rule gave nothing up */
export function reducedReason({ read, settled }: ClearedBook, row: number): Reason | null {
  const { book, orderIds } = read
  const { reduction, clearing } = settled
  if (!reduction || reduction.buy < 0 || book.quantityWh[row] === 0) return null
  const marginal = book.side[row] === buySide ? reduction.buy : reduction.sell
  if (row === marginal) return { code: 'given-up' }
  const of = { marginal: orderIds[marginal]!, marginalLimitTicks: book.limitTicks[marginal]! }
  if (rank(book, row, marginal) > 0) {
    const shortTicks = Math.abs(book.limitTicks[row]! - book.limitTicks[marginal]!)
    return { code: 'behind-the-marginal', shortTicks, ...of }
  }
  const keptWh = keptOf(book, marginal)
  const { volumeWh } = clearing
  return keptWh === volumeWh ? { code: 'kept', ...of } : { code: 'kept-shared', keptWh, volumeWh, ...of }
}

/** Below 0 where the first of two orders of a side ranks ahead: by limit, then by sequence. */
function rank({ limitTicks, side, sequence }: Book, a: number, b: number): number {
  const sign = side[a] === buySide ? -1 : 1
  return sign * (limitTicks[a]! - limitTicks[b]!) || sequence[a]! - sequence[b]!
}

/** What the orders ahead of the marginal one ask for together [Wh]. */
function keptOf(book: Book, marginal: number): number {
  let keptWh = 0
  for (let row = 0; row < book.count; row++)
    if (book.side[row] === book.side[marginal] && rank(book, row, marginal) < 0)
      keptWh += book.quantityWh[row]!
  return keptWh
}

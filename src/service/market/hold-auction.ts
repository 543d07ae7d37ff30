/**
 * One auction as a function of plain values, so that it can be held here or in another thread: the simulation's auction,
 * its certificate, and what became of every order.
 */
import { reasons, type Reason } from '../../contract/routes/orders.ts'
import type { Network } from '../../grid/network.ts'
import { buySide } from '../../market/book.ts'
import { BrokenProof } from '../../market/broken-proof.ts'
import { certify, type Certificate } from '../../market/certificate.ts'
import { Auction, type AuctionTerms } from '../../simulation/auction.ts'
import type { OrderRows } from '../../simulation/order-rows.ts'
import type { Outcome } from '../../simulation/outcome.ts'
import { replacedByOwn, selfTrade, stands } from './book-rows.ts'

export interface AuctionInput {
  readonly interval: number
  readonly terms: AuctionTerms
  readonly network: Network
  readonly rows: OrderRows
  /** per row, see `book-rows.ts` */
  readonly left: Uint8Array
}

export interface Held {
  readonly outcome: Outcome
  readonly certificate: Certificate
  /** per row, index into {@link reasons} */
  readonly reason: Uint8Array
}

/** A clearing that is not proved is a value here: it has to get from one thread to another. */
export type AuctionAnswer = { readonly held: Held } | { readonly broken: UnprovedClearing }

export interface UnprovedClearing {
  readonly message: string
  /** in the form that `overwall clear` reads */
  readonly bookJson: object
}

const nothingWon: Certificate = { welfare: 0n, dualBound: 0n, wheelingFees: 0n }

export function holdAuction({ interval, terms, network, rows, left }: AuctionInput): AuctionAnswer {
  const auction = new Auction(terms, network, Math.max(1, rows.book.count))
  try {
    const outcome = auction.hold(rows, interval)
    const { book } = rows
    const certificate = outcome.isHeld
      ? certify(network, book, outcome.clearing, outcome.busTicks)
      : nothingWon
    return { held: { outcome, certificate, reason: reasonsOf(outcome, left) } }
  } catch (error) {
    if (error instanceof BrokenProof) return { broken: { message: error.message, bookJson: error.bookJson } }
    throw error
  }
}

/**
 * Read off the prices: a limit on the right side of its bus's price is accepted whole, one on the wrong side is not
 * accepted. Prices of buses where nothing was traded are indicative, and there nobody has a counterpart.
 */
function reasonsOf(outcome: Outcome, left: Uint8Array): Uint8Array {
  const reason = new Uint8Array(outcome.rows.book.count)
  for (let row = 0; row < reason.length; row++) {
    reason[row] = left[row] === stands ? byPrice(outcome, row) : codeOfLeft[left[row]!]!
  }
  return reason
}

const codeOf = (reason: Reason) => reasons.indexOf(reason)
const codeOfLeft: Readonly<Record<number, number>> = {
  [replacedByOwn]: codeOf('replaced-by-own-order'),
  [selfTrade]: codeOf('self-trade'),
}
const withinPrice = codeOf('within-price')
const atTheMargin = codeOf('at-the-margin')
const outsidePrice = codeOf('outside-price')
const noCounterpart = codeOf('no-counterpart')

function byPrice({ rows: { book }, clearing, busTicks, isHeld }: Outcome, row: number): number {
  if (!isHeld) return noCounterpart
  const bus = book.bus[row]!
  const acceptedWh = clearing.acceptedWh[row]!
  const sign = book.side[row] === buySide ? 1 : -1
  const gainTicks = sign * (book.limitTicks[row]! - busTicks[bus]!)
  if (acceptedWh === 0 && clearing.traded[bus] === 0) return noCounterpart
  if (gainTicks === 0) return atTheMargin
  return acceptedWh > 0 ? withinPrice : outsidePrice
}

/**
 * One auction as a function of plain values, so that it can be held here or in another thread: the simulation's auction, its
 * certificate, and all that is made of it for the store, for the batteries and for settlement.
 */
import { reasons, type Reason } from '../../contract/routes/orders.ts'
import type { Network } from '../../grid/network.ts'
import { buySide, type Orders } from '../../market/book.ts'
import { BrokenProof } from '../../market/broken-proof.ts'
import { certify, type Certificate } from '../../market/certificate.ts'
import { Auction, type AuctionTerms } from '../../simulation/auction.ts'
import type { Outcome } from '../../simulation/outcome.ts'
import type { BookedOrders, Outcomes, Trades } from '../../store/records.ts'
import { bookRows, replacedByOwn, selfTrade, stands } from './book-rows.ts'
import { outcomesOf, publishedClearing, resultBytes, tradesOf } from './clearing-record.ts'
import { joinRows } from './join-rows.ts'
import type { MemberColumns } from './member-columns.ts'
import { publishedLevels } from './published-levels.ts'

export interface AuctionInput {
  readonly interval: number
  readonly terms: AuctionTerms
  readonly network: Network
  readonly orders: BookedOrders
  readonly members: MemberColumns
}

export interface Held {
  readonly outcomes: Outcomes
  readonly trades: Trades
  /** what is published */
  readonly result: Uint8Array
  /** the book as batteries plan on it */
  readonly levels: Orders
  /** one row a member and side: what settlement asks the meters about */
  readonly joined: Outcome
}

/** A clearing that is not proved is a value here: it has to get from one thread to another. */
export type AuctionAnswer = { readonly held: Held } | { readonly broken: UnprovedClearing }

export interface UnprovedClearing {
  readonly message: string
  /** in the form that `overwall clear` reads */
  readonly bookJson: object
}

const nothingWon: Certificate = { welfare: 0n, dualBound: 0n, wheelingFees: 0n }

export function holdAuction(input: AuctionInput): AuctionAnswer {
  const { interval, terms, network, orders, members } = input
  const { rows, left } = bookRows(orders, members)
  const auction = new Auction(terms, network, Math.max(1, rows.book.count))
  try {
    const outcome = auction.hold(rows, interval)
    return { held: heldOf(input, outcome, left) }
  } catch (error) {
    if (error instanceof BrokenProof) return { broken: { message: error.message, bookJson: error.bookJson } }
    throw error
  }
}

function heldOf(
  { interval, terms, network, orders, members }: AuctionInput,
  outcome: Outcome,
  left: Uint8Array,
): Held {
  const { rows, clearing, busTicks, isHeld } = outcome
  const certificate = isHeld ? certify(network, rows.book, clearing, busTicks) : nothingWon
  const trades = tradesOf(outcome, orders, members.withdrawalTicks)
  return {
    trades,
    outcomes: outcomesOf(outcome, trades, reasonsOf(outcome, left)),
    result: resultBytes(publishedClearing(terms, interval, outcome, certificate)),
    levels: publishedLevels(rows),
    joined: joinRows(outcome),
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

/**
 * Listing (挂牌): somebody lists a quantity at a price, others take (摘牌) that very listing, wholly or in part, the first
 * who comes. The price is the listing's. A seller's listing is what the seller receives, and the taker pays the fees of
 * the path on top; a buyer's listing is what the buyer pays with those fees, and the taker receives what they leave. So a
 * listing nobody took goes into the call auction as the limit it already is.
 *
 * A take is filled whole or refused: for more than is still listed, or for more than the arcs of its path carry.
 */
import type { Fault } from '../../base/errors.ts'
import { sellSide } from '../book.ts'
import type { ArcRoom } from './arc-room.ts'
import { Rising } from './rising.ts'
import {
  arcFault,
  listedFault,
  ownCounterpartFault,
  priceFault,
  quantityFault,
  totalFault,
  unknownId,
} from './session-faults.ts'
import {
  widestRange,
  type OpenOrder,
  type SessionOrder,
  type SessionRange,
  type SessionTrade,
} from './session-order.ts'

export interface Take {
  /** position in the one row of all events, rising; the taker's id in the trade */
  readonly sequence: number
  /** id of the listing */
  readonly id: number
  /** row of the participant that takes, and of its bus */
  readonly owner: number
  readonly bus: number
  /** whole, above 0 [Wh] */
  readonly quantityWh: number
}

export type ListingAnswer = { readonly listing: OpenOrder } | { readonly fault: Fault }
export type TakeAnswer = { readonly trade: SessionTrade } | { readonly fault: Fault }

export class ListingBoard {
  readonly #room: ArcRoom
  readonly #range: SessionRange
  readonly #listings = new Map<number, OpenOrder>()
  readonly #events = new Rising()
  #openWh = 0

  /** @param range what may be listed, and what a taker may come to pay or receive */
  constructor(room: ArcRoom, range: SessionRange = widestRange) {
    this.#room = room
    this.#range = range
  }

  /** Puts a listing on the board; it is matched with nothing by itself. */
  list({ sequence, owner, bus, side, limitTicks, quantityWh }: SessionOrder): ListingAnswer {
    this.#events.next(sequence)
    const fault =
      quantityFault(quantityWh) ??
      priceFault(limitTicks, this.#range, 'limitTicks') ??
      totalFault(this.#openWh, quantityWh)
    if (fault) return { fault }
    const listing = { id: sequence, sequence, owner, bus, side, limitTicks, openWh: quantityWh }
    this.#put(listing)
    return { listing }
  }

  /**
   * Takes from a named listing, or is refused: for its quantity, an unknown id, an own listing, more than is listed, an
   * arc with too little room, a price that the fees carry out of the range; in this order.
   */
  take(take: Take): TakeAnswer {
    this.#events.next(take.sequence)
    const wrong = quantityFault(take.quantityWh)
    if (wrong) return { fault: wrong }
    const listing = this.#listings.get(take.id)
    if (!listing) return { fault: unknownId('listing', take.id) }
    if (listing.owner === take.owner) return { fault: ownCounterpartFault(take.owner) }
    if (take.quantityWh > listing.openWh) return { fault: listedFault(take.quantityWh, listing.openWh) }
    return this.#settle(listing, take)
  }

  /** Takes a listing off the board; answers with what was left of it. */
  cancel(id: number): ListingAnswer {
    const listing = this.#listings.get(id)
    if (!listing) return { fault: unknownId('listing', id) }
    this.#put({ ...listing, openWh: 0 })
    return { listing }
  }

  listing(id: number): OpenOrder | undefined {
    return this.#listings.get(id)
  }

  /** What is still listed, in the sequence in which it came. */
  orders(): OpenOrder[] {
    return [...this.#listings.values()]
  }

  #settle(listing: OpenOrder, take: Take): TakeAnswer {
    const sells = listing.side === sellSide
    const [sellBus, buyBus] = sells ? [listing.bus, take.bus] : [take.bus, listing.bus]
    const arc = this.#room.narrowest(sellBus, buyBus, take.quantityWh)
    if (arc) return { fault: arcFault(arc, this.#room.nameOf(arc.bus)) }
    const pathFeeTicks = this.#room.paths.feeTicks(sellBus, buyBus)
    const takerTicks = listing.limitTicks + (sells ? pathFeeTicks : -pathFeeTicks)
    const fault = priceFault(takerTicks, this.#range, 'bus')
    if (fault) return { fault }
    this.#room.take(sellBus, buyBus, take.quantityWh)
    this.#put({ ...listing, openWh: listing.openWh - take.quantityWh })
    const lister = { id: listing.id, owner: listing.owner }
    const taker = { id: take.sequence, owner: take.owner }
    const [seller, buyer] = sells ? [lister, taker] : [taker, lister]
    return {
      trade: {
        sellId: seller.id,
        buyId: buyer.id,
        sellOwner: seller.owner,
        buyOwner: buyer.owner,
        quantityWh: take.quantityWh,
        sellerTicks: sells ? listing.limitTicks : takerTicks,
        pathFeeTicks,
      },
    }
  }

  #put(listing: OpenOrder): void {
    this.#openWh += listing.openWh - (this.#listings.get(listing.id)?.openWh ?? 0)
    if (listing.openWh > 0) this.#listings.set(listing.id, listing)
    else this.#listings.delete(listing.id)
  }
}

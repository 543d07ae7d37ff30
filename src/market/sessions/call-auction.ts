/**
 * What the sessions leave for the call auction: a book of the orders still open, on a network with the room still free.
 * `new ClearingEngine(network).clear(book)` runs it. An owner may be left with crossing orders in different sessions, so
 * the auction's own rule on self-trade applies to `owners`.
 */
import { assert } from '../../base/errors.ts'
import type { Network } from '../../grid/network.ts'
import type { Book } from '../book.ts'
import type { ArcRoom } from './arc-room.ts'
import type { OpenOrder } from './session-order.ts'

export interface CallAuction {
  readonly network: Network
  readonly book: Book
  /** by row of the book: id of the order and row of its owner */
  readonly ids: Float64Array
  readonly owners: Int32Array
}

/**
 * @param orders what is open in the sessions, and orders that were sent to the auction itself; rows of the book follow
 *   their sequence numbers, which must differ
 */
export function callAuction({ room, orders }: { room: ArcRoom; orders: Iterable<OpenOrder> }): CallAuction {
  const rows = [...orders].toSorted((a, b) => a.sequence - b.sequence)
  rows.forEach(({ sequence }, row) =>
    assert(row === 0 || sequence > rows[row - 1]!.sequence, () => `two orders have the number ${sequence}`),
  )
  const book = {
    count: rows.length,
    bus: Int32Array.from(rows, ({ bus }) => bus),
    side: Uint8Array.from(rows, ({ side }) => side),
    limitTicks: Int32Array.from(rows, ({ limitTicks }) => limitTicks),
    quantityWh: Float64Array.from(rows, ({ openWh }) => openWh),
    sequence: Float64Array.from(rows, ({ sequence }) => sequence),
  }
  const ids = Float64Array.from(rows, ({ id }) => id)
  return { network: room.left(), book, ids, owners: Int32Array.from(rows, ({ owner }) => owner) }
}

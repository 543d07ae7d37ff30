/** The book of an interval out of everything that was placed in it. Plain columns in and out, so that any thread may do it. */
import { assert } from '../../base/errors.ts'
import type { Book } from '../../market/book.ts'
import { sharedColumns } from '../columns.ts'
import { ordersLayout } from '../layouts.ts'
import type { BookedOrders, StandingOrders } from '../records.ts'

export const live = 0
export const gone = 1

const names = Object.keys(ordersLayout.types) as (keyof typeof ordersLayout.types)[]

/** The live orders in the order of their last events, in columns of their own that threads share. */
export function bookedFrom(standing: StandingOrders): BookedOrders {
  const booked = sharedColumns(ordersLayout, standing.live)
  if (standing.live === standing.count && !standing.isMoved)
    for (const name of names) booked[name].set(standing[name])
  else copyRows(booked, standing, liveRows(standing))
  return booked
}

function copyRows(booked: BookedOrders, standing: StandingOrders, rows: Uint32Array): void {
  // One loop with a place in the code for every column: a function for any column would be slow for all.
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!
    booked.request[at] = standing.request[row]!
    booked.quantityWh[at] = standing.quantityWh[row]!
    booked.participant[at] = standing.participant[row]!
    booked.bus[at] = standing.bus[row]!
    booked.limitTicks[at] = standing.limitTicks[row]!
    booked.version[at] = standing.version[row]!
    booked.sequence[at] = standing.sequence[row]!
    booked.index[at] = standing.index[row]!
    booked.side[at] = standing.side[row]!
    booked.origin[at] = standing.origin[row]!
  }
}

function liveRows({ count, live: lives, state, sequence, isMoved }: StandingOrders): Uint32Array {
  const rows = new Uint32Array(lives)
  let at = 0
  for (let row = 0; row < count; row++) if (state[row] === live) rows[at++] = row
  assert(at === lives, 'live orders are miscounted')
  return isMoved ? rows.sort((a, b) => sequence[a]! - sequence[b]!) : rows
}

/** A book of the same rows; `sequence` numbers become the book's. */
export function bookOf(orders: BookedOrders): Book {
  return {
    count: orders.count,
    bus: new Int32Array(orders.bus),
    side: orders.side,
    limitTicks: orders.limitTicks,
    quantityWh: orders.quantityWh,
    sequence: new Float64Array(orders.sequence),
  }
}

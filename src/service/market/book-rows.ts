/**
 * The orders of a closed gate as rows of the simulation's book. Two rules of the market are kept here, from the orders
 * alone, so that a clearing can be repeated years later:
 *
 * - who placed orders speaks for itself, and its strategy's are left out, as are those of its owner on the other side;
 * - an owner stands on one side: orders on the other side of its first one are left out. They are refused at the door
 *   already; two that came in at once through different doors meet here.
 *
 * Rows stay where they are; what is left out has no quantity.
 */
import { buySide } from '../../market/book.ts'
import { makeOrderRows, type OrderRows } from '../../simulation/order-rows.ts'
import type { BookedOrders } from '../../store/records.ts'
import type { MemberColumns } from './member-columns.ts'

export const stands = 0
export const replacedByOwn = 1
export const selfTrade = 2

export interface BookRows {
  readonly rows: OrderRows
  /** per row: {@link stands}, {@link replacedByOwn} or {@link selfTrade} */
  readonly left: Uint8Array
}

const strategy = 1
const noSide = 255

export function bookRows(orders: BookedOrders, members: MemberColumns): BookRows {
  const { count } = orders
  const rows = makeOrderRows(count)
  const { book } = rows
  const left = leftOut(orders, members)
  for (let row = 0; row < count; row++) {
    const participant = orders.participant[row]!
    rows.kind[row] = members.rowKind[participant]!
    rows.who[row] = members.who[participant]!
    book.bus[row] = orders.bus[row]!
    book.side[row] = orders.side[row]!
    book.limitTicks[row] = orders.limitTicks[row]!
    book.quantityWh[row] = left[row] === stands ? orders.quantityWh[row]! : 0
    book.sequence[row] = row
    if (left[row] === stands && orders.side[row] !== buySide) rows.sells++
  }
  book.count = count
  return { rows, left }
}

function leftOut(orders: BookedOrders, members: MemberColumns): Uint8Array {
  const { count, participant, side, origin } = orders
  const left = new Uint8Array(count)
  const ownSide = new Uint8Array(members.owners).fill(noSide)
  const drives = new Uint8Array(members.who.length)
  for (let row = 0; row < count; row++) {
    if (origin[row] === strategy) continue
    const owner = members.owner[participant[row]!]!
    drives[participant[row]!] = 1
    if (ownSide[owner] === noSide) ownSide[owner] = side[row]!
    else if (ownSide[owner] !== side[row]) left[row] = selfTrade
  }
  for (let row = 0; row < count; row++) {
    if (origin[row] !== strategy) continue
    const owner = members.owner[participant[row]!]!
    if (drives[participant[row]!] === 1) left[row] = replacedByOwn
    else if (ownSide[owner] === noSide) ownSide[owner] = side[row]!
    else if (ownSide[owner] !== side[row]) left[row] = selfTrade
  }
  return left
}

/**
 * A member may have many orders in one interval but has one meter, so its rows are joined before its meter is asked what it
 * supports.
 */
import { makeOrderRows, type OrderRows } from '../../simulation/order-rows.ts'
import type { Outcome } from '../../simulation/outcome.ts'

/** The outcome with one row a member and side. Pairs and prices are those of the outcome. */
export function joinRows(outcome: Outcome): Outcome {
  const { rows, clearing, pairs } = outcome
  const { count } = rows.book
  const { into, joined } = joiner(rows)
  const acceptedWh = new Float64Array(joined.book.count)
  for (let row = 0; row < count; row++) {
    const at = into[row]!
    acceptedWh[at] = acceptedWh[at]! + clearing.acceptedWh[row]!
  }
  const sell = new Int32Array(pairs.count)
  const buy = new Int32Array(pairs.count)
  for (let pair = 0; pair < pairs.count; pair++) {
    sell[pair] = into[pairs.sell[pair]!]!
    buy[pair] = into[pairs.buy[pair]!]!
  }
  return {
    ...outcome,
    rows: joined,
    clearing: { ...clearing, acceptedWh },
    pairs: { ...pairs, sell, buy },
  }
}

/** Rows of one member and side follow their first one. */
function joiner(rows: OrderRows): { into: Int32Array; joined: OrderRows } {
  const { count } = rows.book
  const into = new Int32Array(count)
  const firstOf = new Map<number, number>()
  const firsts: number[] = []
  for (let row = 0; row < count; row++) {
    const key = (rows.who[row]! * 4 + rows.kind[row]!) * 2 + rows.book.side[row]!
    let at = firstOf.get(key)
    if (at === undefined) {
      at = firsts.push(row) - 1
      firstOf.set(key, at)
    }
    into[row] = at
  }
  const joined = makeOrderRows(firsts.length)
  joined.book.count = firsts.length
  firsts.forEach((row, at) => {
    joined.book.side[at] = rows.book.side[row]!
    joined.kind[at] = rows.kind[row]!
    joined.who[at] = rows.who[row]!
    joined.sells += rows.book.side[row]!
  })
  return { into, joined }
}

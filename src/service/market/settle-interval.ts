/**
 * The settlement of one interval from what was cleared and what the meters show, as a value: who is owed what beyond
 * nothing. It is computed by the simulation's own settlement, in books that run over the month.
 *
 * A member may have many orders in one interval but has one meter, so its rows are joined before its meter is asked what
 * it supports.
 */
import { storageLimits } from '../../assets/storage.ts'
import { buySide } from '../../market/book.ts'
import { makeOrderRows, storageRow, type OrderRows } from '../../simulation/order-rows.ts'
import type { Outcome } from '../../simulation/outcome.ts'
import type { StorageDesk } from '../../simulation/storage-desk.ts'

/** The outcome with one row a member and side. Pairs and prices are those of the outcome. */
export function joinRows(outcome: Outcome): Outcome {
  const { rows, clearing, pairs } = outcome
  const joined = makeOrderRows(rows.book.count)
  const acceptedWh = new Float64Array(rows.book.count)
  const rowOf = joiner(rows, joined)
  const sell = new Int32Array(pairs.count)
  const buy = new Int32Array(pairs.count)
  for (let row = 0; row < rows.book.count; row++) {
    if (clearing.acceptedWh[row] === 0) continue
    const into = rowOf(row)
    acceptedWh[into] = acceptedWh[into]! + clearing.acceptedWh[row]!
  }
  for (let pair = 0; pair < pairs.count; pair++) {
    sell[pair] = rowOf(pairs.sell[pair]!)
    buy[pair] = rowOf(pairs.buy[pair]!)
  }
  return { ...outcome, rows: joined, clearing: { ...clearing, acceptedWh }, pairs: { ...pairs, sell, buy } }
}

function joiner(rows: OrderRows, joined: OrderRows): (row: number) => number {
  const known = new Map<number, number>()
  return (row) => {
    const side = rows.book.side[row]!
    const key = (rows.who[row]! * 4 + rows.kind[row]!) * 2 + side
    const found = known.get(key)
    if (found !== undefined) return found
    const into = joined.book.count++
    joined.book.side[into] = side
    joined.kind[into] = rows.kind[row]!
    joined.who[into] = rows.who[row]!
    joined.sells += side
    known.set(key, into)
    return into
  }
}

/** What each battery can do of what it sold or bought, from the energy it holds. [Wh] */
export function batteryReadings({ rows, clearing }: Outcome, desks: readonly StorageDesk[]): Float64Array {
  const batteryWh = new Float64Array(desks.length)
  for (let row = 0; row < rows.book.count; row++) {
    if (rows.kind[row] !== storageRow) continue
    const { unit, storedWh } = desks[rows.who[row]!]!
    const { chargeWhMax, dischargeWhMax } = storageLimits(unit.spec, storedWh)
    const most = rows.book.side[row] === buySide ? chargeWhMax : dischargeWhMax
    batteryWh[rows.who[row]!] = Math.min(most, clearing.acceptedWh[row]!)
  }
  return batteryWh
}

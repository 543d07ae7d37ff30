/**
 * A participant does not trade with itself. By default an owner with orders on both sides of one book is refused. Where
 * the book says `net`, its own energy is settled first, bus by bus: its highest buy against its lowest sell, as long as
 * they cross. That energy crosses no arc, so it owes no fee and takes nobody's room; it never enters the market.
 *
 * Between two buses nothing is netted: the energy would use the network without its fee and its limits. Own orders that
 * still cross there are refused, by their limits alone. As no pair's buy limit lies below its sell limit, what is let
 * through is never paired with itself.
 */
import { buySide, sellSide, type Book } from './book.ts'

export const selfTradeRules = ['refuse', 'net'] as const

/** Rows of an owner that buys and sells in one book. */
export interface TwoSidedOwner {
  readonly owner: string
  readonly buys: number[]
  readonly sells: number[]
}

/** @param owners owner of each row; rows without one belong to nobody else's owner */
export function twoSidedOwners(book: Book, owners: readonly (string | undefined)[]): TwoSidedOwner[] {
  const byOwner = new Map<string, TwoSidedOwner>()
  owners.forEach((owner, row) => {
    if (owner === undefined) return
    const own = byOwner.get(owner) ?? { owner, buys: [], sells: [] }
    byOwner.set(owner, own)
    ;(book.side[row] === sellSide ? own.sells : own.buys).push(row)
  })
  return [...byOwner.values()].filter(({ buys, sells }) => buys.length > 0 && sells.length > 0)
}

/**
 * Takes each owner's own energy out of the book's quantities.
 *
 * @returns what was taken out of each order [Wh]
 */
export function netOwnEnergy(book: Book, owners: readonly TwoSidedOwner[]): Float64Array {
  const nettedWh = new Float64Array(book.count)
  for (const { buys, sells } of owners) netOne(book, ranked(book, buys), ranked(book, sells), nettedWh)
  for (let row = 0; row < book.count; row++) book.quantityWh[row] = book.quantityWh[row]! - nettedWh[row]!
  return nettedWh
}

/** By bus, then best limit first, then by sequence number. */
function ranked({ bus, side, limitTicks, sequence }: Book, rows: readonly number[]): number[] {
  const worse = (a: number, b: number) => (side[a] === buySide ? -1 : 1) * (limitTicks[a]! - limitTicks[b]!)
  return rows.toSorted((a, b) => bus[a]! - bus[b]! || worse(a, b) || sequence[a]! - sequence[b]!)
}

function netOne(book: Book, buys: readonly number[], sells: readonly number[], nettedWh: Float64Array): void {
  const leftWh = (row: number) => book.quantityWh[row]! - nettedWh[row]!
  let at = 0
  let against = 0
  while (at < buys.length && against < sells.length) {
    const buy = buys[at]!
    const sell = sells[against]!
    if (book.bus[sell]! < book.bus[buy]!) against++
    else if (book.bus[buy]! < book.bus[sell]! || book.limitTicks[buy]! < book.limitTicks[sell]!) at++
    else {
      const energyWh = Math.min(leftWh(buy), leftWh(sell))
      nettedWh[buy] = nettedWh[buy]! + energyWh
      nettedWh[sell] = nettedWh[sell]! + energyWh
      if (leftWh(buy) === 0) at++
      if (leftWh(sell) === 0) against++
    }
  }
}

/** An owner's highest buy and lowest sell with something left, where the two cross. */
export function ownCrossing(
  book: Book,
  { buys, sells }: TwoSidedOwner,
): { buy: number; sell: number } | null {
  const buy = bestLeft(book, buys, 1)
  const sell = bestLeft(book, sells, -1)
  if (buy === -1 || sell === -1 || book.limitTicks[buy]! < book.limitTicks[sell]!) return null
  return { buy, sell }
}

function bestLeft({ limitTicks, quantityWh }: Book, rows: readonly number[], sign: 1 | -1): number {
  let best = -1
  for (const row of rows) {
    if (quantityWh[row] === 0) continue
    if (best === -1 || sign * (limitTicks[row]! - limitTicks[best]!) > 0) best = row
  }
  return best
}

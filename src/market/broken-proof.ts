/**
 * A clearing whose welfare is not its dual bound: our own mistake. Nothing of it is recorded; the book goes with the
 * error, in the form that `overwall clear` reads, so that it can be saved and the mistake found.
 */
import { formatScaled } from '../base/decimal.ts'
import { BrokenAssertion } from '../base/errors.ts'
import type { Network } from '../grid/network.ts'
import { sellSide, type Book } from './book.ts'
import type { Certificate } from './certificate.ts'
import { kDenominator, type PriceRange } from './prices.ts'
import type { PriceRuleName } from './pricing/index.ts'

export interface UnprovedBook {
  readonly network: Network
  readonly book: Book
  readonly range: PriceRange
  readonly rule: PriceRuleName
  /** ids by row, where the book has any */
  readonly busIds?: readonly string[]
  readonly orderIds?: readonly string[]
}

export class BrokenProof extends BrokenAssertion {
  /** not a property of the error: a log that lists those must not hold the book */
  readonly #bookJson: object

  /** @param where what was cleared, for people: `interval 17` */
  constructor(where: string, unproved: UnprovedBook, { welfare, dualBound }: Certificate) {
    super(`${where}: welfare ${welfare} is not its bound ${dualBound}`)
    this.name = 'BrokenProof'
    this.#bookJson = bookJsonOf(unproved)
  }

  get bookJson(): object {
    return this.#bookJson
  }
}

const price = (ticks: number) => formatScaled(ticks, 4)
const energy = (wh: number) => formatScaled(wh, 3)
const capacity = (wh: number) => (wh === Infinity ? null : energy(wh))

/** Orders stand by sequence, so that the one who reads the book numbers them alike. */
function bookJsonOf({ network, book, range, rule, busIds, orderIds }: UnprovedBook): object {
  const busId = (row: number) => busIds?.[row] ?? `bus-${row}`
  const rows = Array.from({ length: book.count }, (_, row) => row)
  rows.sort((a, b) => book.sequence[a]! - book.sequence[b]!)
  return {
    network: {
      buses: Array.from({ length: network.busCount }, (_, row) => ({
        id: busId(row),
        parent: row === 0 ? null : busId(network.parent[row]!),
        feeUp: price(network.feeUpTicks[row]!),
        feeDown: price(network.feeDownTicks[row]!),
        capacityUp: capacity(network.capacityUpWh[row]!),
        capacityDown: capacity(network.capacityDownWh[row]!),
      })),
    },
    orders: rows.map((row) => ({
      id: orderIds?.[row] ?? `order-${row}`,
      bus: busId(book.bus[row]!),
      side: book.side[row] === sellSide ? 'sell' : 'buy',
      price: price(book.limitTicks[row]!),
      quantity: energy(book.quantityWh[row]!),
    })),
    pricing: { rule, k: formatScaled(range.kNumerator, String(kDenominator).length - 1) },
    priceFloor: price(range.floorTicks),
    priceCap: price(range.capTicks),
  }
}

/**
 * All prices that support an optimum, exactly. Complementary slackness turns any one optimal exchange into bounds on one
 * price or on a difference of two:
 *
 *     price[low] − price[high] ≤ most
 *
 * and the vectors that obey them all are the dual face of the linear program. They form a lattice, so its least and greatest
 * vectors are shortest paths (Bellman and Ford); every bound is whole, so they are exact. Networks with loops are welcome.
 */
import type { Link } from '../../../bench/highs-program.ts'
import { buySide, type Book } from '../../../src/market/book.ts'

/** price[of] − price[over] ≤ mostTicks; the reference stands for a price of 0. */
interface Bound {
  readonly of: number
  readonly over: number
  readonly mostTicks: number
}

export interface PriceFace {
  /** −∞ and ∞ where nothing bounds a bus [ticks] */
  readonly lowTicks: Float64Array
  readonly highTicks: Float64Array
  /** by how much a vector leaves the face at most, 0 inside [ticks] */
  readonly leftBy: (priceTicks: Float64Array) => number
}

/**
 * @param ordersWh what was accepted of each order, in an optimum, whole [Wh]
 * @param linksWh what each link carries, whole [Wh]
 */
export function priceFace(
  book: Book,
  busCount: number,
  links: readonly Link[],
  ordersWh: ArrayLike<number>,
  linksWh: ArrayLike<number>,
): PriceFace {
  const reference = busCount
  const bounds = [...orderBounds(book, reference, ordersWh), ...linkBounds(links, linksWh)]
  const upward = shortest(bounds, busCount + 1, reference)
  const downward = shortest(
    bounds.map(({ of, over, mostTicks }) => ({ of: over, over: of, mostTicks })),
    busCount + 1,
    reference,
  )
  return {
    lowTicks: downward.subarray(0, busCount).map((distance) => -distance),
    highTicks: upward.subarray(0, busCount),
    leftBy: (priceTicks) => {
      const priceOf = (node: number) => (node === reference ? 0 : priceTicks[node]!)
      const excess = bounds.map(({ of, over, mostTicks }) => priceOf(of) - priceOf(over) - mostTicks)
      return excess.reduce((most, each) => Math.max(most, each), 0)
    },
  }
}

/** Who has more to trade must not gain by it, who trades must not lose. */
function orderBounds(book: Book, reference: number, ordersWh: ArrayLike<number>): Bound[] {
  return Array.from({ length: book.count }, (_, row) => row).flatMap((row) => {
    const [bus, limit] = [book.bus[row]!, book.limitTicks[row]!]
    const atMost = { of: bus, over: reference, mostTicks: limit }
    const atLeast = { of: reference, over: bus, mostTicks: -limit }
    const buys = book.side[row] === buySide
    const hasMore = ordersWh[row]! < book.quantityWh[row]!
    return [
      ...(hasMore ? [buys ? atLeast : atMost] : []),
      ...(ordersWh[row]! > 0 ? [buys ? atMost : atLeast] : []),
    ]
  })
}

function linkBounds(links: readonly Link[], linksWh: ArrayLike<number>): Bound[] {
  return links.flatMap(({ from, to, feeTicks, capacityWh }, at) => [
    ...(linksWh[at]! < capacityWh ? [{ of: to, over: from, mostTicks: feeTicks }] : []),
    ...(linksWh[at]! > 0 ? [{ of: from, over: to, mostTicks: -feeTicks }] : []),
  ])
}

/** The largest value of every node that the bounds allow when the reference is 0. */
function shortest(bounds: readonly Bound[], nodes: number, reference: number): Float64Array {
  const distance = new Float64Array(nodes).fill(Infinity)
  distance[reference] = 0
  for (let round = 0; ; round++) {
    let changed = false
    for (const { of, over, mostTicks } of bounds) {
      const through = distance[over]! + mostTicks
      if (through >= distance[of]!) continue
      distance[of] = through
      changed = true
    }
    if (!changed) return distance
    if (round > nodes) throw new Error('the exchange is not optimal: no prices support it')
  }
}

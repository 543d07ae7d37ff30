/**
 * The optimum of a book as HiGHS finds it, told in whole numbers: the welfare, the largest volume among exchanges of that
 * welfare, and every price that supports it. The constraint matrix of a network is totally unimodular, so a vertex of the
 * program is whole; the welfare is summed anew from it without rounding.
 */
import { highs, linksOf, programOf, simplexOnly, type Link } from '../../../bench/highs-program.ts'
import { buySide } from '../../../src/market/book.ts'
import type { Case } from '../../market/books.ts'
import { priceFace, type PriceFace } from './price-face.ts'

export interface Optimum {
  /** [Wh·tick] */
  readonly welfare: bigint
  /** most energy bought in any optimum [Wh] */
  readonly volumeWh: number
  readonly face: PriceFace
}

/**
 * @param links other than the arcs of the case's tree
 * @throws where HiGHS finds no optimum, or one that is not whole
 */
export function highsOptimum(each: Case, links: readonly Link[] = linksOf(each.network)): Optimum {
  const { book, network } = each
  const program = programOf(each, links)
  if (program.numCols === 0) return { welfare: 0n, volumeWh: 0, face: priceFace(book, 1, [], [], []) }
  return highs.withModel(program, (model) => {
    model.options.set(simplexOnly)
    model.run()
    const first = model.getSolution()
    const taken = whole(first.colValue)
    const prices = whole(first.rowDual)
    const welfare = -taken.reduce(
      (cost, wh, column) => cost + BigInt(program.colCost[column]!) * BigInt(wh),
      0n,
    )
    const ordersWh = taken.subarray(0, book.count)
    const face = priceFace(book, network.busCount, links, ordersWh, taken.subarray(book.count))

    // Of the same welfare are the exchanges that leave every column with a worth of its own at these prices where it is.
    const reduced = reducedCosts(program, prices)
    const bought = (column: number) => column < book.count && book.side[column] === buySide
    const every = { kind: 'range', from: 0, to: program.numCols - 1 } as const
    model.changeColsCost(
      every,
      taken.map((_, column) => (bought(column) ? -1 : 0)),
    )
    model.changeColsBounds(
      every,
      taken.map((wh, column) => (reduced[column] === 0 ? 0 : wh)),
      taken.map((wh, column) => (reduced[column] === 0 ? program.colUpper[column]! : wh)),
    )
    model.run()
    const volumeWh = whole(model.getSolution().colValue).reduce(
      (sum, wh, column) => (bought(column) ? sum + wh : sum),
      0,
    )
    return { welfare, volumeWh, face }
  })
}

function whole(values: Float64Array): Float64Array {
  return values.map((value) => {
    const rounded = Math.round(value)
    if (Math.abs(value - rounded) > 1e-4) throw new Error(`HiGHS's vertex is not whole: ${value}`)
    return rounded + 0
  })
}

function reducedCosts({ colCost, matrix }: ReturnType<typeof programOf>, prices: Float64Array): Float64Array {
  return colCost.map((cost, column) => {
    let reduced = cost
    for (let entry = matrix.starts[column]!; entry < matrix.starts[column + 1]!; entry++) {
      reduced -= matrix.values[entry]! * prices[matrix.indices[entry]!]!
    }
    return reduced
  })
}

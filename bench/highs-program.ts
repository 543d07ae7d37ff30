/** The clearing as HiGHS's linear program, handed over as arrays, in both settings that figures are published for. */
import loadHighs from 'highs'
import type { Network } from '../src/grid/network.ts'
import type { Workload } from './workloads.ts'

export interface SolvedProgram {
  readonly ms: number
  /** welfare [Wh·tick] */
  readonly objective: number
}

/** Columns from one to another, both taken in. */
interface ColumnRange {
  readonly kind: 'range'
  readonly from: number
  readonly to: number
}

interface Model {
  readonly options: { set(options: object): void }
  run(): unknown
  readonly info: { get(name: string): number }
  getSolution(): { readonly colValue: Float64Array; readonly rowDual: Float64Array }
  getModelStatus(): number
  changeColsCost(columns: ColumnRange, costs: Float64Array): unknown
  changeColsBounds(columns: ColumnRange, lower: Float64Array, upper: Float64Array): unknown
}

interface Highs {
  withModel<T>(program: object, use: (model: Model) => T): T
}

const load = loadHighs as unknown as { default?: () => Promise<Highs> } & (() => Promise<Highs>)
export const highs = await (load.default ?? load)()

/** HiGHS's fastest setting for this program. */
export const simplexOnly = { output_flag: false, presolve: 'off', solver: 'simplex' } as const

/** One direction of a connection between two buses. */
export interface Link {
  readonly from: number
  readonly to: number
  readonly feeTicks: number
  readonly capacityWh: number
}

/** The arcs of a tree, up and down in turn. */
export function linksOf(network: Network): Link[] {
  return Array.from({ length: network.busCount - 1 }, (_, at) => at + 1).flatMap((bus) => {
    const parent = network.parent[bus]!
    return [
      {
        from: bus,
        to: parent,
        feeTicks: network.feeUpTicks[bus]!,
        capacityWh: network.capacityUpWh[bus]!,
      },
      {
        from: parent,
        to: bus,
        feeTicks: network.feeDownTicks[bus]!,
        capacityWh: network.capacityDownWh[bus]!,
      },
    ]
  })
}

/**
 * One column an order and one a link, one balance row a bus. Costs are negative worths, since HiGHS minimises.
 *
 * @param links the arcs of the tree, or of any other network
 */
export function programOf({ network, book }: Workload, links: readonly Link[] = linksOf(network)) {
  const numCols = book.count + links.length
  const colCost = new Float64Array(numCols)
  const colUpper = new Float64Array(numCols)
  const starts = new Int32Array(numCols + 1)
  const indices = new Int32Array(book.count + 2 * links.length)
  const values = new Float64Array(book.count + 2 * links.length)
  let entry = 0
  for (let row = 0; row < book.count; row++) {
    const sells = book.side[row] === 1
    colCost[row] = sells ? book.limitTicks[row]! : -book.limitTicks[row]!
    colUpper[row] = book.quantityWh[row]!
    starts[row] = entry
    indices[entry] = book.bus[row]!
    values[entry++] = sells ? 1 : -1
  }
  links.forEach(({ from, to, feeTicks, capacityWh }, at) => {
    const column = book.count + at
    colCost[column] = feeTicks
    colUpper[column] = capacityWh
    starts[column] = entry
    indices[entry] = to
    values[entry++] = 1
    indices[entry] = from
    values[entry++] = -1
  })
  starts[numCols] = entry
  const numRows = network.busCount
  return {
    numCols,
    numRows,
    colCost,
    colLower: new Float64Array(numCols),
    colUpper,
    rowLower: new Float64Array(numRows),
    rowUpper: new Float64Array(numRows),
    matrix: { format: 'csc', numRows, numCols, starts, indices, values },
  }
}

/** @param presolve HiGHS's default is on; off is its fastest setting for this program */
export function solve(program: object, presolve: 'on' | 'off'): SolvedProgram {
  const start = performance.now()
  const objective = highs.withModel(program, (model) => {
    model.options.set(presolve === 'off' ? simplexOnly : { output_flag: false })
    model.run()
    return model.info.get('objective_function_value')
  })
  return { ms: performance.now() - start, objective: -objective }
}

/** The clearing as HiGHS's linear program, handed over as arrays, in both settings that figures are published for. */
import loadHighs from 'highs'
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
}

interface Highs {
  withModel<T>(program: object, use: (model: Model) => T): T
}

const load = loadHighs as unknown as { default?: () => Promise<Highs> } & (() => Promise<Highs>)
export const highs = await (load.default ?? load)()

/** One column an order and two an arc, one balance row a bus. Costs are negative worths, since HiGHS minimises. */
export function programOf({ network, book }: Workload): object {
  const arcs = network.busCount - 1
  const numCols = book.count + 2 * arcs
  const colCost = new Float64Array(numCols)
  const colUpper = new Float64Array(numCols)
  const starts = new Int32Array(numCols + 1)
  const indices = new Int32Array(book.count + 4 * arcs)
  const values = new Float64Array(book.count + 4 * arcs)
  let entry = 0
  for (let row = 0; row < book.count; row++) {
    const sells = book.side[row] === 1
    colCost[row] = sells ? book.limitTicks[row]! : -book.limitTicks[row]!
    colUpper[row] = book.quantityWh[row]!
    starts[row] = entry
    indices[entry] = book.bus[row]!
    values[entry++] = sells ? 1 : -1
  }
  for (let bus = 1; bus <= arcs; bus++) {
    for (const up of [1, -1]) {
      const column = book.count + 2 * (bus - 1) + (up === 1 ? 0 : 1)
      colCost[column] = up === 1 ? network.feeUpTicks[bus]! : network.feeDownTicks[bus]!
      colUpper[column] = up === 1 ? network.capacityUpWh[bus]! : network.capacityDownWh[bus]!
      starts[column] = entry
      indices[entry] = network.parent[bus]!
      values[entry++] = up
      indices[entry] = bus
      values[entry++] = -up
    }
  }
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
    model.options.set(
      presolve === 'off'
        ? { output_flag: false, presolve: 'off', solver: 'simplex' }
        : { output_flag: false },
    )
    model.run()
    return model.info.get('objective_function_value')
  })
  return { ms: performance.now() - start, objective: -objective }
}

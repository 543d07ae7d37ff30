/** `overwall clear --explain`: one JSON book in, its clearing and why it came out so, or the faults of the book. */
import { show, type Fault } from '../../base/errors.ts'
import { bookName, faultsOf, idOf, resultOf, type ClearFault, type ClearResult } from '../book-json.ts'
import { clearRead } from '../clear-read.ts'
import { readBook, type ReadBook } from '../read-book.ts'
import { everything, explain, type Selection } from './explain.ts'
import type { Explanation } from './explanation.ts'

/** Ids of what to explain; with neither, everything is explained. */
export interface Asked {
  readonly orders: readonly string[]
  readonly buses: readonly string[]
}

/** More is no picture: explain a part of such a book. */
export const mostExplained = { orders: 200, buses: 50 } as const
/** Every order is a step at each bus from its own to the root; of so many steps the curves are made. */
export const mostSteps = 1_000_000

export interface Explained {
  readonly result: ClearResult
  readonly explanation: Explanation
}

/** @throws BrokenProof when the clearing cannot be proved optimal, which is our own mistake */
export function explainJson(
  value: unknown,
  asked: Asked = { orders: [], buses: [] },
): Explained | ClearFault {
  const id = idOf(value)
  const outcome = readBook(value)
  if ('faults' in outcome) return faultsOf(id, outcome.faults)
  const selected = select(outcome.read, asked)
  if ('faults' in selected) return faultsOf(id, selected.faults)
  const cleared = clearRead(bookName(id), outcome.read)
  return { result: resultOf(id, cleared), explanation: explain(cleared, selected) }
}

function select(read: ReadBook, asked: Asked): Selection | { readonly faults: readonly Fault[] } {
  const deep = tooManySteps(read)
  if (deep) return { faults: [deep] }
  const isPart = asked.orders.length > 0 || asked.buses.length > 0
  if (!isPart) return atMost(read, everything(read), 'some of them by name')
  const orders = rowsOf(asked.orders, read.orderIds, 'explain.orders', 'the id of an order')
  const buses = rowsOf(asked.buses, read.busIds, 'explain.buses', 'the id of a bus')
  const faults = [...orders.faults, ...buses.faults]
  return faults.length > 0
    ? { faults }
    : atMost(read, withNeighbours(read, orders.rows, buses.rows), 'fewer names')
}

/** The buses of the orders and the orders of the buses, in the sequence of the book. */
function withNeighbours(
  { book, listedRows }: ReadBook,
  orders: readonly number[],
  buses: readonly number[],
): Selection {
  const named = new Set(orders)
  const whole = new Set(buses)
  const drawn = new Set([...buses, ...orders.map((row) => book.bus[row]!)])
  const rows: number[] = []
  for (let row = 0; row < book.count; row++) if (named.has(row) || whole.has(book.bus[row]!)) rows.push(row)
  return { buses: listedRows.filter((bus) => drawn.has(bus)), orders: rows }
}

function atMost(
  { book, network }: ReadBook,
  selection: Selection,
  advice: string,
): Selection | { readonly faults: readonly Fault[] } {
  const { orders, buses } = mostExplained
  if (selection.orders.length <= orders && selection.buses.length <= buses) return selection
  const wanted = `at most ${orders} orders and ${buses} buses at once, or ${advice}`
  const came = `${selection.orders.length} of ${book.count} orders on ${selection.buses.length} of ${network.busCount} buses`
  return { faults: [{ code: 'too-much-to-explain', path: 'explain', wanted, came }] }
}

function rowsOf(ids: readonly string[], all: readonly string[], path: string, wanted: string) {
  const rowOf = new Map(all.map((id, row) => [id, row]))
  const faults = ids
    .filter((id) => !rowOf.has(id))
    .map((id) => ({ code: 'unknown-id', path, wanted, came: show(id) }))
  return { rows: ids.flatMap((id) => rowOf.get(id) ?? []), faults }
}

function tooManySteps({ network, book }: ReadBook): Fault | undefined {
  const depth = new Float64Array(network.busCount).fill(1)
  for (let bus = 1; bus < network.busCount; bus++) depth[bus] = depth[network.parent[bus]!]! + 1
  let steps = 0
  for (let row = 0; row < book.count; row++) steps += depth[book.bus[row]!]!
  if (steps <= mostSteps) return undefined
  const wanted = `a book of at most ${mostSteps} steps, an order counting once at each bus from its own to the root`
  return { code: 'too-much-to-explain', path: 'explain', wanted, came: String(steps) }
}

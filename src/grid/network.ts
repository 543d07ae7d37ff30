/**
 * A radial network as columns: every bus but the root has one arc to its parent, with a fee and a capacity in each
 * direction. Parents stand before their children, so one pass forward goes down the tree and one backward goes up.
 */

export interface Network {
  readonly busCount: number
  /** parent[i] < i; parent[0] is -1 */
  readonly parent: Int32Array
  /** fee for energy leaving the bus upward, whole and ≥ 0 [ticks]; the root's entry is 0 */
  readonly feeUpTicks: Float64Array
  /** fee for energy entering the bus from above [ticks] */
  readonly feeDownTicks: Float64Array
  /** room of the arc per interval, whole or Infinity [Wh] */
  readonly capacityUpWh: Float64Array
  readonly capacityDownWh: Float64Array
}

/** Why a list of parents is no tree; `bus` is the row that shows it. */
export type TreeFault =
  | { readonly kind: 'no-root' }
  | { readonly kind: 'second-root'; readonly bus: number }
  | { readonly kind: 'cycle'; readonly bus: number }

/**
 * Puts the buses of a tree in an order in which parents come first, without recursion.
 *
 * @param parents row of each bus's parent, -1 for a root
 * @returns the rows in that order, or every reason why there is none
 */
export function parentsFirst(parents: readonly number[]): { order: number[] } | { faults: TreeFault[] } {
  const roots = parents.flatMap((parent, bus) => (parent === -1 ? [bus] : []))
  const children: number[][] = parents.map(() => [])
  parents.forEach((parent, bus) => {
    if (parent >= 0) children[parent]!.push(bus)
  })
  const order = [...roots]
  for (let at = 0; at < order.length; at++) for (const child of children[order[at]!]!) order.push(child)
  const faults: TreeFault[] = []
  if (roots.length === 0) faults.push({ kind: 'no-root' })
  for (const bus of roots.slice(1)) faults.push({ kind: 'second-root', bus })
  if (roots.length > 0 && order.length < parents.length) {
    const reached = new Set(order)
    faults.push({ kind: 'cycle', bus: parents.findIndex((_, bus) => !reached.has(bus)) })
  }
  return faults.length > 0 ? { faults } : { order }
}

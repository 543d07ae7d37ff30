/** The children of every bus, and an order in which all of a subtree stand together, before its bus. */
import { assert } from '../../base/errors.ts'
import type { Network } from '../../grid/network.ts'

export class Children {
  /** those of a bus, ascending: child[start[bus]] up to start[bus + 1] */
  readonly start: Int32Array
  readonly child: Int32Array
  /** all buses, children before their parent, the subtree of a smaller child before that of a larger one */
  readonly childrenFirst: Int32Array

  constructor({ busCount, parent }: Network) {
    this.start = new Int32Array(busCount + 1)
    this.child = new Int32Array(Math.max(0, busCount - 1))
    this.childrenFirst = new Int32Array(busCount)
    this.#list(parent, busCount)
    this.#order(busCount)
  }

  #list(parent: Int32Array, busCount: number): void {
    const { start, child } = this
    for (let bus = 1; bus < busCount; bus++) {
      assert(parent[bus]! < bus && parent[bus]! >= 0, () => `bus ${bus} stands before its parent`)
      start[parent[bus]! + 1] = start[parent[bus]! + 1]! + 1
    }
    for (let bus = 0; bus < busCount; bus++) start[bus + 1] = start[bus + 1]! + start[bus]!
    const fill = start.slice()
    for (let bus = 1; bus < busCount; bus++) {
      child[fill[parent[bus]!]!] = bus
      fill[parent[bus]!] = fill[parent[bus]!]! + 1
    }
  }

  /** From the end, each bus before its children, the largest first: backwards that is the order wanted. */
  #order(busCount: number): void {
    const { start, child, childrenFirst } = this
    const waiting = new Int32Array(busCount)
    let waits = 1
    for (let place = busCount - 1; place >= 0; place--) {
      const bus = waiting[--waits]!
      childrenFirst[place] = bus
      for (let at = start[bus]!; at < start[bus + 1]!; at++) waiting[waits++] = child[at]!
    }
  }
}

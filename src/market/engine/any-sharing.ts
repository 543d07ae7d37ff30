/**
 * Shares that add up and are nobody's in particular: of what is tied at a margin children switch what they can, own orders the rest.
 * Prices that support one optimum support every other, so for who asks for prices alone it does not matter whose energy moves.
 */
import type { MarginSharing, TreeCurves } from './tree-curves.ts'

export class AnySharing implements MarginSharing {
  readonly #tree: TreeCurves

  constructor(tree: TreeCurves) {
    this.#tree = tree
  }

  share(bus: number, _key: number, onWh: number): void {
    const { children, weightWh, flowUpWh } = this.#tree
    let leftWh = onWh
    for (let at = children.start[bus]!; leftWh > 0 && at < children.start[bus + 1]!; at++) {
      const child = children.child[at]!
      const switchedWh = Math.min(leftWh, weightWh[child]!)
      flowUpWh[child] = flowUpWh[child]! + switchedWh
      leftWh -= switchedWh
    }
  }
}

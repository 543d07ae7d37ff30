/**
 * The same marks as {@link CurveRaising} leaves, for networks so deep that moving every step at every bus takes too long: a
 * chain of 100,000 buses with an order on each would move 5,000,000,000. Here a bus costs a few paths through the tree of
 * its steps, and memory goes with the number of steps.
 */
import { BrokenAssertion } from '../../base/errors.ts'
import type { Network } from '../../grid/network.ts'
import type { Children } from './children.ts'
import * as mark from './cut-marks.ts'
import type { OwnSteps } from './own-steps.ts'
import { StepTrees } from './step-trees.ts'

export class DeepCurves {
  readonly #network: Network
  readonly #children: Children
  readonly #marks: Float64Array
  readonly #trees = new StepTrees()
  /** the steps that each bus passes on */
  readonly #passedOn: Int32Array

  constructor(network: Network, children: Children, marks: Float64Array) {
    this.#network = network
    this.#children = children
    this.#marks = marks
    this.#passedOn = new Int32Array(network.busCount)
  }

  /** Fills the marks of every bus. */
  raise(own: OwnSteps): void {
    const { start, child } = this.#children
    // Every bus parts at most one step at each of its cuts.
    this.#trees.begin(own.count + 3 * this.#network.busCount + 1)
    for (let bus = this.#network.busCount - 1; bus >= 0; bus--) {
      let steps = this.#ownSteps(own, bus)
      let demandWh = own.demandWh(bus)
      for (let at = start[bus]!; at < start[bus + 1]!; at++) {
        const below = child[at]!
        steps = this.#trees.unite(steps, this.#passedOn[below]!)
        demandWh += this.#marks[mark.ofBus * below + mark.importWh]!
      }
      this.#passOn(bus, steps, demandWh)
    }
  }

  #ownSteps({ pairs, start }: OwnSteps, bus: number): number {
    const trees = this.#trees
    let steps = 0
    for (let at = start[bus]! + 2; at < start[bus + 1]! - 2; at += 2) {
      steps = trees.join(steps, trees.step(pairs[at]!, pairs[at + 1]! - pairs[at - 1]!))
    }
    return steps
  }

  #passOn(bus: number, steps: number, demandWh: number): void {
    const { capacityDownWh, capacityUpWh, feeDownTicks, feeUpTicks } = this.#network
    const trees = this.#trees
    const marks = this.#marks
    const own = mark.ofBus * bus
    const totalWh = trees.sumWh(steps)
    if (!(totalWh <= Number.MAX_SAFE_INTEGER)) {
      throw new BrokenAssertion(
        `bus ${bus}: ${totalWh} Wh of demand and supply are more than 2^53 in one book`,
      )
    }
    const importWh = Math.min(demandWh, capacityDownWh[bus]!)
    const exportWh = Math.min(totalWh - demandWh, capacityUpWh[bus]!)
    marks[own + mark.importWh] = importWh
    marks[own + mark.exportWh] = exportWh
    this.#mark(own + mark.reachImport, steps, demandWh - importWh)
    this.#mark(own + mark.reachZero, steps, demandWh)
    this.#mark(own + mark.reachExport, steps, demandWh + exportWh)
    trees.split(steps, demandWh - importWh)
    const passedOn = trees.split(trees.above, importWh + exportWh)
    this.#passedOn[bus] = this.#moveByFees(passedOn, importWh, -2 * feeDownTicks[bus]!, 2 * feeUpTicks[bus]!)
  }

  #moveByFees(steps: number, importWh: number, down: number, up: number): number {
    const trees = this.#trees
    if (up === down) return steps
    const importing = trees.split(steps, importWh)
    const exporting = trees.above
    trees.move(importing, down)
    trees.move(exporting, up)
    return trees.join(importing, exporting)
  }

  /** Marks with which keys so much of the steps is reached and passed. */
  #mark(at: number, steps: number, levelWh: number): void {
    const isLast = levelWh === this.#trees.sumWh(steps)
    this.#marks[at] = this.#trees.reach(steps, levelWh)
    this.#marks[at + 1] = isLast ? Infinity : this.#trees.reach(steps, levelWh + 1)
  }
}

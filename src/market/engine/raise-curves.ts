/**
 * The curves of all subtrees from the leaves up. A bus's curve is its own steps and its children's as they are seen from
 * it: cut where their arcs end them, at the zero crossing and at the capacities, what flows in at keys lower by feeDown,
 * what flows out at keys higher by feeUp.
 *
 * Subtrees are finished one after the other, so what waits for its parent stands on a stack: never more than all steps and
 * a few a bus. Of a curve that has been passed on only its marks are kept.
 */
import { assert } from '../../base/errors.ts'
import type { Network } from '../../grid/network.ts'
import { addCurves, type TwoCurves } from './add-curves.ts'
import type { Children } from './children.ts'
import * as mark from './cut-marks.ts'
import type { OwnSteps } from './own-steps.ts'

export class CurveRaising {
  readonly #network: Network
  readonly #children: Children
  readonly #marks: Float64Array
  /** the steps the buses bring, and the stack behind them in the same column */
  #own!: OwnSteps
  #top = 0
  /** what each bus passes on: a curve from `start` up to `end` on the stack, or nothing */
  readonly #start: Int32Array
  readonly #end: Int32Array
  #curve = new Float64Array(512)
  /** curves on the stack that are yet to be added to the longest of their bus, each more than twice as long as the next */
  #waiting = 0
  readonly #waitingStart = new Int32Array(64)
  readonly #waitingEnd = new Int32Array(64)
  readonly #two: TwoCurves = { left: 0, leftEnd: 0, right: 0, rightEnd: 0 }

  constructor(network: Network, children: Children, marks: Float64Array) {
    this.#network = network
    this.#children = children
    this.#marks = marks
    this.#start = new Int32Array(network.busCount)
    this.#end = new Int32Array(network.busCount)
  }

  /**
   * Fills the marks of every bus.
   *
   * @param mostMoves how many steps may be moved
   * @returns false, with nothing of use in the marks, where that is not enough
   */
  raise(own: OwnSteps, mostMoves: number): boolean {
    const { start, child, childrenFirst } = this.#children
    this.#own = own
    this.#top = own.end
    let moves = 0
    for (let place = 0; place < childrenFirst.length; place++) {
      const bus = childrenFirst[place]!
      const isLeaf = start[bus] === start[bus + 1]
      // What a bus passes on takes the place of what its children have passed on.
      const base = isLeaf ? this.#top : this.#start[child[start[bus]!]!]!
      const longest = isLeaf ? -1 : this.#collect(bus)
      if (longest < 0) this.#passOn(bus, own.pairs, own.start[bus]!, own.start[bus + 1]!, base)
      else {
        const end = this.#addAll(bus, longest)
        this.#passOn(bus, this.#curve, 0, end, base)
        moves += end / 2
        if (moves > mostMoves) return false
      }
    }
    return true
  }

  /** Adds up what a bus's children pass on but for the longest, which is returned; −1 where nothing is. */
  #collect(bus: number): number {
    const { start, child } = this.#children
    let longest = -1
    this.#waiting = 0
    for (let at = start[bus]!; at < start[bus + 1]!; at++) {
      const below = child[at]!
      const length = this.#end[below]! - this.#start[below]!
      if (length === 0) continue
      if (longest < 0) longest = below
      else if (length > this.#end[longest]! - this.#start[longest]!) {
        this.#await(this.#start[longest]!, this.#end[longest]!)
        longest = below
      } else this.#await(this.#start[below]!, this.#end[below]!)
    }
    return longest
  }

  /** Makes a bus's curve of its own steps, what waits, and the longest; returns its end. */
  #addAll(bus: number, longest: number): number {
    const longestStart = this.#start[longest]!
    const longestEnd = this.#end[longest]!
    const own = this.#own
    if (!own.isEmpty(bus)) this.#await(own.start[bus]!, own.start[bus + 1]!)
    while (this.#waiting > 1) this.#addLastTwo()
    const two = this.#two
    two.right = longestStart
    two.rightEnd = longestEnd
    if (this.#waiting === 0) {
      this.#reserveCurve(longestEnd - longestStart)
      return copyNumbers(own.pairs, longestStart, longestEnd, this.#curve)
    }
    two.left = this.#waitingStart[0]!
    two.leftEnd = this.#waitingEnd[0]!
    this.#reserveCurve(longestEnd - longestStart + two.leftEnd - two.left)
    return addCurves(own.pairs, two, this.#curve, 0)
  }

  /** Lets a curve wait. Those of like length are added at once, so that no step is moved more than a few times. */
  #await(start: number, end: number): void {
    this.#waitingStart[this.#waiting] = start
    this.#waitingEnd[this.#waiting++] = end
    while (this.#waiting > 1) {
      const last = this.#waiting - 1
      const length = this.#waitingEnd[last]! - this.#waitingStart[last]!
      if (this.#waitingEnd[last - 1]! - this.#waitingStart[last - 1]! > 2 * length) return
      this.#addLastTwo()
    }
  }

  #addLastTwo(): void {
    const two = this.#two
    const last = --this.#waiting
    two.left = this.#waitingStart[last - 1]!
    two.leftEnd = this.#waitingEnd[last - 1]!
    two.right = this.#waitingStart[last]!
    two.rightEnd = this.#waitingEnd[last]!
    const own = this.#own
    own.reserve(this.#top + two.leftEnd - two.left + two.rightEnd - two.right)
    this.#waitingStart[last - 1] = this.#top
    this.#top = addCurves(own.pairs, two, own.pairs, this.#top)
    this.#waitingEnd[last - 1] = this.#top
  }

  #reserveCurve(numbers: number): void {
    if (numbers > this.#curve.length) this.#curve = new Float64Array(2 * numbers)
  }

  /**
   * Marks where a bus's curve, from curve[from] up to curve[end], is cut, and puts what its parent sees of it on the stack
   * from `base` on, equal keys joined. All loops end with the curve, whose last pair is (∞, ∞).
   */
  #passOn(bus: number, curve: Float64Array, from: number, end: number, base: number): void {
    const { capacityDownWh, capacityUpWh, feeDownTicks, feeUpTicks } = this.#network
    const marks = this.#marks
    const own = mark.ofBus * bus
    const demandWh = 0 - curve[from + 1]!
    const supplyWh = curve[end - 3]!
    assert(
      demandWh + supplyWh <= Number.MAX_SAFE_INTEGER,
      () =>
        `bus ${bus}: ${demandWh} Wh of demand and ${supplyWh} Wh of supply are more than 2^53 in one book`,
    )
    const importWh = Math.min(demandWh, capacityDownWh[bus]!)
    const exportWh = Math.min(supplyWh, capacityUpWh[bus]!)
    const down = 2 * feeDownTicks[bus]!
    const up = 2 * feeUpTicks[bus]!
    this.#own.reserve(this.#top + end - from + 4)
    const stack = this.#own.pairs
    const lowest = 0 - importWh

    let at = from
    while (curve[at + 1]! < lowest) at += 2
    const reachImport = curve[at]!
    while (curve[at + 1]! <= lowest) at += 2
    marks[own + mark.importWh] = importWh
    marks[own + mark.reachImport] = reachImport
    marks[own + mark.passImport] = curve[at]!

    let out = base
    let last = -Infinity
    stack[out] = last
    stack[out + 1] = lowest
    for (; curve[at + 1]! < 0; at += 2) {
      const key = curve[at]! - down
      out += 2 * Number(key !== last)
      stack[out] = key
      stack[out + 1] = curve[at + 1]!
      last = key
    }
    marks[own + mark.reachZero] = importWh > 0 ? curve[at]! : reachImport
    if (importWh > 0) {
      const key = curve[at]! - down
      out += 2 * Number(key !== last)
      stack[out] = key
      stack[out + 1] = 0
      last = key
      if (curve[at + 1] === 0) at += 2
    }
    marks[own + mark.passZero] = curve[at]!
    for (; curve[at + 1]! < exportWh; at += 2) {
      const key = curve[at]! + up
      out += 2 * Number(key !== last)
      stack[out] = key
      stack[out + 1] = curve[at + 1]!
      last = key
    }
    marks[own + mark.exportWh] = exportWh
    marks[own + mark.reachExport] = exportWh > 0 ? curve[at]! : marks[own + mark.reachZero]!
    if (exportWh > 0) {
      const key = curve[at]! + up
      out += 2 * Number(key !== last)
      stack[out] = key
      stack[out + 1] = exportWh
      if (curve[at + 1] === exportWh) at += 2
    }
    marks[own + mark.passExport] = curve[at]!
    stack[out + 2] = Infinity
    stack[out + 3] = Infinity
    this.#start[bus] = base
    this.#top = importWh + exportWh > 0 ? out + 4 : base
    this.#end[bus] = this.#top
  }
}

function copyNumbers(from: Float64Array, start: number, end: number, to: Float64Array): number {
  for (let at = start; at < end; at++) to[at - start] = from[at]!
  return end - start
}

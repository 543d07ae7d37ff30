/**
 * The market of a tree of buses as curves. Going up, each bus's curve is its own steps and its children's, cut at what
 * their arcs carry and moved by their fees; going down, each bus learns its net export, which fixes its margin and its
 * children's flows.
 *
 * A curve is kept as pairs (key, level): the level is the bus's net export once the price has passed the key, from
 * −demand below all keys to all supply above them.
 */
import { assert } from '../../base/errors.ts'
import type { Network } from '../../grid/network.ts'
import type { OwnSteps } from './own-steps.ts'
import { StepRuns } from './step-runs.ts'

/** Who shares a marginal step of which only a part is switched. */
export interface MarginSharing {
  /**
   * @param key the marginal step of the bus
   * @param onWh how much of it is switched, between 0 and groupWh
   */
  share(bus: number, key: number, onWh: number, groupWh: number): void
}

export class TreeCurves {
  readonly network: Network
  /** children of a bus: child[childStart[bus]] up to childStart[bus + 1] */
  readonly childStart: Int32Array
  readonly child: Int32Array
  /** net export of each bus to its parent [Wh] */
  readonly flowUpWh: Float64Array
  /** lowest and highest supporting price, −∞ and ∞ where nothing bounds it [ticks] */
  readonly priceLowTicks: Float64Array
  readonly priceHighTicks: Float64Array
  /** key of the first step of a bus that is not wholly switched, ∞ where all are */
  readonly marginKey: Float64Array
  /** 1 where a part of the marginal step is switched */
  readonly marginSplit: Uint8Array
  readonly #start: Int32Array
  readonly #end: Int32Array
  readonly #demandWh: Float64Array
  readonly #importWh: Float64Array
  readonly #exportWh: Float64Array
  readonly #runs = new StepRuns()
  #pairs = new Float64Array(512)
  #length = 0

  constructor(network: Network) {
    const buses = network.busCount
    this.network = network
    this.childStart = new Int32Array(buses + 1)
    this.child = new Int32Array(Math.max(0, buses - 1))
    this.flowUpWh = new Float64Array(buses)
    this.priceLowTicks = new Float64Array(buses)
    this.priceHighTicks = new Float64Array(buses)
    this.marginKey = new Float64Array(buses)
    this.marginSplit = new Uint8Array(buses)
    this.#start = new Int32Array(buses)
    this.#end = new Int32Array(buses)
    this.#demandWh = new Float64Array(buses)
    this.#importWh = new Float64Array(buses)
    this.#exportWh = new Float64Array(buses)
    this.#listChildren()
  }

  /** Clears: finds every bus's flow, margin and range of prices. Fees and capacities are read anew. */
  solve(own: OwnSteps, sharing: MarginSharing): void {
    this.#length = 0
    for (let bus = this.network.busCount - 1; bus >= 0; bus--) this.#raise(own, bus)
    this.flowUpWh[0] = 0
    for (let bus = 0; bus < this.network.busCount; bus++) this.#settle(bus, sharing)
  }

  /**
   * Net export of a child's cut curve when its parent's steps before `key` are switched, or those up to `key`.
   * Of its curve the part below the zero crossing is seen at keys lower by feeDown, the part above at keys higher by
   * feeUp.
   */
  flowAt(child: number, key: number, including: boolean): number {
    if (this.#importWh[child] === 0 && this.#exportWh[child] === 0) return 0
    const importing = this.#levelAt(child, key + 2 * this.network.feeDownTicks[child]!, including)
    if (importing < 0) return Math.max(importing, 0 - this.#importWh[child]!)
    if (this.#exportWh[child] === 0) return 0
    const exporting = this.#levelAt(child, key - 2 * this.network.feeUpTicks[child]!, including)
    return Math.max(0, Math.min(exporting, this.#exportWh[child]!))
  }

  #listChildren(): void {
    const { parent, busCount } = this.network
    const start = this.childStart
    for (let bus = 1; bus < busCount; bus++) {
      assert(parent[bus]! < bus && parent[bus]! >= 0, () => `bus ${bus} stands before its parent`)
      start[parent[bus]! + 1] = start[parent[bus]! + 1]! + 1
    }
    for (let bus = 0; bus < busCount; bus++) start[bus + 1] = start[bus + 1]! + start[bus]!
    const fill = start.slice()
    for (let bus = 1; bus < busCount; bus++) {
      this.child[fill[parent[bus]!]!] = bus
      fill[parent[bus]!] = fill[parent[bus]!]! + 1
    }
  }

  /** Makes a bus's curve, and finds how much of it its arc lets through. */
  #raise(own: OwnSteps, bus: number): void {
    const first = own.start[bus]!
    const end = own.start[bus + 1]!
    this.#demandWh[bus] = own.demandWh[bus]!
    this.#start[bus] = this.#length
    if (this.childStart[bus] === this.childStart[bus + 1]) this.#keepOwn(own, first, end, bus)
    else this.#gather(own, first, end, bus)
    this.#end[bus] = this.#length
    const supplyWh = this.#length > this.#start[bus]! ? this.#pairs[this.#length - 1]! : -this.#demandWh[bus]!
    assert(
      this.#demandWh[bus]! + supplyWh <= Number.MAX_SAFE_INTEGER,
      () => `bus ${bus}: more than 2^53 Wh in one book`,
    )
    this.#importWh[bus] = Math.min(this.#demandWh[bus]!, this.network.capacityDownWh[bus]!)
    this.#exportWh[bus] = Math.min(supplyWh, this.network.capacityUpWh[bus]!)
  }

  #keepOwn(own: OwnSteps, first: number, end: number, bus: number): void {
    this.#reserve(2 * (end - first))
    const pairs = this.#pairs
    const { key, energyWh } = own
    let level = -this.#demandWh[bus]!
    let at = this.#length - 2
    let last = NaN
    for (let step = first; step < end; step++) {
      level += energyWh[step]!
      if (key[step] !== last) at += 2
      last = key[step]!
      pairs[at] = last
      pairs[at + 1] = level
    }
    this.#length = at + 2
  }

  #gather(own: OwnSteps, first: number, end: number, bus: number): void {
    const runs = this.#runs
    runs.begin()
    if (end > first) {
      runs.open(end - first)
      runs.length = copyPairs(own, first, end, runs.pairs, runs.length)
    }
    // The longest child comes last, so that its steps are moved once however many children there are.
    const longest = this.#longestChild(bus)
    for (let at = this.childStart[bus]!; at < this.childStart[bus + 1]!; at++) {
      const child = this.child[at]!
      this.#demandWh[bus] = this.#demandWh[bus]! + this.#importWh[child]!
      if (child !== longest) this.#gatherChild(child)
    }
    runs.merge()
    this.#gatherChild(longest)
    this.#reserve(runs.length)
    this.#length = runs.writeCurve(this.#pairs, this.#length, -this.#demandWh[bus]!)
  }

  #longestChild(bus: number): number {
    let longest = this.child[this.childStart[bus]!]!
    for (let at = this.childStart[bus]! + 1; at < this.childStart[bus + 1]!; at++) {
      const child = this.child[at]!
      if (this.#end[child]! - this.#start[child]! > this.#end[longest]! - this.#start[longest]!)
        longest = child
    }
    return longest
  }

  /** A child's curve as its parent sees it: ends cut at the capacities, keys moved by the fees. */
  #gatherChild(child: number): void {
    const importWh = this.#importWh[child]!
    const exportWh = this.#exportWh[child]!
    if (importWh === 0 && exportWh === 0) return
    const runs = this.#runs
    const pairs = this.#pairs
    const end = this.#end[child]!
    const down = 2 * this.network.feeDownTicks[child]!
    const up = 2 * this.network.feeUpTicks[child]!
    let at = importWh === this.#demandWh[child]! ? this.#start[child]! : this.#firstAbove(child, -importWh)
    runs.open((end - at) / 2 + 1)
    const to = runs.pairs
    let out = runs.length
    let before = 0 - importWh
    for (; at < end && pairs[at + 1]! <= 0; at += 2, out += 2) {
      to[out] = pairs[at]! - down
      to[out + 1] = pairs[at + 1]! - before
      before = pairs[at + 1]!
    }
    if (at < end && before < 0) {
      to[out] = pairs[at]! - down
      to[out + 1] = 0 - before
      out += 2
      before = 0
    }
    for (; at < end && before < exportWh; at += 2, out += 2) {
      const level = Math.min(pairs[at + 1]!, exportWh)
      to[out] = pairs[at]! + up
      to[out + 1] = level - before
      before = level
    }
    runs.length = out
  }

  #reserve(numbers: number): void {
    const needed = this.#length + numbers
    if (needed <= this.#pairs.length) return
    const larger = new Float64Array(needed * 2)
    larger.set(this.#pairs.subarray(0, this.#length))
    this.#pairs = larger
  }

  /** Fixes the margin of a bus and its children's flows from its own net export, then its range of prices. */
  #settle(bus: number, sharing: MarginSharing): void {
    const pairs = this.#pairs
    const flowWh = this.flowUpWh[bus]!
    const start = this.#start[bus]!
    const marginal = this.#firstAbove(bus, flowWh)
    const inside = marginal < this.#end[bus]!
    const key = inside ? pairs[marginal]! : Infinity
    const before = marginal > start ? pairs[marginal - 1]! : -this.#demandWh[bus]!
    const onWh = flowWh - before
    this.marginKey[bus] = key
    this.marginSplit[bus] = onWh > 0 ? 1 : 0
    for (let at = this.childStart[bus]!; at < this.childStart[bus + 1]!; at++) {
      const child = this.child[at]!
      this.flowUpWh[child] = this.flowAt(child, key, false)
    }
    if (inside && onWh > 0) sharing.share(bus, key, onWh, pairs[marginal + 1]! - before)
    const highest = inside ? Math.floor(key / 2) : Infinity
    const lowest = onWh > 0 ? highest : marginal > start ? Math.floor(pairs[marginal - 2]! / 2) : -Infinity
    this.#boundPrices(bus, flowWh, lowest, highest)
  }

  /**
   * The range of prices that supports the bus's flow: where its own curve contains it, within what its parent's range
   * allows.
   *
   *     low  = max(lowest, low_q + feeDown if f < 0, else low_q − feeUp if f < capacityUp)
   *     high = min(highest, high_q − feeUp if f > 0, else high_q + feeDown if f > −capacityDown)
   */
  #boundPrices(bus: number, flowWh: number, lowest: number, highest: number): void {
    const { priceLowTicks, priceHighTicks } = this
    let low = lowest
    let high = highest
    if (bus > 0) {
      const { parent, feeUpTicks, feeDownTicks, capacityUpWh, capacityDownWh } = this.network
      const above = parent[bus]!
      if (flowWh < 0) low = Math.max(low, priceLowTicks[above]! + feeDownTicks[bus]!)
      else if (flowWh < capacityUpWh[bus]!) low = Math.max(low, priceLowTicks[above]! - feeUpTicks[bus]!)
      if (flowWh > 0) high = Math.min(high, priceHighTicks[above]! - feeUpTicks[bus]!)
      else if (flowWh > -capacityDownWh[bus]!) {
        high = Math.min(high, priceHighTicks[above]! + feeDownTicks[bus]!)
      }
    }
    assert(low <= high, () => `bus ${bus}: no price between ${low} and ${high} supports the clearing`)
    priceLowTicks[bus] = low
    priceHighTicks[bus] = high
  }

  /** Where the first pair of a bus stands whose level is above `level`; its end if there is none. */
  #firstAbove(bus: number, level: number): number {
    const pairs = this.#pairs
    let first = this.#start[bus]! >> 1
    // A binary search that computes where to go on instead of branching.
    for (let left = (this.#end[bus]! >> 1) - first; left > 0;) {
      const half = (left + 1) >> 1
      first += half * Number(pairs[2 * (first + half) - 1]! <= level)
      left -= half
    }
    return 2 * first
  }

  /** Net export of a bus once its steps before `key` are switched, or those up to `key`. */
  #levelAt(bus: number, key: number, including: boolean): number {
    const pairs = this.#pairs
    const start = this.#start[bus]! >> 1
    // Keys are whole numbers.
    const limit = including ? key : key - 1
    let first = start
    for (let left = (this.#end[bus]! >> 1) - start; left > 0;) {
      const half = (left + 1) >> 1
      first += half * Number(pairs[2 * (first + half) - 2]! <= limit)
      left -= half
    }
    return first > start ? pairs[2 * first - 1]! : -this.#demandWh[bus]!
  }
}

function copyPairs(own: OwnSteps, first: number, end: number, to: Float64Array, from: number): number {
  const { key, energyWh } = own
  let out = from
  for (let step = first; step < end; step++, out += 2) {
    to[out] = key[step]!
    to[out + 1] = energyWh[step]!
  }
  return out
}

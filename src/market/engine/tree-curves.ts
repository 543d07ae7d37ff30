/**
 * The market of a tree of buses as curves. Going up, each bus's curve is its own steps and its children's, cut at what
 * their arcs carry and moved by their fees, and leaves the keys at which it is cut ({@link CutMarks}). They are all that is
 * needed to go down: the margin of a bus, seen from below its arc, either is the margin there too or lies beyond a cut,
 * whose key is the margin then. With margins known, flows are sums, and what is tied at a margin is shared from the root
 * down.
 */
import { BrokenAssertion } from '../../base/errors.ts'
import type { Network } from '../../grid/network.ts'
import { Children } from './children.ts'
import * as mark from './cut-marks.ts'
import { DeepCurves } from './deep-curves.ts'
import type { OwnSteps } from './own-steps.ts'
import { CurveRaising } from './raise-curves.ts'

/** Who shares a marginal step of which a part is switched. */
export interface MarginSharing {
  /**
   * @param key the marginal step of the bus
   * @param onWh how much of it is switched, above 0 and up to groupWh
   */
  share(bus: number, key: number, onWh: number, groupWh: number): void
}

// How a bus's margin follows its parent's: not at all, importing, or exporting.
const stays = 0
const imports = 1
const exports = 2

export class TreeCurves {
  readonly network: Network
  readonly children: Children
  /** net export of each bus to its parent [Wh] */
  readonly flowUpWh: Float64Array
  /** how much of its parent's marginal step each bus brings; while steps are shared flowUpWh is without it [Wh] */
  readonly weightWh: Float64Array
  /** lowest and highest supporting price, −∞ and ∞ where nothing bounds it [ticks] */
  readonly priceLowTicks: Float64Array
  readonly priceHighTicks: Float64Array
  /** key of the marginal step of a bus: those below are switched, those above are not, ∞ where all are */
  readonly marginKey: Float64Array
  /** 1 where a part of the marginal step is switched */
  readonly marginSplit: Uint8Array
  /** 1 where own orders of the bus may stand at its margin */
  readonly ownTied: Uint8Array
  readonly #marks: Float64Array
  readonly #raising: CurveRaising
  readonly #movesPerStep: number
  #deep: DeepCurves | null = null
  readonly #follows: Uint8Array
  /** net export of a bus without its marginal step, and that step [Wh] */
  readonly #beforeWh: Float64Array
  readonly #groupWh: Float64Array

  /** @param movesPerStep where a book would take more, its steps are kept in trees */
  constructor(network: Network, movesPerStep: number) {
    const buses = network.busCount
    this.network = network
    this.#movesPerStep = movesPerStep
    this.children = new Children(network)
    this.flowUpWh = new Float64Array(buses)
    this.weightWh = new Float64Array(buses)
    this.priceLowTicks = new Float64Array(buses)
    this.priceHighTicks = new Float64Array(buses)
    this.marginKey = new Float64Array(buses)
    this.marginSplit = new Uint8Array(buses)
    this.ownTied = new Uint8Array(buses)
    this.#marks = new Float64Array(mark.ofBus * buses)
    this.#raising = new CurveRaising(network, this.children, this.#marks)
    this.#follows = new Uint8Array(buses)
    this.#beforeWh = new Float64Array(buses)
    this.#groupWh = new Float64Array(buses)
  }

  /** Clears: finds every bus's flow, margin and range of prices. Fees and capacities are read anew. */
  solve(own: OwnSteps, sharing: MarginSharing): void {
    const { busCount } = this.network
    const mostMoves = this.#movesPerStep * (own.count + busCount)
    if (!this.#raising.raise(own, mostMoves)) this.#raiseDeep(own)
    this.marginKey[0] = this.#marks[mark.passZero]!
    this.flowUpWh[0] = 0
    for (let bus = 1; bus < busCount; bus++) this.#findMargin(bus)
    this.#sumOwn(own)
    for (let bus = busCount - 1; bus > 0; bus--) this.#sumFlow(bus)
    for (let bus = 0; bus < busCount; bus++) this.#settle(bus, sharing)
  }

  #raiseDeep(own: OwnSteps): void {
    this.#deep ??= new DeepCurves(this.network, this.children, this.#marks)
    this.#deep.raise(own)
  }

  /**
   * The margin of a bus from its parent's. Of its curve the part below the zero crossing is seen from above at keys lower
   * by feeDown, the part above at keys higher by feeUp. Where the parent's margin lies beyond an end of such a part, the
   * flow is that of the end.
   */
  #findMargin(bus: number): void {
    const { parent, feeDownTicks, feeUpTicks } = this.network
    const marks = this.#marks
    const own = mark.ofBus * bus
    const above = this.marginKey[parent[bus]!]!
    const importing = above + 2 * feeDownTicks[bus]!
    const exporting = above - 2 * feeUpTicks[bus]!
    const importWh = marks[own + mark.importWh]!
    const exportWh = marks[own + mark.exportWh]!
    if (importWh > 0 && importing <= marks[own + mark.reachZero]!) {
      const first = marks[own + mark.passImport]!
      this.marginKey[bus] = Math.max(importing, first)
      this.#follows[bus] = importing >= first ? imports : stays
      this.flowUpWh[bus] = -importWh
    } else if (exportWh > 0 && exporting >= marks[own + mark.passZero]!) {
      this.marginKey[bus] = Math.min(exporting, marks[own + mark.passExport]!)
      this.#follows[bus] = exporting <= marks[own + mark.reachExport]! ? exports : stays
      this.flowUpWh[bus] = exportWh
    } else {
      this.marginKey[bus] = marks[own + mark.passZero]!
      this.#follows[bus] = stays
      this.flowUpWh[bus] = 0
    }
  }

  /** Each bus's own steps before its margin and at it. */
  #sumOwn(own: OwnSteps): void {
    const { pairs } = own
    for (let bus = 0; bus < this.network.busCount; bus++) {
      const margin = this.marginKey[bus]!
      const at = own.before(bus, margin)
      this.#beforeWh[bus] = pairs[at + 1]!
      const isTied = pairs[at + 2] === margin && margin < Infinity
      this.#groupWh[bus] = isTied ? pairs[at + 3]! - pairs[at + 1]! : 0
      this.ownTied[bus] = Number(isTied)
    }
  }

  /** Adds a bus's flow, once all below it have been added to it, to its parent's sums. */
  #sumFlow(bus: number): void {
    const own = mark.ofBus * bus
    const above = this.network.parent[bus]!
    const follows = this.#follows[bus]!
    let withoutWh = this.flowUpWh[bus]!
    let weightWh = 0
    if (follows !== stays) {
      const beforeWh = this.#beforeWh[bus]!
      const afterWh = beforeWh + this.#groupWh[bus]!
      const exportWh = this.#marks[own + mark.exportWh]!
      const isImporting = follows === imports
      withoutWh = isImporting ? Math.max(beforeWh, withoutWh) : Math.max(beforeWh, 0)
      const isBoth = isImporting && this.network.feeUpTicks[bus]! + this.network.feeDownTicks[bus]! === 0
      weightWh = Math.min(afterWh, isImporting && !isBoth ? 0 : exportWh) - withoutWh
      this.flowUpWh[bus] = withoutWh
    }
    this.weightWh[bus] = weightWh
    this.#beforeWh[above] = this.#beforeWh[above]! + withoutWh
    this.#groupWh[above] = this.#groupWh[above]! + weightWh
  }

  /** Shares the margin of a bus by its own net export, then finds its range of prices. */
  #settle(bus: number, sharing: MarginSharing): void {
    const onWh = this.flowUpWh[bus]! - this.#beforeWh[bus]!
    const groupWh = this.#groupWh[bus]!
    if (!(onWh >= 0 && onWh <= groupWh))
      throw new BrokenAssertion(`bus ${bus}: ${onWh} Wh on of a margin of ${groupWh} Wh`)
    this.marginSplit[bus] = onWh > 0 ? 1 : 0
    if (onWh > 0) sharing.share(bus, this.marginKey[bus]!, onWh, groupWh)
    this.#boundPrices(bus, this.flowUpWh[bus]!)
  }

  /**
   * The range of prices that supports the bus's flow: where its own curve contains it, within what its parent's range
   * allows.
   *
   *     low  = max(lowest, low_q + feeDown if f < 0, else low_q − feeUp if f < capacityUp)
   *     high = min(highest, high_q − feeUp if f > 0, else high_q + feeDown if f > −capacityDown)
   *
   * Its own curve is looked at where the flow is one at which it is cut. Otherwise the steps around the flow are seen by
   * its parent and have bounded the range there.
   */
  #boundPrices(bus: number, flowWh: number): void {
    const { priceLowTicks, priceHighTicks } = this
    const marks = this.#marks
    const own = mark.ofBus * bus
    let low = -Infinity
    let high = Infinity
    if (flowWh === 0) {
      low = Math.floor(marks[own + mark.reachZero]! / 2)
      high = Math.floor(marks[own + mark.passZero]! / 2)
    } else if (flowWh === -marks[own + mark.importWh]!) {
      low = Math.floor(marks[own + mark.reachImport]! / 2)
      high = Math.floor(marks[own + mark.passImport]! / 2)
    } else if (flowWh === marks[own + mark.exportWh]!) {
      low = Math.floor(marks[own + mark.reachExport]! / 2)
      high = Math.floor(marks[own + mark.passExport]! / 2)
    }
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
    if (!(low <= high))
      throw new BrokenAssertion(`bus ${bus}: no price between ${low} and ${high} supports the clearing`)
    priceLowTicks[bus] = low
    priceHighTicks[bus] = high
  }
}

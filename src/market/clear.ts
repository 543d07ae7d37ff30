/**
 * The clearing: the welfare-optimal exchange on a radial network, exact in whole Wh and ticks.
 *
 *     maximise   Σ_buy limit·x − Σ_sell limit·y − Σ_arcs (feeUp·up + feeDown·down)
 *     subject to balance at every bus, 0 ≤ x, y ≤ quantity, 0 ≤ up ≤ capacityUp, 0 ≤ down ≤ capacityDown
 *
 * A buy and a sell are the same step: at a price, a bus's net export is −(all its demand) + Σ of every order below
 * that price. Going up, a subtree's curve splits at its zero crossing; the importing part moves down by feeDown, the
 * exporting part up by feeUp, both are cut at the arc's capacities and join the parent's curve. Going down, each bus
 * learns its net export, which fixes its accepted orders. Of several optima it is the one of largest volume, ties
 * shared pro rata in nested shares. Nothing is allocated once the workspace has grown to the book.
 */
import { assert } from '../base/errors.ts'
import type { Network } from '../grid/network.ts'
import { sellSide, type Book } from './book.ts'
import { CurveStore, RunMerger } from './curve-store.ts'
import { ProRata } from './share-pro-rata.ts'
import { OrderSort } from './sort-orders.ts'

/** A clearing's outcome; the engine that made it owns the arrays and fills them anew at its next call. */
export interface Clearing {
  /** per order [Wh] */
  acceptedWh: Float64Array
  /** net export of each bus to its parent; negative when energy flows down into the bus [Wh] */
  readonly flowUpWh: Float64Array
  /** lowest and highest supporting price of each bus, −∞ and ∞ where nothing bounds it [ticks] */
  readonly priceLowTicks: Float64Array
  readonly priceHighTicks: Float64Array
  /** 1 where an order of the bus was accepted or energy flows over its arc */
  readonly traded: Uint8Array
  /** energy bought [Wh] */
  volumeWh: number
}

export class ClearingEngine {
  readonly #network: Network
  readonly #sort = new OrderSort()
  readonly #curves = new CurveStore()
  readonly #merger = new RunMerger()
  readonly #ties = new ProRata()
  /** claimants of a tie: rows of orders as they are, children as −1 − bus */
  readonly #claimants: number[] = []
  readonly #clearing: Clearing
  // Own orders of each bus, sorted: rows #ownRow[#ownStart[bus]…#ownStart[bus + 1]).
  readonly #ownStart: Int32Array
  readonly #ownFill: Int32Array
  #ownRow = new Int32Array(64)
  // Children of each bus in the same form.
  readonly #childStart: Int32Array
  readonly #child: Int32Array
  // Steps of each bus in #curves, its demand, and the parts of its curve that its arc lets through.
  readonly #curveStart: Int32Array
  readonly #curveEnd: Int32Array
  readonly #demandWh: Float64Array
  readonly #importWh: Float64Array
  readonly #exportWh: Float64Array

  constructor(network: Network) {
    const buses = network.busCount
    this.#network = network
    this.#ownStart = new Int32Array(buses + 1)
    this.#ownFill = new Int32Array(buses)
    this.#childStart = new Int32Array(buses + 1)
    this.#child = new Int32Array(Math.max(0, buses - 1))
    this.#curveStart = new Int32Array(buses)
    this.#curveEnd = new Int32Array(buses)
    this.#demandWh = new Float64Array(buses)
    this.#importWh = new Float64Array(buses)
    this.#exportWh = new Float64Array(buses)
    this.#clearing = {
      acceptedWh: new Float64Array(64),
      flowUpWh: new Float64Array(buses),
      priceLowTicks: new Float64Array(buses),
      priceHighTicks: new Float64Array(buses),
      traded: new Uint8Array(buses),
      volumeWh: 0,
    }
    this.#listChildren()
  }

  /** Clears a book. Fees and capacities are read from the network at every call. */
  clear(book: Book): Clearing {
    const clearing = this.#clearing
    if (clearing.acceptedWh.length < book.count) clearing.acceptedWh = new Float64Array(book.count * 2)
    clearing.acceptedWh.fill(0, 0, book.count)
    clearing.traded.fill(0)
    clearing.volumeWh = 0
    this.#distribute(book)
    this.#curves.count = 0
    for (let bus = this.#network.busCount - 1; bus >= 0; bus--) this.#raise(book, bus)
    clearing.flowUpWh[0] = 0
    for (let bus = 0; bus < this.#network.busCount; bus++) this.#settle(book, bus)
    return clearing
  }

  #listChildren(): void {
    const { parent, busCount } = this.#network
    const start = this.#childStart
    for (let bus = 1; bus < busCount; bus++) start[parent[bus]! + 1] = start[parent[bus]! + 1]! + 1
    for (let bus = 0; bus < busCount; bus++) start[bus + 1] = start[bus + 1]! + start[bus]!
    const fill = start.slice()
    for (let bus = 1; bus < busCount; bus++) {
      assert(parent[bus]! < bus && parent[bus]! >= 0, () => `bus ${bus} stands before its parent`)
      this.#child[fill[parent[bus]!]!] = bus
      fill[parent[bus]!] = fill[parent[bus]!]! + 1
    }
  }

  /** Sorts all orders once and deals them out to their buses, in order. */
  #distribute(book: Book): void {
    const count = this.#sort.sort(book)
    const rows = this.#sort.rows
    if (this.#ownRow.length < count) this.#ownRow = new Int32Array(count * 2)
    const start = this.#ownStart
    start.fill(0)
    for (let at = 0; at < count; at++) {
      const bus = book.bus[rows[at]!]!
      start[bus + 1] = start[bus + 1]! + 1
    }
    for (let bus = 0; bus < this.#network.busCount; bus++) {
      start[bus + 1] = start[bus + 1]! + start[bus]!
      this.#ownFill[bus] = start[bus]!
    }
    for (let at = 0; at < count; at++) {
      const bus = book.bus[rows[at]!]!
      this.#ownRow[this.#ownFill[bus]!] = rows[at]!
      this.#ownFill[bus] = this.#ownFill[bus]! + 1
    }
  }

  /** Makes the curve of a bus out of its own orders and its children's curves, and finds what its arc lets through. */
  #raise(book: Book, bus: number): void {
    const curves = this.#curves
    this.#merger.begin()
    let demandWh = this.#pushOwn(book, bus)
    for (let at = this.#childStart[bus]!; at < this.#childStart[bus + 1]!; at++) {
      const child = this.#child[at]!
      this.#pushChild(child)
      demandWh += this.#importWh[child]!
    }
    this.#curveStart[bus] = curves.count
    this.#merger.finish(curves)
    this.#curveEnd[bus] = curves.count
    this.#demandWh[bus] = demandWh
    let supplyWh = -demandWh
    for (let step = this.#curveStart[bus]!; step < curves.count; step++) supplyWh += curves.energyWh[step]!
    assert(demandWh + supplyWh <= Number.MAX_SAFE_INTEGER, () => `bus ${bus}: more than 2^53 Wh in one book`)
    if (bus === 0) return
    this.#importWh[bus] = Math.min(demandWh, this.#network.capacityDownWh[bus]!)
    this.#exportWh[bus] = Math.min(supplyWh, this.#network.capacityUpWh[bus]!)
  }

  #pushOwn(book: Book, bus: number): number {
    const first = this.#ownStart[bus]!
    const end = this.#ownStart[bus + 1]!
    if (first === end) return 0
    const run = this.#merger.openRun(end - first)
    let demandWh = 0
    let last = -1
    for (let at = first; at < end; at++) {
      const row = this.#ownRow[at]!
      const price = book.limitTicks[row]!
      const kind = book.side[row] === sellSide ? 0 : 1
      const energyWh = book.quantityWh[row]!
      if (kind === 1) demandWh += energyWh
      if (last >= 0 && run.priceTicks[last] === price && run.kind[last] === kind) {
        run.energyWh[last] = run.energyWh[last]! + energyWh
      } else {
        last = run.count
        run.push(price, kind, energyWh, book.sequence[row]!)
      }
    }
    return demandWh
  }

  /** The child's curve as its parent sees it: prices moved by the fees, ends cut at the capacities. */
  #pushChild(child: number): void {
    const { feeUpTicks, feeDownTicks } = this.#network
    const importWh = this.#importWh[child]!
    const exportWh = this.#exportWh[child]!
    if (importWh === 0 && exportWh === 0) return
    const start = this.#curveStart[child]!
    const end = this.#curveEnd[child]!
    const run = this.#merger.openRun(end - start + 1)
    // The store may grow while runs are opened, so its columns are fetched after that.
    const { priceTicks, kind, energyWh, firstSequence } = this.#curves
    let below = -this.#demandWh[child]!
    for (let step = start; step < end && below < exportWh; step++) {
      const above = below + energyWh[step]!
      const imported = Math.min(above, 0) - Math.max(below, -importWh)
      if (imported > 0)
        run.push(priceTicks[step]! - feeDownTicks[child]!, kind[step]!, imported, firstSequence[step]!)
      const exported = Math.min(above, exportWh) - Math.max(below, 0)
      if (exported > 0) {
        this.#pushJoined(
          run,
          priceTicks[step]! + feeUpTicks[child]!,
          kind[step]!,
          exported,
          firstSequence[step]!,
          imported > 0,
        )
      }
      below = above
    }
  }

  /** Where both fees are 0 the two parts of a step at the zero crossing meet again as one. */
  #pushJoined(
    run: CurveStore,
    price: number,
    kind: number,
    energyWh: number,
    sequence: number,
    split: boolean,
  ): void {
    const last = run.count - 1
    if (split && run.priceTicks[last] === price) run.energyWh[last] = run.energyWh[last]! + energyWh
    else run.push(price, kind, energyWh, sequence)
  }

  /** Fixes a bus's accepted orders and its children's flows from its own net export, then its range of prices. */
  #settle(book: Book, bus: number): void {
    const curves = this.#curves
    const flowWh = this.#clearing.flowUpWh[bus]!
    const start = this.#curveStart[bus]!
    const end = this.#curveEnd[bus]!
    // Steps before `marginal` are wholly on, those behind it wholly off; `left` of the marginal one is on.
    let marginal = start
    let left = flowWh + this.#demandWh[bus]!
    while (marginal < end && left >= curves.energyWh[marginal]!) left -= curves.energyWh[marginal++]!
    const inside = marginal < end
    const price = inside ? curves.priceTicks[marginal]! : Infinity
    const kind = inside ? curves.kind[marginal]! : 0
    this.#switchOwn(book, bus, price, kind)
    this.#switchChildren(bus, price, kind)
    if (inside && left > 0) this.#shareMargin(book, bus, price, kind, left, curves.energyWh[marginal]!)
    else if (inside && kind === 1) this.#acceptTiedBuys(book, bus, price)
    if (flowWh !== 0) this.#clearing.traded[bus] = 1
    this.#boundPrices(bus, flowWh, marginal, left, start, end)
  }

  /** Own orders before the margin: sells are accepted, buys switched off; behind it the other way round. */
  #switchOwn(book: Book, bus: number, price: number, kind: number): void {
    for (let at = this.#ownStart[bus]!; at < this.#ownStart[bus + 1]!; at++) {
      const row = this.#ownRow[at]!
      const limit = book.limitTicks[row]!
      const orderKind = book.side[row] === sellSide ? 0 : 1
      const before = limit < price || (limit === price && orderKind < kind)
      const behind = limit > price || (limit === price && orderKind > kind)
      if (orderKind === 0 ? before : behind) this.#accept(book, row, book.quantityWh[row]!)
    }
  }

  #accept(book: Book, row: number, energyWh: number): void {
    if (energyWh === 0) return
    this.#clearing.acceptedWh[row] = energyWh
    this.#clearing.traded[book.bus[row]!] = 1
    if (book.side[row] !== sellSide) this.#clearing.volumeWh += energyWh
  }

  #switchChildren(bus: number, price: number, kind: number): void {
    for (let at = this.#childStart[bus]!; at < this.#childStart[bus + 1]!; at++) {
      const child = this.#child[at]!
      this.#clearing.flowUpWh[child] = this.#keptBelow(child, price, kind, false) - this.#importWh[child]!
    }
  }

  /**
   * Energy of a child's cut and moved curve before a step of its parent's curve, or within that step.
   *
   * @param within false: all steps before (price, kind); true: the step itself
   */
  #keptBelow(child: number, price: number, kind: number, within: boolean): number {
    const curves = this.#curves
    const importWh = this.#importWh[child]!
    const exportWh = this.#exportWh[child]!
    const feeUp = this.#network.feeUpTicks[child]!
    const feeDown = this.#network.feeDownTicks[child]!
    let below = -this.#demandWh[child]!
    let kept = 0
    for (let step = this.#curveStart[child]!; step < this.#curveEnd[child]! && below < exportWh; step++) {
      const above = below + curves.energyWh[step]!
      const imported = Math.min(above, 0) - Math.max(below, -importWh)
      if (imported > 0 && counts(curves.priceTicks[step]! - feeDown, curves.kind[step]!, price, kind, within))
        kept += imported
      const exported = Math.min(above, exportWh) - Math.max(below, 0)
      if (exported > 0 && counts(curves.priceTicks[step]! + feeUp, curves.kind[step]!, price, kind, within))
        kept += exported
      below = above
    }
    return kept
  }

  /** Smallest sequence number of a child's part in a step, by which it ranks among the claimants. */
  #childRank(child: number, price: number, kind: number): number {
    const curves = this.#curves
    const importWh = this.#importWh[child]!
    const exportWh = this.#exportWh[child]!
    const { feeUpTicks, feeDownTicks } = this.#network
    let below = -this.#demandWh[child]!
    let rank = Infinity
    for (let step = this.#curveStart[child]!; step < this.#curveEnd[child]! && below < exportWh; step++) {
      const above = below + curves.energyWh[step]!
      const moved = curves.priceTicks[step]!
      const imported =
        Math.min(above, 0) > Math.max(below, -importWh) && moved - feeDownTicks[child]! === price
      const exported = Math.min(above, exportWh) > Math.max(below, 0) && moved + feeUpTicks[child]! === price
      if ((imported || exported) && curves.kind[step] === kind)
        rank = Math.min(rank, curves.firstSequence[step]!)
      below = above
    }
    return rank
  }

  /** Shares the accepted energy of the marginal step among the bus's own orders and its child arcs. */
  #shareMargin(book: Book, bus: number, price: number, kind: number, onWh: number, groupWh: number): void {
    const ties = this.#ties
    const claimants = this.#claimants
    ties.begin()
    claimants.length = 0
    for (let at = this.#ownStart[bus]!; at < this.#ownStart[bus + 1]!; at++) {
      const row = this.#ownRow[at]!
      if (!isTied(book, row, price, kind)) continue
      ties.add(book.quantityWh[row]!, book.sequence[row]!)
      claimants.push(row)
    }
    for (let at = this.#childStart[bus]!; at < this.#childStart[bus + 1]!; at++) {
      const child = this.#child[at]!
      const weightWh = this.#keptBelow(child, price, kind, true)
      if (weightWh === 0) continue
      ties.add(weightWh, this.#childRank(child, price, kind))
      claimants.push(-1 - child)
    }
    // What is shared is what is accepted: of sells the part that is on, of buys the part that is not yet off.
    ties.share(kind === 0 ? onWh : groupWh - onWh)
    claimants.forEach((claimant, claim) => {
      const acceptedWh = ties.shareWh[claim]!
      if (claimant >= 0) this.#accept(book, claimant, acceptedWh)
      else {
        const switchedWh = kind === 0 ? acceptedWh : ties.weightWh[claim]! - acceptedWh
        const flow = this.#clearing.flowUpWh
        flow[-1 - claimant] = flow[-1 - claimant]! + switchedWh
      }
    })
  }

  /** With nothing of the marginal step switched, its buys are all accepted. */
  #acceptTiedBuys(book: Book, bus: number, price: number): void {
    for (let at = this.#ownStart[bus]!; at < this.#ownStart[bus + 1]!; at++) {
      const row = this.#ownRow[at]!
      if (isTied(book, row, price, 1)) this.#accept(book, row, book.quantityWh[row]!)
    }
  }

  /**
   * The range of prices that supports the bus's flow, within what its parent's range allows.
   *
   *     low  = max(a, low_q + feeDown if f < 0, else low_q − feeUp if f < capacityUp)
   *     high = min(b, high_q − feeUp if f > 0, else high_q + feeDown if f > −capacityDown)
   */
  #boundPrices(
    bus: number,
    flowWh: number,
    marginal: number,
    left: number,
    start: number,
    end: number,
  ): void {
    const { priceLowTicks, priceHighTicks } = this.#clearing
    const { parent, feeUpTicks, feeDownTicks, capacityUpWh, capacityDownWh } = this.#network
    const prices = this.#curves.priceTicks
    let low = left > 0 ? prices[marginal]! : marginal > start ? prices[marginal - 1]! : -Infinity
    let high = marginal < end ? prices[marginal]! : Infinity
    if (bus > 0) {
      const above = parent[bus]!
      if (flowWh < 0) low = Math.max(low, priceLowTicks[above]! + feeDownTicks[bus]!)
      else if (flowWh < capacityUpWh[bus]!) low = Math.max(low, priceLowTicks[above]! - feeUpTicks[bus]!)
      if (flowWh > 0) high = Math.min(high, priceHighTicks[above]! - feeUpTicks[bus]!)
      else if (flowWh > -capacityDownWh[bus]!)
        high = Math.min(high, priceHighTicks[above]! + feeDownTicks[bus]!)
    }
    assert(low <= high, () => `bus ${bus}: no price between ${low} and ${high} supports the clearing`)
    priceLowTicks[bus] = low
    priceHighTicks[bus] = high
  }
}

function counts(stepPrice: number, stepKind: number, price: number, kind: number, within: boolean): boolean {
  if (stepPrice === price) return within ? stepKind === kind : stepKind < kind
  return !within && stepPrice < price
}

function isTied(book: Book, row: number, price: number, kind: number): boolean {
  return book.limitTicks[row] === price && (book.side[row] === sellSide ? 0 : 1) === kind
}

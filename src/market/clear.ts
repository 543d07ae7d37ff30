/**
 * The clearing: the welfare-optimal exchange on a radial network, exact in whole Wh and ticks.
 *
 *     maximise   Σ_buy limit·x − Σ_sell limit·y − Σ_arcs (feeUp·up + feeDown·down)
 *     subject to balance at every bus, 0 ≤ x, y ≤ quantity, 0 ≤ up ≤ capacityUp, 0 ≤ down ≤ capacityDown
 *
 * A buy and a sell are the same step: at a price, a bus's net export is −(all its demand) + Σ of every order below that
 * price ({@link TreeCurves}). Of several optima it is the one of largest volume, ties shared pro rata in nested shares.
 *
 * Only orders near the price need that. Large books are first narrowed: a range is found in which each bus's price must
 * lie, orders outside it are decided in one pass and summed, and so on with what is left, until it is worth clearing as it
 * is. Nothing is allocated once the workspace has grown to the book.
 */
import type { Network } from '../grid/network.ts'
import type { Book, Orders } from './book.ts'
import { ProofSums, type Certificate } from './certificate.ts'
import { AnySharing } from './engine/any-sharing.ts'
import { CoarseRange } from './engine/coarse-range.ts'
import { HiddenOrders } from './engine/hidden-orders.ts'
import { OrderHiding } from './engine/hide-orders.ts'
import { OpenOrders } from './engine/open-orders.ts'
import { OrderColumns } from './engine/order-columns.ts'
import { OwnSteps } from './engine/own-steps.ts'
import { Scout } from './engine/scout.ts'
import { TieSharing } from './engine/tie-sharing.ts'
import { TreeCurves } from './engine/tree-curves.ts'

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

/** From which size on which work is worth its time. Books are cleared the same whatever stands here. */
export interface Tuning {
  /** a book of a single bus with so many orders is guessed at from a sample */
  readonly scoutFrom: number
  /** a sample is made of runs of so many neighbouring orders */
  readonly sampleRun: number
  /** a book with at most so many orders, or at most so many a bus, is cleared as it is */
  readonly fewOrders: number
  readonly fewPerBus: number
  /** steps of a network so deep that each is moved more often than this are kept in trees */
  readonly movesPerStep: number
}

const measuredTuning: Tuning = {
  scoutFrom: 8000,
  sampleRun: 32,
  fewOrders: 400,
  fewPerBus: 16,
  movesPerStep: 256,
}

const noOrders: Orders = {
  count: 0,
  bus: new Int32Array(0),
  side: new Uint8Array(0),
  limitTicks: new Int32Array(0),
  quantityWh: new Float64Array(0),
}

export class ClearingEngine {
  readonly #network: Network
  readonly #tree: TreeCurves
  readonly #own: OwnSteps
  readonly #orders: OpenOrders
  readonly #ties: TieSharing
  readonly #anyTies: AnySharing
  readonly #hidden: HiddenOrders
  readonly #hiding = new OrderHiding()
  readonly #coarse: CoarseRange
  readonly #parts: OrderColumns[] = []
  readonly #sums = new ProofSums()
  readonly #clearing: Clearing
  readonly #tuning: Tuning
  readonly #scout: Scout
  /** of the last clearing: what of the book was cleared as it is, and how many parts stand between */
  #open: Orders = noOrders
  #depth = 0

  constructor(network: Network, tuning = measuredTuning) {
    const buses = network.busCount
    this.#tuning = tuning
    this.#scout = new Scout(tuning.sampleRun)
    this.#network = network
    this.#tree = new TreeCurves(network, tuning.movesPerStep)
    this.#own = new OwnSteps(buses)
    this.#orders = new OpenOrders(buses)
    this.#ties = new TieSharing(this.#tree, this.#orders)
    this.#anyTies = new AnySharing(this.#tree)
    this.#hidden = new HiddenOrders(network)
    this.#coarse = new CoarseRange(this.#tree)
    this.#clearing = {
      acceptedWh: new Float64Array(64),
      flowUpWh: this.#tree.flowUpWh,
      priceLowTicks: this.#tree.priceLowTicks,
      priceHighTicks: this.#tree.priceHighTicks,
      traded: new Uint8Array(buses),
      volumeWh: 0,
    }
  }

  /** Clears a book. Fees and capacities are read from the network at every call. */
  clear(book: Book): Clearing {
    this.#reserve(book.count)
    const guessed = this.#network.busCount === 1 && book.count >= this.#tuning.scoutFrom
    this.#clearBook(book, book.sequence, guessed)
    if (guessed && !this.#guessHolds()) this.#clearBook(book, book.sequence, false)
    return this.#clearing
  }

  /** The ranges of prices that {@link clear} finds, and nothing else: nobody is told what is accepted, and nothing can be proved. */
  priceRanges(book: Book): Pick<Clearing, 'priceLowTicks' | 'priceHighTicks'> {
    if (this.#isMany(book)) return this.clear(book)
    this.#hidden.begin()
    this.#orders.arrange(book)
    this.#orders.fill(this.#own, book, this.#hidden)
    this.#tree.solve(this.#own, this.#anyTies)
    return this.#clearing
  }

  /**
   * Proves the last clearing by the prices of its buses: welfare equal to the dual bound. Hidden orders enter by their
   * sums, since at a price inside their bus's range it is known which of them gain by trading:
   *
   *     Σ max(0, ±(limit − price))·q = Σ_accepted ±limit·q − price · (bought − sold)
   *
   * The sums belong to the engine.
   *
   * @param priceTicks a price per bus, from `busPrices`
   */
  prove(priceTicks: Float64Array): ProofSums {
    const sums = this.#sums
    sums.begin()
    sums.addOrders(this.#open, this.#acceptedAt(this.#depth), priceTicks)
    sums.addArcs(this.#network, this.#clearing.flowUpWh, priceTicks)
    if (this.#depth > 0) this.#hidden.addTo(sums, priceTicks)
    return sums
  }

  /** The certificate of the last clearing. */
  certificate(priceTicks: Float64Array): Certificate {
    return this.prove(priceTicks).certificate()
  }

  /** Whether the last clearing is proved optimal by the prices of its buses. */
  isProved(priceTicks: Float64Array): boolean {
    return this.prove(priceTicks).holds
  }

  #clearBook(book: Orders, sequence: Float64Array, guess: boolean): void {
    this.#hidden.begin()
    this.#depth = 0
    let open = book
    if (guess && this.#scout.guess(book, this.#hidden)) open = this.#hide(open)
    else if (this.#isMany(open)) this.#hidden.spanAll(open)
    while (this.#isMany(open)) {
      const before = open.count
      this.#coarse.narrow(open, this.#hidden)
      open = this.#hide(open)
      if (open.count > before * 0.8) break
    }
    this.#clearOpen(open, sequence)
    this.#copyBack()
  }

  #isMany({ count }: Orders): boolean {
    return count > this.#tuning.fewOrders && count > this.#tuning.fewPerBus * this.#network.busCount
  }

  #reserve(orders: number): void {
    if (this.#clearing.acceptedWh.length < orders) this.#clearing.acceptedWh = new Float64Array(orders * 2)
  }

  /** The clearing of the orders at a depth: of the book at 0, of the parts copied out of it below. */
  #acceptedAt(depth: number): Float64Array {
    return depth === 0 ? this.#clearing.acceptedWh : this.#parts[depth - 1]!.acceptedWh
  }

  #hide(open: Orders): OrderColumns {
    const depth = this.#depth++
    const part = (this.#parts[depth] ??= new OrderColumns())
    this.#hiding.hide(open, this.#acceptedAt(depth), this.#hidden, part)
    if (depth > 0) {
      const rows = this.#parts[depth - 1]!.row
      for (let at = 0; at < part.count; at++) part.row[at] = rows[part.row[at]!]!
    }
    return part
  }

  /** Clears what is open as it is, with the hidden orders as two steps of each bus. */
  #clearOpen(open: Orders, sequence: Float64Array): void {
    this.#open = open
    const rows = this.#depth === 0 ? null : this.#parts[this.#depth - 1]!.row
    const acceptedWh = this.#acceptedAt(this.#depth)
    this.#ties.begin(open, rows, sequence, acceptedWh)
    this.#orders.arrange(open)
    this.#orders.fill(this.#own, open, this.#hidden)
    this.#tree.solve(this.#own, this.#ties)
    this.#accept(open, acceptedWh)
  }

  /**
   * Before the margin sells are accepted and buys refused, behind it the other way round; at it ties have been shared.
   * Sums up who traded on the way.
   */
  #accept(open: Orders, acceptedWh: Float64Array): void {
    const { marginKey, marginSplit } = this.#tree
    const { traded } = this.#clearing
    const { limitTicks, quantityWh, side, bus, count } = open
    let volumeWh = this.#sumHidden()
    const end = count | 0
    for (let row = 0; row < end; row = (row + 1) | 0) {
      const at = bus[row]!
      const margin = marginKey[at]!
      const sells = side[row]!
      const key = 2 * limitTicks[row]! + 1 - sells
      let accepted = quantityWh[row]! * (Number(key < margin) ^ sells ^ 1)
      if (key === margin && marginSplit[at] === 1 && quantityWh[row]! > 0) accepted = acceptedWh[row]!
      acceptedWh[row] = accepted
      traded[at] = traded[at]! | Number(accepted > 0)
      volumeWh += accepted * (sells ^ 1)
    }
    this.#clearing.volumeWh = volumeWh
  }

  /** Marks the buses that trade by flows and hidden orders; returns the energy that hidden orders bought. */
  #sumHidden(): number {
    const { traded, flowUpWh } = this.#clearing
    const hidden = this.#hidden
    let volumeWh = 0
    for (let bus = 0; bus < this.#network.busCount; bus++) {
      const boughtWh = hidden.boughtWh[bus]!
      traded[bus] = boughtWh > 0 || hidden.soldWh[bus]! > 0 || flowUpWh[bus] !== 0 ? 1 : 0
      volumeWh += boughtWh
    }
    return volumeWh
  }

  /** Writes the clearing of each part over what was written for it before it was copied out. */
  #copyBack(): void {
    const { acceptedWh } = this.#clearing
    for (let depth = 0; depth < this.#depth; depth++) {
      const { row, count, acceptedWh: from } = this.#parts[depth]!
      for (let at = 0; at < count; at++) acceptedWh[row[at]!] = from[at]!
    }
  }

  /** Whether every range of prices came out within the range outside of which orders were hidden. */
  #guessHolds(): boolean {
    const { priceLowTicks, priceHighTicks } = this.#tree
    for (let bus = 0; bus < this.#network.busCount; bus++) {
      if (!this.#hidden.allows(bus, priceLowTicks[bus]!, priceHighTicks[bus]!, 0)) return false
    }
    return true
  }
}

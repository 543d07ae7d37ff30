/**
 * The market of a zone as if no arc had a limit. Buses that no fee parts are one bus there, which leaves a small tree: on one
 * voltage level most wheeling regimes ask nothing.
 */
import { assert } from '../base/errors.ts'
import type { Network } from '../grid/network.ts'
import type { Book } from '../market/book.ts'
import { ClearingEngine } from '../market/clear.ts'
import { busPrices, type PriceRange } from '../market/prices.ts'

interface MergedGrid {
  readonly network: Network
  readonly engine: ClearingEngine
  /** the bus of the network in which an arc's fees stand, by bus of the merged one */
  readonly arcs: readonly number[]
  readonly busTicks: Float64Array
}

export class FreeGrid {
  readonly #network: Network
  readonly #range: PriceRange
  /** bus of the merged grid, by bus of the network */
  readonly #mergedBus: Int32Array
  #merged: MergedGrid | null = null
  #bus = new Int32Array(0)

  /** @param network whose fees may change between two books */
  constructor(network: Network, range: PriceRange) {
    this.#network = network
    this.#range = range
    this.#mergedBus = new Int32Array(network.busCount)
  }

  /** The most that a book could be worth without limits, proved. [1e-7 CNY] */
  welfareOf(book: Book): bigint {
    const { network, engine, busTicks } = this.#follow()
    const clearing = engine.clear({ ...book, bus: this.#busesOf(book) })
    busPrices(network, clearing, this.#range, busTicks)
    const { welfare, dualBound } = engine.certificate(busTicks)
    assert(welfare === dualBound, 'a clearing without limits is not proved')
    return welfare
  }

  #busesOf({ bus, count }: Book): Int32Array {
    if (this.#bus.length < count) this.#bus = new Int32Array(2 * count)
    for (let row = 0; row < count; row++) this.#bus[row] = this.#mergedBus[bus[row]!]!
    return this.#bus
  }

  /** The merged grid with the fees of now. */
  #follow(): MergedGrid {
    const { feeUpTicks, feeDownTicks } = this.#network
    const merged = this.#parts() && this.#merged ? this.#merged : this.#merge()
    for (let bus = 1; bus < merged.arcs.length; bus++) {
      merged.network.feeUpTicks[bus] = feeUpTicks[merged.arcs[bus]!]!
      merged.network.feeDownTicks[bus] = feeDownTicks[merged.arcs[bus]!]!
    }
    return merged
  }

  /** Numbers the buses of the merged grid anew; whether they are parted as they were. */
  #parts(): boolean {
    const { parent, feeUpTicks, feeDownTicks, busCount } = this.#network
    const mergedBus = this.#mergedBus
    let isSame = true
    let count = 1
    for (let bus = 1; bus < busCount; bus++) {
      const isOne = feeUpTicks[bus] === 0 && feeDownTicks[bus] === 0
      const merged = isOne ? mergedBus[parent[bus]!]! : count++
      if (merged !== mergedBus[bus]) isSame = false
      mergedBus[bus] = merged
    }
    return isSame
  }

  #merge(): MergedGrid {
    const { parent, busCount } = this.#network
    const mergedBus = this.#mergedBus
    const arcs: number[] = []
    for (let bus = 0; bus < busCount; bus++) if (mergedBus[bus] === arcs.length) arcs.push(bus)
    const noLimit = new Float64Array(arcs.length).fill(Infinity)
    const network = {
      busCount: arcs.length,
      parent: Int32Array.from(arcs, (bus) => (bus === 0 ? -1 : mergedBus[parent[bus]!]!)),
      feeUpTicks: new Float64Array(arcs.length),
      feeDownTicks: new Float64Array(arcs.length),
      capacityUpWh: noLimit,
      capacityDownWh: noLimit,
    }
    this.#merged = {
      network,
      engine: new ClearingEngine(network),
      arcs,
      busTicks: new Float64Array(arcs.length),
    }
    return this.#merged
  }
}

/**
 * A cold store by the price (蓄冷): cooling ahead of dear hours within the band, at the least cost. Time is a tree here
 * too: one bus per interval, an arc to the next that carries cold, at most what the band holds.
 *
 *     x_t    = highest − T_t, from 0 to the width of the band              [K]
 *     x_t+1  = a · x_t + b · energy_t − loss_t,   a = e^(−UA·Δt/C)
 *
 * Cold that is kept decays by a each interval. In y_t = x_t / a^t nothing decays, so the clearing's chain fits: cooling
 * sells b / a^(t+1) of y per Wh at its price, what the walls take is bought whatever it costs. Amounts of y are counted in
 * the Wh that make them in the first interval, prices in thousandths of a tick, so that rounding stays far below a tick.
 */
import { compressorWh, coolingKPerWh, keptShare, warmedC, type ColdStore } from '../assets/cold-store.ts'
import type { Network } from '../grid/network.ts'
import type { Book } from '../market/book.ts'
import { ClearingEngine } from '../market/clear.ts'

export interface ColdTask {
  readonly store: ColdStore
  readonly tempC: number
  /** one value per interval of the horizon */
  readonly airTempC: ArrayLike<number>
  readonly heatKw: ArrayLike<number>
  readonly priceTicks: ArrayLike<number>
  /** no warmer than this at the end, so that a plan does not live off the cold it found [°C] */
  readonly endC: number
}

const pricesPerTick = 1000
/** Beyond every price of the chain: what was stored is taken first, what the walls take is had whatever it costs. */
const mustTicks = 2_000_000_000

export class ColdPlanner {
  readonly #intervals: number
  readonly #network: Network
  readonly #engine: ClearingEngine
  readonly #book: Book

  /** @param intervals length of the horizon */
  constructor(intervals: number) {
    const rows = 2 * intervals + 2
    this.#intervals = intervals
    this.#network = chain(intervals)
    this.#engine = new ClearingEngine(this.#network)
    this.#book = {
      count: 0,
      bus: new Int32Array(rows),
      side: new Uint8Array(rows),
      limitTicks: new Int32Array(rows),
      quantityWh: new Float64Array(rows),
      sequence: Float64Array.from({ length: rows }, (_, row) => row),
    }
  }

  /** Electric energy of every interval of the horizon. Where the compressor cannot hold the band, it cools all it can. [Wh] */
  plan(task: ColdTask): Float64Array {
    const { store } = task
    const kept = keptShare(store)
    const perWh = coolingKPerWh(store)
    this.#open(task, kept, perWh)
    const growth = (interval: number) => kept ** -interval
    for (let interval = 0; interval < this.#intervals; interval++) {
      const limit = Math.round((task.priceTicks[interval]! * pricesPerTick) / growth(interval))
      this.#order(interval, 1, limit, compressorWh(store) * growth(interval))
      this.#need(task, interval, growth(interval) / perWh)
    }
    const endK = Math.max(0, Math.min(store.highestC - store.lowestC, store.highestC - task.endC))
    this.#order(this.#intervals - 1, 0, mustTicks, (endK / perWh) * growth(this.#intervals - 1))
    const { acceptedWh } = this.#engine.clear(this.#book)
    return this.#coolingOf(acceptedWh, growth)
  }

  /** Room of the band in every arc, and the cold that is there. */
  #open({ store, tempC }: ColdTask, kept: number, perWh: number): void {
    const roomWh = (store.highestC - store.lowestC) / perWh
    for (let interval = 0; interval < this.#intervals - 1; interval++) {
      this.#network.capacityUpWh[this.#busOf(interval)] = Math.floor(roomWh * kept ** -interval)
    }
    this.#book.count = 0
    const coldK = Math.max(0, store.highestC - tempC)
    if (coldK > 0) this.#order(0, 1, -mustTicks, (coldK * kept) / perWh)
  }

  /** Heat that comes in while the store is at the upper edge; below 0 it is cold for nothing, taken where there is room. */
  #need({ store, airTempC, heatKw }: ColdTask, interval: number, wh: number): void {
    const lossK = warmedC(store, store.highestC, airTempC[interval]!, heatKw[interval]!) - store.highestC
    if (lossK > 0) this.#order(interval, 0, mustTicks, lossK * wh)
    else this.#order(interval, 1, 0, -lossK * wh)
  }

  #order(interval: number, side: 0 | 1, limitTicks: number, energyWh: number): void {
    const book = this.#book
    const row = book.count++
    book.bus[row] = this.#busOf(interval)
    book.side[row] = side
    book.limitTicks[row] = limitTicks
    book.quantityWh[row] = side === 1 ? Math.floor(energyWh) : Math.ceil(energyWh)
  }

  #coolingOf(acceptedWh: Float64Array, growth: (interval: number) => number): Float64Array {
    const energyWh = new Float64Array(this.#intervals)
    let row = this.#book.limitTicks[0] === -mustTicks ? 1 : 0
    for (let interval = 0; interval < this.#intervals; interval++, row += 2) {
      energyWh[interval] = acceptedWh[row]! / growth(interval)
    }
    return energyWh
  }

  /** Parents stand before children in a network, and cold moves up the chain in time: the last interval is the root. */
  #busOf(interval: number): number {
    return this.#intervals - 1 - interval
  }
}

/** Cold moves up from each interval to the next, and never back. */
function chain(intervals: number): Network {
  const zeros = () => new Float64Array(intervals)
  return {
    busCount: intervals,
    parent: Int32Array.from({ length: intervals }, (_, bus) => bus - 1),
    feeUpTicks: zeros(),
    feeDownTicks: zeros(),
    capacityUpWh: new Float64Array(intervals).fill(Infinity, 1),
    capacityDownWh: zeros(),
  }
}

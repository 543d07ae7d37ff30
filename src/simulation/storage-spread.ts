/**
 * What batteries do to their own spread. In every interval in which one trades, the book is cleared once more without any of
 * them: that is where they found the market.
 *
 *     bought:  first kWh at the price of the next seller without them, last kWh at the price of the last one with them
 *     sold:    first kWh at the price of the next buyer without them,  last kWh at the price of the last one with them
 *
 * Prices are those of the battery's bus, whatever the price rule. Buying raises one, selling lowers the other.
 */
import type { Network } from '../grid/network.ts'
import { ClearingEngine } from '../market/clear.ts'
import { clip } from '../market/prices.ts'
import type { Zone } from '../scenario/zone.ts'
import { storageRow } from './order-rows.ts'
import type { Outcome } from './outcome.ts'
import type { StorageSpread } from './result.ts'
import { addTo } from '../base/columns.ts'

export class SpreadNotes {
  readonly #zone: Zone
  readonly #engine: ClearingEngine
  readonly #columns: Readonly<Record<keyof StorageSpread, Float64Array>>

  constructor(zone: Zone, network: Network) {
    const column = () => new Float64Array(zone.storages.length)
    this.#zone = zone
    this.#engine = new ClearingEngine(network)
    this.#columns = {
      boughtWh: column(),
      boughtFirstTickWh: column(),
      boughtLastTickWh: column(),
      soldWh: column(),
      soldFirstTickWh: column(),
      soldLastTickWh: column(),
    }
  }

  /** @returns of a storage unit, null where it did not trade */
  of(unit: number): StorageSpread | null {
    const { boughtWh, soldWh } = this.#columns
    if (boughtWh[unit] === 0 && soldWh[unit] === 0) return null
    const entries = Object.entries(this.#columns).map(([key, column]) => [key, column[unit]!])
    return Object.fromEntries(entries) as Record<keyof StorageSpread, number>
  }

  note({ rows, clearing, isHeld }: Outcome): void {
    if (!isHeld) return
    const { book, kind } = rows
    let others = book.count
    // Batteries order last.
    while (others > 0 && kind[others - 1] === storageRow) others--
    if (!isAnyAbove0(clearing.acceptedWh, others, book.count)) return
    const alone = this.#engine.priceRanges({ ...book, count: others })
    for (let row = others; row < book.count; row++) {
      const energyWh = clearing.acceptedWh[row]!
      const bus = book.bus[row]!
      const isBuy = book.side[row] === 0
      const first = (isBuy ? alone.priceHighTicks : alone.priceLowTicks)[bus]!
      const last = (isBuy ? clearing.priceLowTicks : clearing.priceHighTicks)[bus]!
      this.#add(rows.who[row]!, isBuy, { energyWh, first, last })
    }
  }

  #add(unit: number, isBuy: boolean, traded: { energyWh: number; first: number; last: number }): void {
    const { market } = this.#zone
    const columns = this.#columns
    const { energyWh } = traded
    addTo(isBuy ? columns.boughtWh : columns.soldWh, unit, energyWh)
    addTo(
      isBuy ? columns.boughtFirstTickWh : columns.soldFirstTickWh,
      unit,
      energyWh * clip(traded.first, market),
    )
    addTo(
      isBuy ? columns.boughtLastTickWh : columns.soldLastTickWh,
      unit,
      energyWh * clip(traded.last, market),
    )
  }
}

function isAnyAbove0(column: Float64Array, from: number, to: number): boolean {
  for (let row = from; row < to; row++) if (column[row]! > 0) return true
  return false
}

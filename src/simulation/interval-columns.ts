/** The year by interval, as the report draws it: energy, money, prices, full arcs. */
import type { Network } from '../grid/network.ts'
import type { Moment } from './moment.ts'
import { storageRow } from './order-rows.ts'
import type { Outcome } from './outcome.ts'
import type { Settled } from './pair-settlement.ts'
import type { Readings } from './readings.ts'
import type { IntervalColumns } from './result.ts'
import { addTo } from './run-state.ts'
import type { StorageDesk } from './storage-desk.ts'
import type { World } from './world.ts'

export class ColumnNotes {
  readonly columns: IntervalColumns
  readonly #world: World
  readonly #desks: readonly StorageDesk[]

  constructor(world: World, desks: readonly StorageDesk[]) {
    this.columns = emptyColumns(world.zone.calendar.intervals)
    this.#world = world
    this.#desks = desks
  }

  note(network: Network, outcome: Outcome, settled: Settled, moment: Moment, readings: Readings): void {
    this.#noteTrades(outcome, settled, moment)
    if (outcome.isHeld) this.#noteGrid(network, outcome, moment)
    const batteriesWh = this.#noteBatteries(outcome, settled, moment)
    this.#noteMeters(readings, moment, batteriesWh)
  }

  #noteTrades({ pairs, sellerTicks }: Outcome, settled: Settled, { interval }: Moment): void {
    const { tradedWh, tradedValueTickWh, wheelingTickWh } = this.columns
    for (let pair = 0; pair < pairs.count; pair++) {
      const energyWh = settled.pairWh[pair]!
      const feeTicks = pairs.pathFeeTicks[pair]! + settled.withdrawalTicks[pair]!
      addTo(tradedWh, interval, energyWh)
      addTo(tradedValueTickWh, interval, energyWh * sellerTicks[pair]!)
      addTo(wheelingTickWh, interval, energyWh * feeTicks)
    }
  }

  #noteGrid(network: Network, { clearing, busTicks }: Outcome, { interval }: Moment): void {
    this.columns.rootPriceTicks[interval] = busTicks[0]!
    let full = 0
    for (let bus = 1; bus < network.busCount; bus++) {
      const flow = clearing.flowUpWh[bus]!
      if (flow > 0 && flow === network.capacityUpWh[bus]) full++
      if (flow < 0 && -flow === network.capacityDownWh[bus]) full++
    }
    this.columns.fullArcs[interval] = full
  }

  /** Returns the batteries' net consumption. [Wh] */
  #noteBatteries({ rows }: Outcome, { rowWh }: Settled, { interval }: Moment): number {
    const { chargeWh, dischargeWh, storedWh } = this.columns
    for (let row = 0; row < rows.book.count; row++) {
      if (rows.kind[row] !== storageRow) continue
      addTo(rows.book.side[row] === 0 ? chargeWh : dischargeWh, interval, rowWh[row]!)
    }
    for (const desk of this.#desks) addTo(storedWh, interval, desk.storedWh)
    return chargeWh[interval]! - dischargeWh[interval]!
  }

  #noteMeters(
    { boughtWh, sentWh, selfUseWh }: Readings,
    { interval, band }: Moment,
    batteriesWh: number,
  ): void {
    const { columns } = this
    const { series, meter } = this.#world
    const usedWh = sum(selfUseWh)
    columns.selfUseWh[interval] = usedWh
    columns.pvWh[interval] = usedWh + sumAt(meter.surplusWh, interval)
    columns.loadWh[interval] = sumAt(series.loadWh, interval)
    columns.cogenerationWh[interval] = sumAt(series.cogenerationWh, interval)
    const netImportWh = sum(boughtWh) - sum(sentWh) + batteriesWh
    columns.importWh[interval] = Math.max(0, netImportWh)
    columns.exportWh[interval] = Math.max(0, -netImportWh)
    columns.band[interval] = band
  }
}

function sum(columnWh: Int32Array): number {
  let sumWh = 0
  for (let row = 0; row < columnWh.length; row++) sumWh += columnWh[row]!
  return sumWh
}

function sumAt(columns: readonly Int32Array[], interval: number): number {
  let sumWh = 0
  for (const column of columns) sumWh += column[interval]!
  return sumWh
}

function emptyColumns(intervals: number): IntervalColumns {
  const column = () => new Float64Array(intervals)
  return {
    loadWh: column(),
    selfUseWh: column(),
    pvWh: column(),
    cogenerationWh: column(),
    chargeWh: column(),
    dischargeWh: column(),
    storedWh: column(),
    tradedWh: column(),
    tradedValueTickWh: column(),
    wheelingTickWh: column(),
    importWh: column(),
    exportWh: column(),
    rootPriceTicks: column(),
    band: new Uint8Array(intervals),
    fullArcs: new Uint8Array(intervals),
  }
}

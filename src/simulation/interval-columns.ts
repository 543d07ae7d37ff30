/** The year by interval, as the report draws it: energy, money, prices, full arcs. */
import { addColumn, addTo } from '../base/columns.ts'
import type { Network } from '../grid/network.ts'
import type { Moment } from './moment.ts'
import { storageRow } from './order-rows.ts'
import type { Outcome } from './outcome.ts'
import type { Settled } from './pair-settlement.ts'
import type { IntervalColumns } from './result.ts'
import type { RunState } from './run-state.ts'
import type { StorageDesk } from './storage-desk.ts'
import type { Seller, World } from './world.ts'

export class ColumnNotes {
  readonly columns: IntervalColumns
  readonly #desks: readonly StorageDesk[]

  constructor(world: World, sellers: readonly Seller[], desks: readonly StorageDesk[]) {
    this.columns = emptyColumns(world, sellers)
    this.#desks = desks
  }

  /** Load and generation of machines that decided day by day, once the last day is done. */
  takeDecided({ world, sellers }: RunState): void {
    const { loadWh, cogenerationWh } = this.columns
    addAll(loadWh.fill(0), world.series.loadWh)
    addAll(cogenerationWh.fill(0), cogeneratedWh(sellers))
  }

  note(network: Network, outcome: Outcome, settled: Settled, moment: Moment): void {
    const { interval } = moment
    const { importWh, exportWh, pvWh, band } = this.columns
    importWh[interval] = Math.max(0, settled.netImportWh)
    exportWh[interval] = Math.max(0, -settled.netImportWh)
    band[interval] = moment.band
    const { turnedDownWh } = settled
    for (let who = 0; who < turnedDownWh.length; who++) addTo(pvWh, interval, -turnedDownWh[who]!)
    this.#noteBatteries(outcome, settled, moment)
    if (!outcome.isHeld) return
    this.#noteTrades(outcome, settled, moment)
    this.#noteGrid(network, outcome, moment)
  }

  /**
   * Adds what was traded a day ahead to the notes of an interval. Arcs are full by both auctions' flows together; the price is
   * that of the larger market.
   *
   * @param network without anybody's flows on it
   */
  noteAhead(network: Network, ahead: Outcome, settled: Settled, intraday: Outcome, moment: Moment): void {
    if (!ahead.isHeld) return
    const { interval } = moment
    this.#noteTrades(ahead, settled, moment)
    this.columns.rootPriceTicks[interval] = ahead.busTicks[0]!
    let full = 0
    for (let bus = 1; bus < network.busCount; bus++) {
      const flows = [ahead.clearing.flowUpWh[bus]!, intraday.clearing.flowUpWh[bus]!]
      const upWh = flows.reduce((sum, flow) => sum + Math.max(0, flow), 0)
      const downWh = flows.reduce((sum, flow) => sum + Math.max(0, -flow), 0)
      if (upWh > 0 && upWh === network.capacityUpWh[bus]) full++
      if (downWh > 0 && downWh === network.capacityDownWh[bus]) full++
    }
    this.columns.fullArcs[interval] = full
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

  #noteBatteries({ rows }: Outcome, { rowWh }: Settled, { interval }: Moment): void {
    if (this.#desks.length === 0) return
    const { chargeWh, dischargeWh, storedWh } = this.columns
    for (let row = 0; row < rows.book.count; row++) {
      if (rows.kind[row] !== storageRow) continue
      addTo(rows.book.side[row] === 0 ? chargeWh : dischargeWh, interval, rowWh[row]!)
    }
    for (const desk of this.#desks) addTo(storedWh, interval, desk.storedWh)
  }
}

/** What no market changes stands in the columns from the beginning. */
function emptyColumns({ zone, series, meter }: World, sellers: readonly Seller[]): IntervalColumns {
  const column = () => new Float64Array(zone.calendar.intervals)
  const selfUseWh = addAll(column(), meter.selfUseWh)
  return {
    loadWh: addAll(column(), series.loadWh),
    selfUseWh,
    pvWh: addAll(selfUseWh.slice(), meter.surplusWh),
    cogenerationWh: addAll(column(), cogeneratedWh(sellers)),
    chargeWh: column(),
    dischargeWh: column(),
    storedWh: column(),
    tradedWh: column(),
    tradedValueTickWh: column(),
    wheelingTickWh: column(),
    importWh: column(),
    exportWh: column(),
    rootPriceTicks: column(),
    band: new Uint8Array(zone.calendar.intervals),
    fullArcs: new Uint8Array(zone.calendar.intervals),
  }
}

function cogeneratedWh(sellers: readonly Seller[]): Int32Array[] {
  return sellers.filter(({ kind }) => kind === 'cogeneration').map(({ meteredWh }) => meteredWh)
}

function addAll(sumsWh: Float64Array, columns: readonly Int32Array[]): Float64Array {
  for (const column of columns) addColumn(sumsWh, column)
  return sumsWh
}

/**
 * Time is a tree too: the best use of a battery over a day is a clearing on a chain of intervals.
 *
 * One bus per interval; the arc from one interval to the next carries stored energy forward, at most the energy
 * capacity, never backward. Charging is a sell into the chain at price / η_charge, discharging a buy from it at
 * price · η_discharge less wear. The chain's prices are the value of stored energy, λ: the battery buys up to
 * λ · η_charge and sells from (λ + wear) / η_discharge.
 *
 * The engine that clears the zone schedules the battery. Charge prices are rounded up and discharge prices down,
 * energies down, so a plan never promises what the battery cannot do.
 */
import type { Book } from '../market/book.ts'
import { ClearingEngine } from '../market/clear.ts'
import { busPrices } from '../market/prices.ts'
import type { Network } from '../grid/network.ts'
import type { DaySteps } from './day-steps.ts'

export interface PlannedBattery {
  /** grid side, one interval [Wh] */
  readonly chargeWhMax: number
  readonly dischargeWhMax: number
  readonly chargeEfficiency: number
  readonly dischargeEfficiency: number
  /** stored energy above the lowest allowed, at the start and at most [Wh] */
  readonly storedWh: number
  readonly storedWhMax: number
  readonly wearTicks: number
  /** what a kWh bought costs beside its price [ticks] */
  readonly chargeAdderTicks: number
  /** part of the day's steps that this battery may count on, where several plan on the same books; 0 to 1 */
  readonly share: number
}

/** λ of every interval of the day, and what the plan stores and takes out there. The arrays belong to the planner. */
export interface StoragePlan {
  readonly valueTicks: Float64Array
  /** net stored energy of the plan, positive when charging [Wh] */
  readonly storedChangeWh: Float64Array
}

/** Price of what is stored at the start: below every chain price, so that it is taken before anything is charged. */
const mustTakeTicks = -1_000_000
const valueRange = { floorTicks: 0, capTicks: 1_000_000, kNumerator: 5000 }

export class StoragePlanner {
  readonly #intervals: number
  readonly #network: Network
  readonly #engine: ClearingEngine
  readonly #book: Book
  readonly #prices: Float64Array
  readonly #plan: StoragePlan

  /** @param intervals length of the chain; @param steps most steps a day may have */
  constructor(intervals: number, steps: number) {
    this.#intervals = intervals
    this.#network = chain(intervals)
    this.#engine = new ClearingEngine(this.#network)
    this.#book = {
      count: 0,
      bus: new Int32Array(steps + 1),
      side: new Uint8Array(steps + 1),
      limitTicks: new Int32Array(steps + 1),
      quantityWh: new Float64Array(steps + 1),
      sequence: Float64Array.from({ length: steps + 1 }, (_, row) => row),
    }
    this.#prices = new Float64Array(intervals)
    this.#plan = { valueTicks: new Float64Array(intervals), storedChangeWh: new Float64Array(intervals) }
  }

  /** Plans one day on the steps it offers. */
  plan(battery: PlannedBattery, steps: DaySteps): StoragePlan {
    this.#network.capacityUpWh.fill(battery.storedWhMax, 1)
    this.#fillBook(battery, steps)
    const clearing = this.#engine.clear(this.#book)
    busPrices(this.#network, clearing, valueRange, this.#prices)
    const { valueTicks, storedChangeWh } = this.#plan
    storedChangeWh.fill(0)
    for (let interval = 0; interval < this.#intervals; interval++) {
      const bus = this.#busOf(interval)
      // Where no energy is to be had, nothing bounds its price from above: it is worth what one more Wh would earn.
      valueTicks[interval] =
        clearing.priceHighTicks[bus] === Infinity
          ? Math.max(valueRange.floorTicks, clearing.priceLowTicks[bus]!)
          : this.#prices[bus]!
    }
    for (let row = 0; row < steps.count; row++) {
      const interval = steps.interval[row]!
      const change = this.#book.side[row] === 1 ? clearing.acceptedWh[row]! : -clearing.acceptedWh[row]!
      storedChangeWh[interval] = storedChangeWh[interval]! + change
    }
    return this.#plan
  }

  #fillBook(battery: PlannedBattery, steps: DaySteps): void {
    const book = this.#book
    let interval = -1
    let chargeWhLeft = 0
    let dischargeWhLeft = 0
    for (let row = 0; row < steps.count; row++) {
      if (steps.interval[row] !== interval) {
        interval = steps.interval[row]!
        chargeWhLeft = battery.chargeWhMax
        // Steps climb in price; the battery sells to the dearest first, so cheap demand beyond its power is cut below.
        dischargeWhLeft = demandWhOf(steps, row, battery.share) - battery.dischargeWhMax
      }
      const isSupply = steps.isSupply[row] === 1
      const price = steps.priceTicks[row]!
      let gridWh = Math.floor(steps.energyWh[row]! * battery.share)
      if (isSupply) {
        gridWh = Math.min(gridWh, chargeWhLeft)
        chargeWhLeft -= gridWh
      } else {
        const cut = Math.min(gridWh, Math.max(0, dischargeWhLeft))
        dischargeWhLeft -= cut
        gridWh -= cut
      }
      book.bus[row] = this.#busOf(interval)
      book.side[row] = isSupply ? 1 : 0
      const limit = isSupply
        ? Math.ceil((price + battery.chargeAdderTicks) / battery.chargeEfficiency)
        : Math.floor(price * battery.dischargeEfficiency - battery.wearTicks)
      const storedWh = isSupply
        ? Math.floor(gridWh * battery.chargeEfficiency)
        : Math.floor(gridWh / battery.dischargeEfficiency)
      book.limitTicks[row] = limit
      // To leave energy in the battery costs nothing, so none is sold for less than its wear.
      book.quantityWh[row] = !isSupply && limit < 0 ? 0 : storedWh
    }
    book.count = steps.count
    if (battery.storedWh > 0) {
      const row = book.count++
      book.bus[row] = this.#busOf(0)
      book.side[row] = 1
      book.limitTicks[row] = mustTakeTicks
      book.quantityWh[row] = battery.storedWh
    }
  }

  /** Parents stand before children in a network, and energy moves up the chain in time: the last interval is the root. */
  #busOf(interval: number): number {
    return this.#intervals - 1 - interval
  }
}

function demandWhOf(steps: DaySteps, firstRow: number, share: number): number {
  let sum = 0
  for (let row = firstRow; row < steps.count && steps.interval[row] === steps.interval[firstRow]; row++) {
    if (steps.isSupply[row] === 0) sum += Math.floor(steps.energyWh[row]! * share)
  }
  return sum
}

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

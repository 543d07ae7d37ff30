/**
 * A battery's horizon as a book on a chain of intervals. Charging sells into the chain, discharging buys from it, what the
 * battery holds at the start must be sold and what must be left at the end must be bought:
 *
 *     charge       sells at ⌈(price + adder) / η_charge⌉,      quantity ⌊energy · η_charge⌋
 *     discharge    buys at  ⌊price · η_discharge − wear⌋,      quantity ⌊energy / η_discharge⌋     [ticks per stored kWh]
 *
 * Limits and quantities are rounded against the battery, so a plan never promises what it cannot do.
 */
import { storedWhMax, storedWhMin, type StorageSpec } from '../assets/storage.ts'
import { assert } from '../base/errors.ts'
import { hoursPerInterval } from '../base/units.ts'
import { ceilWhole, floorWhole } from '../base/whole.ts'
import { buySide, sellSide, widestTicks, type Orders } from '../market/book.ts'

export interface PlannedBattery {
  /** grid side, one interval [Wh] */
  readonly chargeWhMax: number
  readonly dischargeWhMax: number
  readonly chargeEfficiency: number
  readonly dischargeEfficiency: number
  /** stored energy above the lowest allowed, at the start and at most [Wh] */
  readonly storedWh: number
  readonly storedWhMax: number
  /** per kWh taken out of the battery */
  readonly wearTicks: number
  /** what a kWh bought costs beside its price [ticks] */
  readonly chargeAdderTicks: number
  /** part of the offered steps that this battery may count on, where several plan on the same books; 0 to 1 */
  readonly share: number
  /** what the horizon is to end with; by default anything, and it is worth nothing */
  readonly end?: HorizonEnd
}

/** Stored energy above the lowest allowed: 0 ≤ least ≤ most ≤ storedWhMax; least = most says exactly how much. */
export interface HorizonEnd {
  readonly leastWh: number
  readonly mostWh: number
  /** value of a stored kWh left beyond the least [ticks] */
  readonly worthTicks: number
}

/** A battery as a plan sees it, with what it holds and what its wear is worth to it. */
export function plannedBattery(spec: StorageSpec, storedWh: number, wearTicks: number): PlannedBattery {
  const powerWh = floorWhole(spec.powerKw * 1000 * hoursPerInterval)
  const lowestWh = storedWhMin(spec)
  return {
    chargeWhMax: powerWh,
    dischargeWhMax: powerWh,
    chargeEfficiency: spec.chargeEfficiency,
    dischargeEfficiency: spec.dischargeEfficiency,
    storedWh: Math.max(0, storedWh - lowestWh),
    storedWhMax: Math.max(0, storedWhMax(spec) - lowestWh),
    wearTicks,
    chargeAdderTicks: 0,
    share: 1,
  }
}

/** Price of discharges that must take place, whatever they earn. */
export const mustTicks = Infinity

export class StorageBook implements Orders {
  count = 0
  readonly bus: Int32Array
  readonly side: Uint8Array
  readonly limitTicks: Int32Array
  readonly quantityWh: Float64Array
  /** whether some interval may both charge and discharge, and gain by it */
  mayDoBoth = false
  /** rows of the battery itself: firstStep up to endStep; the start's before, the end's after */
  firstStep = 0
  endStep = 0
  /** of the limits that are not beyond every price */
  lowestTicks = 0
  highestTicks = 0
  readonly #intervals: number
  readonly #mustRows: Int32Array
  #mustCount = 0
  #beyondPowerWh = 0
  #interval = 0
  /** grid energy last asked for on each side, and what it stores or takes: often the same again [Wh] */
  #chargeWh = NaN
  #putInWh = 0
  #dischargeWh = NaN
  #takenOutWh = 0
  #cheapestCharge = Infinity
  #battery!: PlannedBattery

  /** @param steps most that a horizon may have */
  constructor(intervals: number, steps: number) {
    const rows = steps + 3
    this.#intervals = intervals
    this.bus = new Int32Array(rows)
    this.side = new Uint8Array(rows)
    this.limitTicks = new Int32Array(rows)
    this.quantityWh = new Float64Array(rows)
    this.#mustRows = new Int32Array(rows)
  }

  begin(battery: PlannedBattery): void {
    this.#battery = battery
    this.count = 0
    this.mayDoBoth = false
    this.#chargeWh = NaN
    this.#dischargeWh = NaN
    this.#mustCount = 0
    this.#beyondPowerWh = 0
    this.lowestTicks = 0
    this.highestTicks = battery.end?.worthTicks ?? 0
    this.lowestTicks = Math.min(0, this.highestTicks)
    this.interval(0)
    this.#push(sellSide, 0, battery.storedWh)
    this.firstStep = this.count
  }

  /** Begins an interval; its charges come before its discharges, its best discharge first. */
  interval(interval: number): void {
    this.#interval = interval
    this.#cheapestCharge = Infinity
  }

  /** @param gridWh whole [Wh] */
  charge(priceTicks: number, gridWh: number): void {
    const { chargeAdderTicks, chargeEfficiency } = this.#battery
    const limit = ceilWhole((priceTicks + chargeAdderTicks) / chargeEfficiency)
    if (gridWh !== this.#chargeWh) {
      this.#chargeWh = gridWh
      this.#putInWh = floorWhole(gridWh * chargeEfficiency)
    }
    const storedWh = this.#putInWh
    if (storedWh <= 0) return
    if (limit < this.#cheapestCharge) this.#cheapestCharge = limit
    if (limit < this.lowestTicks) this.lowestTicks = limit
    if (limit > this.highestTicks) this.highestTicks = limit
    this.#push(sellSide, limit, storedWh)
  }

  /** @param priceTicks {@link mustTicks} where the discharge is not optional */
  discharge(priceTicks: number, gridWh: number): void {
    const { wearTicks, dischargeEfficiency } = this.#battery
    if (priceTicks === mustTicks) {
      this.#mustRows[this.#mustCount++] = this.count
      this.#push(buySide, 0, ceilWhole(gridWh / dischargeEfficiency))
      if (this.#cheapestCharge < Infinity) this.mayDoBoth = true
      return
    }
    const limit = floorWhole(priceTicks * dischargeEfficiency - wearTicks)
    if (gridWh !== this.#dischargeWh) {
      this.#dischargeWh = gridWh
      this.#takenOutWh = floorWhole(gridWh / dischargeEfficiency)
    }
    const storedWh = this.#takenOutWh
    if (storedWh <= 0) return
    if (limit > this.#cheapestCharge) this.mayDoBoth = true
    if (limit < this.lowestTicks) this.lowestTicks = limit
    if (limit > this.highestTicks) this.highestTicks = limit
    this.#push(buySide, limit, storedWh)
  }

  /** What must be discharged and is more than the power, grid side. [Wh] */
  miss(gridWh: number): void {
    this.#beyondPowerWh += gridWh
  }

  /** Adds the end, and prices what must be beyond every other price, so that two changes of the rest never outweigh it. */
  finish(): void {
    const { storedWhMax, end } = this.#battery
    const { leastWh, mostWh, worthTicks } = end ?? { leastWh: 0, mostWh: storedWhMax, worthTicks: 0 }
    this.endStep = this.count
    this.#interval = this.#intervals - 1
    this.#mustRows[this.#mustCount++] = this.count
    this.#push(buySide, 0, leastWh)
    this.#push(buySide, worthTicks, mostWh - leastWh)
    const beyond = this.highestTicks - this.lowestTicks + 1
    assert(
      this.highestTicks + beyond <= widestTicks,
      () => `a price of ${this.highestTicks} ticks is too high to plan on`,
    )
    this.limitTicks[0] = this.lowestTicks - beyond
    for (let at = 0; at < this.#mustCount; at++)
      this.limitTicks[this.#mustRows[at]!] = this.highestTicks + beyond
  }

  /** Whether some energy has no price. */
  get hasMust(): boolean {
    return this.quantityWh[0]! > 0 || this.#mustCount > 1 || this.quantityWh[this.endStep]! > 0
  }

  /** Whether some interval both charges and discharges. */
  doesBoth(acceptedWh: Float64Array): boolean {
    let charging = -1
    for (let row = this.firstStep; row < this.endStep; row++) {
      if (acceptedWh[row] === 0) continue
      if (this.side[row] === sellSide) charging = this.bus[row]!
      else if (this.bus[row] === charging) return true
    }
    return false
  }

  /** Leaves one side to every interval that would gain by doing both. */
  keepSides(sides: Uint8Array): void {
    const gains = this.#gainingByBoth(sides.length)
    for (let row = this.firstStep; row < this.endStep; row++) {
      const interval = this.bus[row]!
      if (gains[interval] === 1 && this.side[row] !== sides[interval]) this.quantityWh[row] = 0
    }
  }

  #gainingByBoth(intervals: number): Uint8Array {
    const gains = new Uint8Array(intervals)
    const cheapest = new Float64Array(intervals).fill(Infinity)
    for (let row = this.firstStep; row < this.endStep; row++) {
      const interval = this.bus[row]!
      const limit = this.limitTicks[row]!
      if (this.side[row] === sellSide) cheapest[interval] = Math.min(cheapest[interval]!, limit)
      else if (limit > cheapest[interval]!) gains[interval] = 1
    }
    return gains
  }

  /** What was to be discharged or left and is not. [Wh] */
  missingWh(acceptedWh: Float64Array): number {
    let sum = this.#beyondPowerWh
    for (let at = 0; at < this.#mustCount; at++) {
      const row = this.#mustRows[at]!
      sum += this.quantityWh[row]! - acceptedWh[row]!
    }
    return sum
  }

  #push(side: number, limitTicks: number, storedWh: number): void {
    const row = this.count++
    this.bus[row] = this.#interval
    this.side[row] = side
    this.limitTicks[row] = limitTicks
    this.quantityWh[row] = storedWh
  }
}

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
import { fail } from '../base/errors.ts'
import { hoursPerInterval } from '../base/units.ts'
import { ceilWhole, floorWhole } from '../base/whole.ts'
import { widestTicks } from '../market/book.ts'
import { buyKey, isSell, limitOf, sellKey, type ChainOrders } from '../market/clear-chain.ts'
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

/** What of a battery its book rests on beside the energy at the start. */
const constants = [
  'chargeWhMax',
  'dischargeWhMax',
  'chargeEfficiency',
  'dischargeEfficiency',
  'storedWhMax',
  'wearTicks',
  'chargeAdderTicks',
  'share',
  'end',
] as const satisfies readonly (keyof PlannedBattery)[]

/** Price of discharges that must take place, whatever they earn. */
export const mustTicks = Infinity

export class StorageBook implements ChainOrders {
  count = 0
  readonly bus: Int32Array
  readonly key: Int32Array
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
  /** of what is left at the end; stands for the price of what must be until the range of prices is known */
  #worthTicks = 0
  #battery!: PlannedBattery
  /** whether every interval has all its sides */
  #isWhole = false

  /** @param steps most that a horizon may have */
  constructor(intervals: number, steps: number) {
    const rows = steps + 3
    this.#intervals = intervals
    this.bus = new Int32Array(rows)
    this.key = new Int32Array(rows)
    this.quantityWh = new Float64Array(rows)
    this.#mustRows = new Int32Array(rows)
  }

  /**
   * Takes another start of the same battery into a finished book.
   *
   * @returns false where more than the energy at the start has changed, or the book is no longer what was offered
   */
  restart(battery: PlannedBattery): boolean {
    if (!this.#isWhole || !constants.every((key) => battery[key] === this.#battery[key])) return false
    this.#battery = battery
    this.quantityWh[0] = battery.storedWh
    return true
  }

  begin(battery: PlannedBattery): void {
    this.#isWhole = true
    this.#battery = battery
    this.mayDoBoth = false
    this.#mustCount = 0
    this.#beyondPowerWh = 0
    this.#worthTicks = battery.end?.worthTicks ?? 0
    this.count = 0
    this.#put(0, sellKey(this.#worthTicks), battery.storedWh)
    this.firstStep = 1
  }

  /**
   * Adds what every interval offers: its charges the cheapest first, up to the battery's power, then its discharges the dearest
   * first. Written out in one piece, since it takes as long as the clearing.
   */
  addSteps({ interval, isSupply, priceTicks, energyWh, count }: DaySteps): void {
    const { share, chargeWhMax, dischargeWhMax, chargeAdderTicks, wearTicks } = this.#battery
    const { chargeEfficiency, dischargeEfficiency } = this.#battery
    const { bus, key, quantityWh } = this
    const farthest = widestTicks
    let isFar = false
    let to = this.count
    // Every array is touched before the loop, or its place and length are looked up at every turn.
    bus[to] = interval[0]!
    key[to] = isSupply[0]!
    quantityWh[to] = priceTicks[0]! + energyWh[0]!
    for (let row = 0; row < count;) {
      const first = row
      const at = interval[row]!
      let cheapest = Infinity
      let leftWh = chargeWhMax
      for (; row < count && interval[row] === at; row++) {
        if (isSupply[row] === 0) continue
        const gridWh = Math.min(leftWh, Math.floor(energyWh[row]! * share))
        leftWh -= gridWh
        const storedWh = floorWhole(gridWh * chargeEfficiency)
        if (storedWh <= 0) continue
        const limit = ceilWhole((priceTicks[row]! + chargeAdderTicks) / chargeEfficiency)
        if (!(Math.abs(limit) <= farthest)) isFar = true
        if (limit < cheapest) cheapest = limit
        bus[to] = at
        key[to] = sellKey(limit)
        quantityWh[to] = storedWh
        to++
      }
      // Steps climb in price; the battery sells to the dearest first.
      leftWh = dischargeWhMax
      for (let from = row - 1; from >= first; from--) {
        if (isSupply[from] === 1) continue
        const isMust = priceTicks[from] === mustTicks
        const wantedWh = Math.floor(energyWh[from]! * share)
        const gridWh = Math.min(leftWh, wantedWh)
        leftWh -= gridWh
        const takenWh = gridWh / dischargeEfficiency
        if (isMust) this.#must(to, wantedWh - gridWh)
        else if (floorWhole(takenWh) <= 0) continue
        const limit = isMust
          ? this.#worthTicks
          : floorWhole(priceTicks[from]! * dischargeEfficiency - wearTicks)
        if (!(Math.abs(limit) <= farthest)) isFar = true
        if (cheapest < (isMust ? Infinity : limit)) this.mayDoBoth = true
        bus[to] = at
        key[to] = buyKey(limit)
        quantityWh[to] = isMust ? ceilWhole(takenWh) : floorWhole(takenWh)
        to++
      }
    }
    if (isFar) failOnRange()
    this.count = to
  }

  /** @param beyondPowerWh what of it is more than the power, grid side [Wh] */
  #must(row: number, beyondPowerWh: number): void {
    this.#mustRows[this.#mustCount++] = row
    this.#beyondPowerWh += beyondPowerWh
  }

  /**
   * Adds intervals at whose prices any energy is bought and sold.
   *
   * @param priceTicks one an interval
   */
  addPrices(priceTicks: ArrayLike<number>): void {
    const { chargeEfficiency, dischargeEfficiency, chargeAdderTicks, wearTicks } = this.#battery
    const { bus, key, quantityWh } = this
    const storedWh = floorWhole(this.#battery.chargeWhMax * chargeEfficiency)
    const takenWh = floorWhole(this.#battery.dischargeWhMax / dischargeEfficiency)
    const intervals = this.#intervals
    const farthest = widestTicks
    // A side without power has no price.
    const unpriced = this.#worthTicks
    let to = this.count
    let isAbove = false
    let isFar = false
    for (let at = 0; at < intervals; at++) {
      const price = priceTicks[at]!
      const charge = ceilWhole((price + chargeAdderTicks) / chargeEfficiency)
      const discharge = floorWhole(price * dischargeEfficiency - wearTicks)
      if (discharge > charge) isAbove = true
      if (!(Math.abs(charge) <= farthest && discharge >= -farthest)) isFar = true
      bus[to] = at
      key[to] = sellKey(storedWh > 0 ? charge : unpriced)
      quantityWh[to] = storedWh
      bus[to + 1] = at
      key[to + 1] = buyKey(takenWh > 0 ? discharge : unpriced)
      quantityWh[to + 1] = takenWh
      to += 2
    }
    if (isFar) failOnRange()
    this.count = to
    this.mayDoBoth = isAbove && storedWh > 0 && takenWh > 0
  }

  /** Adds the end, and prices what must be beyond every other price, so that two changes of the rest never outweigh it. */
  finish(): void {
    const { storedWhMax, end } = this.#battery
    const { leastWh, mostWh } = end ?? { leastWh: 0, mostWh: storedWhMax }
    const last = this.#intervals - 1
    this.endStep = this.count
    this.#mustRows[this.#mustCount++] = this.count
    this.#put(last, buyKey(this.#worthTicks), leastWh)
    this.#put(last, buyKey(this.#worthTicks), mostWh - leastWh)
    this.#findRange()
    const beyond = this.highestTicks - this.lowestTicks + 1
    if (this.highestTicks + beyond > widestTicks || this.lowestTicks - beyond < -widestTicks) failOnRange()
    this.key[0] = sellKey(this.lowestTicks - beyond)
    const mustKey = buyKey(this.highestTicks + beyond)
    for (let at = 0; at < this.#mustCount; at++) this.key[this.#mustRows[at]!] = mustKey
  }

  #findRange(): void {
    const { key, count } = this
    let lowest = Math.min(buyKey(0), buyKey(this.#worthTicks))
    let highest = sellKey(this.#worthTicks)
    for (let row = 0; row < count; row++) {
      const own = key[row]!
      if (own < lowest) lowest = own
      if (own > highest) highest = own
    }
    this.lowestTicks = lowest >> 1
    this.highestTicks = highest >> 1
  }

  /** Whether some energy has no price. */
  get hasMust(): boolean {
    return this.quantityWh[0]! > 0 || this.#mustCount > 1 || this.quantityWh[this.endStep]! > 0
  }

  /** Whether some interval both charges and discharges. */
  doesBoth(switchedWh: Float64Array): boolean {
    let charging = -1
    for (let row = this.firstStep; row < this.endStep; row++) {
      const isMoved = isSell(this.key[row]!) ? switchedWh[row]! > 0 : switchedWh[row]! < this.quantityWh[row]!
      if (!isMoved) continue
      if (isSell(this.key[row]!)) charging = this.bus[row]!
      else if (this.bus[row] === charging) return true
    }
    return false
  }

  /** Leaves one side to every interval that would gain by doing both. */
  keepSides(sides: Uint8Array): void {
    this.#isWhole = false
    const gains = this.#gainingByBoth(sides.length)
    for (let row = this.firstStep; row < this.endStep; row++) {
      const interval = this.bus[row]!
      if (gains[interval] === 1 && (this.key[row]! & 1) !== sides[interval]) this.quantityWh[row] = 0
    }
  }

  #gainingByBoth(intervals: number): Uint8Array {
    const gains = new Uint8Array(intervals)
    const cheapest = new Float64Array(intervals).fill(Infinity)
    for (let row = this.firstStep; row < this.endStep; row++) {
      const interval = this.bus[row]!
      const limit = limitOf(this.key[row]!)
      if (isSell(this.key[row]!)) cheapest[interval] = Math.min(cheapest[interval]!, limit)
      else if (limit > cheapest[interval]!) gains[interval] = 1
    }
    return gains
  }

  /** Takes what is there at the start and what is left at the end out of what the intervals change. */
  leaveOutEnds(changeWh: Float64Array, switchedWh: Float64Array): void {
    const last = this.#intervals - 1
    changeWh[0] = changeWh[0]! - switchedWh[0]!
    for (let row = this.endStep; row < this.count; row++) {
      changeWh[last] = changeWh[last]! + (this.quantityWh[row]! - switchedWh[row]!)
    }
  }

  /** What was to be discharged or left and is not. [Wh] */
  missingWh(switchedWh: Float64Array): number {
    let sum = this.#beyondPowerWh
    for (let at = 0; at < this.#mustCount; at++) sum += switchedWh[this.#mustRows[at]!]!
    return sum
  }

  #put(interval: number, key: number, storedWh: number): void {
    const row = this.count++
    this.bus[row] = interval
    this.key[row] = key
    this.quantityWh[row] = storedWh
  }
}

/** Asked for after a loop: a call within one, even if never made, has every array looked up anew at each turn. */
function failOnRange(): never {
  fail(`prices, and what must be beyond them, must lie within ±${widestTicks} ticks`)
}

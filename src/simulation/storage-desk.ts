/**
 * A battery in the market: once a day it plans on yesterday's published books, then bids the value of its stored
 * energy, on one side per interval (1656号 Art. 30), and holds what its settled trades leave in it.
 */
import { intervalsPerDay, rateE8PerTick } from '../base/units.ts'
import { ceilWhole, floorWhole } from '../base/whole.ts'
import { stepStorage, storageLimits } from '../assets/storage.ts'
import type { StorageUnit } from '../scenario/zone.ts'
import type { DaySteps } from '../strategy/day-steps.ts'
import type { StoragePlanner } from '../strategy/storage-plan.ts'
import type { Adders } from '../settlement/postings.ts'

export interface StorageBid {
  /** 0 buy, 1 sell */
  side: 0 | 1
  limitTicks: number
  quantityWh: number
}

export class StorageDesk {
  readonly unit: StorageUnit
  readonly account: number
  /** its part of all batteries' power: each plans on its part of the day's energy */
  readonly #share: number
  readonly #lowTicks = new Float64Array(intervalsPerDay)
  readonly #highTicks = new Float64Array(intervalsPerDay)
  readonly #plannedWh = new Float64Array(intervalsPerDay)
  readonly #firstSupplyTicks = new Float64Array(intervalsPerDay)
  readonly #bid: StorageBid = { side: 0, limitTicks: 0, quantityWh: 0 }
  #hasPlan = false
  storedWh: number

  constructor(unit: StorageUnit, account: number, share: number) {
    this.unit = unit
    this.account = account
    this.#share = share
    this.storedWh = Math.floor(unit.spec.energyKwh * 1000 * unit.spec.initialSoc)
  }

  /** Share of a bought kWh that will be lost in the battery. */
  get lossShare(): number {
    return 1 - this.unit.spec.chargeEfficiency * this.unit.spec.dischargeEfficiency
  }

  /** Plans the coming day on what yesterday offered. */
  planDay(planner: StoragePlanner, yesterday: DaySteps, feeTicks: number): void {
    const { spec, wearTicks } = this.unit
    const lowestWh = Math.ceil(spec.energyKwh * 1000 * spec.minSoc)
    const plan = planner.plan(
      {
        chargeWhMax: Math.floor(spec.powerKw * 250),
        dischargeWhMax: Math.floor(spec.powerKw * 250),
        chargeEfficiency: spec.chargeEfficiency,
        dischargeEfficiency: spec.dischargeEfficiency,
        storedWh: Math.max(0, this.storedWh - lowestWh),
        storedWhMax: Math.floor(spec.energyKwh * 1000 * spec.maxSoc) - lowestWh,
        wearTicks,
        chargeAdderTicks: Math.ceil(feeTicks),
        share: this.#share,
      },
      yesterday,
    )
    this.#lowTicks.set(plan.lowTicks)
    this.#highTicks.set(plan.highTicks)
    this.#plannedWh.set(plan.storedChangeWh)
    this.#firstSupplyTicks.fill(Infinity)
    for (let row = yesterday.count - 1; row >= 0; row--) {
      if (yesterday.isSupply[row] === 1)
        this.#firstSupplyTicks[yesterday.interval[row]!] = yesterday.priceTicks[row]!
    }
    this.#hasPlan = true
  }

  /** The bid of one quarter of the day, or null when the battery stays out. The object is reused. */
  bid(quarter: number, feeTicks: number): StorageBid | null {
    if (!this.#hasPlan) return null
    const { spec, wearTicks } = this.unit
    const limits = storageLimits(spec, this.storedWh)
    const lowTicks = this.#lowTicks[quarter]!
    const highTicks = this.#highTicks[quarter]!
    const buyTicks = floorWhole(lowTicks * spec.chargeEfficiency - feeTicks)
    // Nothing bounds the value of energy that the plan did not have; it is worth what one more Wh would earn.
    const keptTicks = highTicks === Infinity ? lowTicks : highTicks
    const bid = this.#bid
    bid.side = this.#buys(quarter, buyTicks) ? 0 : 1
    bid.limitTicks = bid.side === 0 ? buyTicks : ceilWhole((keptTicks + wearTicks) / spec.dischargeEfficiency)
    bid.quantityWh = bid.side === 0 ? limits.chargeWhMax : limits.dischargeWhMax
    return bid.quantityWh > 0 ? bid : null
  }

  /** The plan's side; where it rests, the side on which yesterday's book would have met the limit. */
  #buys(quarter: number, buyTicks: number): boolean {
    const planned = this.#plannedWh[quarter]!
    return planned === 0 ? this.#firstSupplyTicks[quarter]! <= buyTicks : planned > 0
  }

  /** Moves the stored energy by what was settled; returns the energy lost. */
  settle(boughtWh: number, soldWh: number): number {
    const step = stepStorage(this.unit.spec, this.storedWh, boughtWh, soldWh)
    this.storedWh = step.storedWh
    return step.lostWh
  }

  /** Energy of a purchase on which the fees of a final consumer are paid: all of it, or the part that will be lost. */
  feeBearingWh(boughtWh: number, exempt: boolean): number {
    const { chargeEfficiency, dischargeEfficiency } = this.unit.spec
    return exempt ? boughtWh - Math.floor(boughtWh * chargeEfficiency * dischargeEfficiency) : boughtWh
  }

  /** Fees on one bought kWh on average, in ticks, so that a bid leaves the battery whole. */
  feeTicks(exempt: boolean, withdrawalTicks: number, adders: Adders): number {
    const all = withdrawalTicks + (adders.lineLossE8 + adders.systemE8 + adders.fundsE8) / rateE8PerTick
    return exempt ? all * this.lossShare : all
  }
}

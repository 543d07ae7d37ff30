/**
 * A battery in the market: it plans over a rolling horizon on what others are expected to want and offer, bids the value of its
 * stored energy on one side per interval (1656号 Art. 30), and holds what its settled trades leave in it.
 */
import { rateE8PerTick } from '../base/units.ts'
import { ceilWhole, floorWhole } from '../base/whole.ts'
import { initialStoredWh, stepStorage, storageLimits, storedAfterCharge } from '../assets/storage.ts'
import type { StorageUnit } from '../scenario/zone.ts'
import type { DaySteps } from '../strategy/day-steps.ts'
import { plannedBattery } from '../strategy/storage-book.ts'
import type { StoragePlanner } from '../strategy/storage-plan.ts'
import type { Adders } from '../settlement/postings.ts'

export interface StorageBid {
  /** 0 buy, 1 sell */
  side: 0 | 1
  limitTicks: number
  /** what the plan moves, at the limit */
  plannedWh: number
  /** the rest of power and energy, which is worth it only a tick better */
  spareWh: number
}

/** Of its energy, by how much a battery may be off its plan before it plans anew. */
const onTrackShare = 0.02

export class StorageDesk {
  readonly unit: StorageUnit
  readonly account: number
  /** its part of all batteries' power: each plans on its part of the expected energy */
  readonly #share: number
  /** the plan, from its first interval on */
  readonly #lowTicks: Float64Array
  readonly #highTicks: Float64Array
  readonly #plannedWh: Float64Array
  /** cheapest supply and dearest demand that are expected, ∞ and −∞ where there is none */
  readonly #supplyTicks: Float64Array
  readonly #demandTicks: Float64Array
  readonly #bid: StorageBid = { side: 0, limitTicks: 0, plannedWh: 0, spareWh: 0 }
  #plannedFrom = -Infinity
  /** held at the start of the plan [Wh] */
  #startWh = 0
  storedWh: number

  constructor(unit: StorageUnit, account: number, share: number) {
    this.unit = unit
    this.account = account
    this.#share = share
    this.storedWh = initialStoredWh(unit.spec)
    const column = () => new Float64Array(unit.plan.horizonIntervals)
    this.#lowTicks = column()
    this.#highTicks = column()
    this.#plannedWh = column()
    this.#supplyTicks = column()
    this.#demandTicks = column()
  }

  /** Share of a bought kWh that will be lost in the battery. */
  get lossShare(): number {
    return 1 - this.unit.spec.chargeEfficiency * this.unit.spec.dischargeEfficiency
  }

  /** Whether half of the plan is still to come, and the battery holds about what it was to hold by now. */
  isOnTrack(interval: number): boolean {
    const at = interval - this.#plannedFrom
    if (!(2 * at < this.#plannedWh.length)) return false
    let expectedWh = this.#startWh
    for (let passed = 0; passed < at; passed++) expectedWh += this.#plannedWh[passed]!
    return Math.abs(this.storedWh - expectedWh) <= onTrackShare * this.unit.spec.energyKwh * 1000
  }

  /** Plans the horizon that begins with an interval, on steps that nobody changes. */
  planFrom(interval: number, expected: DaySteps, planner: StoragePlanner, feeTicks: number): void {
    const { spec, dispatchTicks } = this.unit
    const battery = {
      ...plannedBattery(spec, this.storedWh, dispatchTicks),
      chargeAdderTicks: Math.ceil(feeTicks),
      share: this.#share,
    }
    const plan = planner.planOn(battery, expected)
    this.#lowTicks.set(plan.lowTicks)
    this.#highTicks.set(plan.highTicks)
    this.#plannedWh.set(plan.storedChangeWh)
    this.#supplyTicks.fill(Infinity)
    this.#demandTicks.fill(-Infinity)
    // Steps of an interval climb in price.
    for (let row = expected.count - 1; row >= 0; row--) {
      const at = expected.interval[row]!
      const price = expected.priceTicks[row]!
      if (expected.isSupply[row] === 1) this.#supplyTicks[at] = price
      else if (price > this.#demandTicks[at]!) this.#demandTicks[at] = price
    }
    this.#plannedFrom = interval
    this.#startWh = this.storedWh
  }

  /** The bid of an interval, or null when the battery stays out. The object is reused. */
  bid(interval: number, feeTicks: number): StorageBid | null {
    const at = interval - this.#plannedFrom
    if (!(at < this.#lowTicks.length)) return null
    const bid = this.#bid
    const buyTicks = this.#buyTicks(at, feeTicks)
    const sellTicks = this.#sellTicks(at)
    bid.side = this.#buys(at, buyTicks, sellTicks) ? 0 : 1
    bid.limitTicks = bid.side === 0 ? buyTicks : sellTicks
    const mostWh = this.#mostWh(bid.side)
    bid.plannedWh = Math.min(mostWh, this.#plannedGridWh(at))
    bid.spareWh = mostWh - bid.plannedWh
    return mostWh > 0 ? bid : null
  }

  /** What it can take or give, and nothing where the last Wh of its room would be lost on the way. [Wh] */
  #mostWh(side: 0 | 1): number {
    const { spec } = this.unit
    const { chargeWhMax, dischargeWhMax } = storageLimits(spec, this.storedWh)
    if (side === 1) return dischargeWhMax
    return storedAfterCharge(spec, chargeWhMax) > 0 ? chargeWhMax : 0
  }

  /** Grid energy that the plan moves, on whichever side it does. [Wh] */
  #plannedGridWh(at: number): number {
    const { chargeEfficiency, dischargeEfficiency } = this.unit.spec
    const planned = this.#plannedWh[at]!
    return planned > 0 ? ceilWhole(planned / chargeEfficiency) : floorWhole(-planned * dischargeEfficiency)
  }

  /** What a kWh may cost, so that it is worth it even at the lowest value of what it stores. */
  #buyTicks(at: number, feeTicks: number): number {
    return floorWhole(this.#lowTicks[at]! * this.unit.spec.chargeEfficiency - feeTicks)
  }

  /** What a kWh must bring, so that it is worth it even at the highest value of what it takes. */
  #sellTicks(at: number): number {
    const { spec, dispatchTicks } = this.unit
    const highTicks = this.#highTicks[at]!
    // Nothing bounds the value of energy that the plan did not have; it is worth what one more Wh would earn.
    const keptTicks = highTicks === Infinity ? this.#lowTicks[at]! : highTicks
    return ceilWhole((keptTicks + dispatchTicks) / spec.dischargeEfficiency)
  }

  /** The plan's side; where it rests, the side whose limit is nearer to what is expected. */
  #buys(at: number, buyTicks: number, sellTicks: number): boolean {
    const planned = this.#plannedWh[at]!
    if (planned !== 0) return planned > 0
    return this.#supplyTicks[at]! - buyTicks <= sellTicks - this.#demandTicks[at]!
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

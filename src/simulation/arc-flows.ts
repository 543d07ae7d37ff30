/**
 * What the meters say flows over every arc. Trades move no metered energy (a kWh bought next door comes over the same
 * wires), so the flows of two runs differ only by what batteries and other dispatched assets do.
 *
 *     export of a bus = Σ sent out below it − Σ bought below it ± batteries below it
 */
import { addTo } from '../base/columns.ts'
import { intervalsPerDay, limitWhOf } from '../base/units.ts'
import { ReadingsOfDay, type Readings } from './readings.ts'
import type { RunState } from './run-state.ts'
import type { Seller, World } from './world.ts'

/** One column a quantity, one entry a bus: its arc to the parent, at the root all that the zone exchanges. */
export interface ArcFlows {
  /** energy up, towards the higher voltage, and down [Wh] */
  readonly upWh: Float64Array
  readonly downWh: Float64Array
  /** highest quarter-hour [Wh] */
  readonly highestUpWh: Float64Array
  readonly highestDownWh: Float64Array
  /** quarter-hours in which energy flows up, and in which more flows than the wire carries */
  readonly reverseIntervals: Uint32Array
  readonly overIntervals: Uint32Array
}

export class ArcMeters {
  readonly flows: ArcFlows
  readonly #parents: Int32Array
  readonly #buyerBus: Int32Array
  readonly #sellerBus: Int32Array
  readonly #upWhMax: Float64Array
  readonly #downWhMax: Float64Array
  readonly #exportWh: Float64Array

  constructor({ zone, buyers }: World, sellers: readonly Seller[]) {
    const column = () => new Float64Array(zone.buses.length)
    this.flows = {
      upWh: column(),
      downWh: column(),
      highestUpWh: column(),
      highestDownWh: column(),
      reverseIntervals: new Uint32Array(zone.buses.length),
      overIntervals: new Uint32Array(zone.buses.length),
    }
    this.#upWhMax = Float64Array.from(zone.buses, (bus) => thermalWh(bus.capacityUpKw))
    this.#downWhMax = Float64Array.from(zone.buses, (bus) => thermalWh(bus.capacityDownKw))
    this.#parents = Int32Array.from(zone.buses, (bus) => bus.parent)
    this.#buyerBus = Int32Array.from(buyers, (buyer) => buyer.bus)
    this.#sellerBus = Int32Array.from(sellers, (seller) => seller.bus)
    this.#exportWh = column()
  }

  /** Forgets the interval before and takes the meters of participants. */
  begin({ boughtWh, sentWh }: Readings): void {
    const exportWh = this.#exportWh
    exportWh.fill(0)
    for (let who = 0; who < boughtWh.length; who++) exportWh[this.#buyerBus[who]!]! -= boughtWh[who]!
    for (let who = 0; who < sentWh.length; who++) exportWh[this.#sellerBus[who]!]! += sentWh[who]!
  }

  /** @param energyWh what a battery at a bus sends out, negative where it charges or where PV is turned down */
  add(bus: number, energyWh: number): void {
    addTo(this.#exportWh, bus, energyWh)
  }

  /** Notes the interval: children stand behind parents, so one pass backward goes up the tree. */
  end(): void {
    const exportWh = this.#exportWh
    const { upWh, downWh, highestUpWh, highestDownWh, reverseIntervals, overIntervals } = this.flows
    for (let bus = exportWh.length - 1; bus >= 0; bus--) {
      const flow = exportWh[bus]!
      const parent = this.#parents[bus]!
      if (parent >= 0) exportWh[parent]! += flow
      if (flow > this.#upWhMax[bus]! || -flow > this.#downWhMax[bus]!) overIntervals[bus]!++
      if (flow > 0) {
        upWh[bus]! += flow
        reverseIntervals[bus]!++
        if (flow > highestUpWh[bus]!) highestUpWh[bus] = flow
      } else {
        downWh[bus]! -= flow
        if (-flow > highestDownWh[bus]!) highestDownWh[bus] = -flow
      }
    }
  }
}

/** What a wire carries in a quarter-hour. A limit of 0 is the rule against reverse flow (不得反送), which binds trades alone. */
function thermalWh(capacityKw: number | null): number {
  return capacityKw === null || capacityKw === 0 ? Infinity : limitWhOf(capacityKw)
}

/** The flows of a run in which no battery trades. */
export function flowsWithoutMarket({ world, sellers }: RunState): ArcFlows {
  const meters = new ArcMeters(world, sellers)
  const readings = new ReadingsOfDay(world, sellers)
  for (let interval = 0; interval < world.zone.calendar.intervals; interval++) {
    const quarter = interval % intervalsPerDay
    if (quarter === 0) readings.load(interval)
    meters.begin(readings.at(quarter))
    for (let who = 0; who < sellers.length; who++) {
      const { bus, outsideE8, curtailBelowE8, meteredWh } = sellers[who]!
      if (outsideE8[interval]! < curtailBelowE8) meters.add(bus, -meteredWh[interval]!)
    }
    meters.end()
  }
  return meters.flows
}

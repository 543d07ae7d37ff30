/**
 * Desks of loads that follow prices: each plans a day at a time on the prices it expects, on a horizon that looks past the
 * day's end, and does what it planned for the day. They know their own vehicles and weather ahead.
 */
import { intervalsPerDay } from '../base/units.ts'
import { emptySchedule } from '../assets/charging/schedule.ts'
import { cooledC, energyRangeWh, goodsHeatKw, middleC } from '../assets/cold-store.ts'
import { planCharging } from '../strategy/charging-plan.ts'
import { ColdPlanner } from '../strategy/cold-plan.ts'
import {
  chargingYear,
  coldYear,
  type ChargingSite,
  type ColdRoom,
  type FlexibleLoad,
  type LoadYear,
} from './flexible-loads.ts'

/** Days of prices that a desk wants to see. */
export const horizonDays = 3
const horizon = horizonDays * intervalsPerDay

export interface LoadDesk {
  readonly enterprise: number
  /**
   * Decides on a day; days follow each other.
   *
   * @param priceTicks expected price of every interval of the horizon
   * @returns energy of each quarter; the array is the desk's own and filled anew at the next call [Wh]
   */
  planDay(firstInterval: number, priceTicks: Float64Array): Int32Array
  /** what was done on all days so far */
  year(): LoadYear
}

export function openDesk(load: FlexibleLoad, intervals: number): LoadDesk {
  return load.kind === 'charging' ? new ChargingDesk(load, intervals) : new ColdDesk(load, intervals)
}

/** Plans for who is there and for who comes today and tomorrow, so that tomorrow's crowd is left its room. */
class ChargingDesk implements LoadDesk {
  readonly enterprise: number
  readonly #site: ChargingSite
  readonly #intervals: number
  readonly #done
  readonly #leftWh: Float64Array
  readonly #dayWh = new Int32Array(intervalsPerDay)
  #open: number[] = []
  #next = 0

  constructor(site: ChargingSite, intervals: number) {
    this.enterprise = site.enterprise
    this.#site = site
    this.#intervals = intervals
    this.#done = emptySchedule(site.sessions)
    this.#leftWh = Float64Array.from(site.sessions, (session) => session.energyWh)
  }

  planDay(firstInterval: number, priceTicks: Float64Array): Int32Array {
    const { sessions, siteWh } = this.#site
    this.#takeIn(firstInterval)
    const own = this.#open
    const seen = own.map((at) => {
      const { vehicle, arrival, departure, powerWh } = sessions[at]!
      return {
        vehicle,
        arrival: Math.max(0, arrival - firstInterval),
        departure: departure - firstInterval,
        energyWh: this.#leftWh[at]!,
        powerWh,
      }
    })
    const { chargeWh } = planCharging({ sessions: seen, siteWh, priceTicks })
    this.#dayWh.fill(0)
    own.forEach((at, row) => this.#charge(at, chargeWh[row]!, firstInterval))
    return this.#dayWh
  }

  /** Sessions of today and tomorrow, and those still there. */
  #takeIn(firstInterval: number): void {
    const { sessions } = this.#site
    while (
      this.#next < sessions.length &&
      sessions[this.#next]!.arrival < firstInterval + 2 * intervalsPerDay
    ) {
      this.#open.push(this.#next++)
    }
    this.#open = this.#open.filter((at) => sessions[at]!.departure > firstInterval && this.#leftWh[at]! > 0)
  }

  /** Does what was planned for the day, and only that. */
  #charge(at: number, plannedWh: Int32Array, firstInterval: number): void {
    const { arrival } = this.#site.sessions[at]!
    const start = Math.max(arrival, firstInterval)
    const end = Math.min(firstInterval + intervalsPerDay, start + plannedWh.length)
    for (let interval = start; interval < end; interval++) {
      const energyWh = plannedWh[interval - start]!
      this.#done.chargeWh[at]![interval - arrival] = energyWh
      this.#leftWh[at]! -= energyWh
      this.#dayWh[interval - firstInterval]! += energyWh
    }
  }

  year(): LoadYear {
    return chargingYear(this.#site, this.#done, this.#intervals)
  }
}

/** Plans to the end of its horizon at the middle of the band, and keeps the band whatever was planned. */
class ColdDesk implements LoadDesk {
  readonly enterprise: number
  readonly #room: ColdRoom
  readonly #planner = new ColdPlanner(horizon)
  readonly #airTempC = new Float64Array(horizon)
  readonly #heatKw: Float64Array
  readonly #dayWh = new Int32Array(intervalsPerDay)
  readonly #doneWh: Int32Array
  #tempC: number

  constructor(room: ColdRoom, intervals: number) {
    this.enterprise = room.enterprise
    this.#room = room
    this.#heatKw = Float64Array.from({ length: horizon }, (_, at) =>
      goodsHeatKw(room.store, at % intervalsPerDay),
    )
    this.#doneWh = new Int32Array(intervals)
    this.#tempC = middleC(room.store)
  }

  planDay(firstInterval: number, priceTicks: Float64Array): Int32Array {
    const { store } = this.#room
    this.#lookAhead(firstInterval)
    const plannedWh = this.#planner.plan({
      store,
      tempC: this.#tempC,
      airTempC: this.#airTempC,
      heatKw: this.#heatKw,
      priceTicks,
      endC: middleC(store),
    })
    for (let quarter = 0; quarter < intervalsPerDay; quarter++) {
      const air = { airTempC: this.#airTempC[quarter]!, heatKw: this.#heatKw[quarter]! }
      const { leastWh, mostWh } = energyRangeWh(store, this.#tempC, air)
      const energyWh = Math.max(leastWh, Math.min(mostWh, Math.round(plannedWh[quarter]!)))
      this.#tempC = cooledC(store, this.#tempC, air, energyWh)
      this.#dayWh[quarter] = energyWh
    }
    this.#doneWh.set(this.#dayWh, firstInterval)
    return this.#dayWh
  }

  /** The weather of the horizon; beyond the run's end its last day comes again. */
  #lookAhead(firstInterval: number): void {
    const { airTempC } = this.#room
    for (let at = 0; at < horizon; at++) {
      const last = airTempC.length - intervalsPerDay + (at % intervalsPerDay)
      this.#airTempC[at] = airTempC[Math.min(firstInterval + at, last)]!
    }
  }

  year(): LoadYear {
    return coldYear(this.#room, this.#doneWh)
  }
}

/**
 * Loads that are machines: what happens at a charging site and in a cold store, before anybody decides when. Grown with
 * the physical year; a desk decides for those that follow prices.
 */
import { randomStream } from '../base/random.ts'
import { hoursPerInterval } from '../base/units.ts'
import {
  chargeOnArrival,
  serviceOf,
  siteLoadWh,
  type ChargingSchedule,
  type ChargingService,
} from '../assets/charging/schedule.ts'
import { drawSessions, type ChargingSession } from '../assets/charging/sessions.ts'
import {
  coldServiceOf,
  middleC,
  thermostatWh,
  type ColdService,
  type ColdStore,
} from '../assets/cold-store.ts'
import type { Weather } from '../assets/weather/types.ts'
import { isByPrice } from '../scenario/flexible.ts'
import type { Enterprise, Zone } from '../scenario/zone.ts'

export interface ChargingSite {
  readonly kind: 'charging'
  readonly enterprise: number
  readonly followsPrices: boolean
  readonly sessions: readonly ChargingSession[]
  /** most energy of all chargers in one interval [Wh] */
  readonly siteWh: number
}

export interface ColdRoom {
  readonly kind: 'cold-store'
  readonly enterprise: number
  readonly followsPrices: boolean
  readonly store: ColdStore
  readonly airTempC: Float64Array
}

export type FlexibleLoad = ChargingSite | ColdRoom

/** What a load did for those who need it. */
export type LoadService =
  | ({ readonly kind: 'charging' } & ChargingService)
  | ({ readonly kind: 'cold-store' } & ColdService)

/** A load's year by interval, and how well it served [Wh]. */
export interface LoadYear {
  readonly energyWh: Int32Array
  readonly service: LoadService
}

/** The machine behind an enterprise's load, or null where that is a curve. */
export function growFlexible(
  zone: Zone,
  enterprise: Enterprise,
  index: number,
  weather: Weather,
): FlexibleLoad | null {
  const { load } = enterprise
  if (load.kind === 'archetype' || load.kind === 'file') return null
  const own = { enterprise: index, followsPrices: isByPrice(load) }
  if (load.kind === 'cold-store') {
    return { kind: 'cold-store', ...own, store: load.store, airTempC: weather.airTempC }
  }
  const sessions = drawSessions({
    fleet: load.fleet,
    calendar: zone.calendar,
    holidays: zone.holidays,
    random: randomStream(zone.seed, `charging/${enterprise.id}`),
  })
  const siteWh = load.siteKw === null ? Infinity : Math.floor(load.siteKw * 1000 * hoursPerInterval)
  return { kind: 'charging', ...own, sessions, siteWh }
}

/** What the load does by itself: charging on arrival, a thermostat in the middle of the band. */
export function uncontrolledYear(load: FlexibleLoad, intervals: number): LoadYear {
  if (load.kind === 'charging') {
    return chargingYear(load, chargeOnArrival(load.sessions, load.siteWh), intervals)
  }
  return coldYear(load, thermostatWh(load.store, middleC(load.store), load.airTempC))
}

export function chargingYear(
  { sessions }: ChargingSite,
  schedule: ChargingSchedule,
  intervals: number,
): LoadYear {
  return {
    energyWh: siteLoadWh(sessions, schedule, intervals),
    service: { kind: 'charging', ...serviceOf(sessions, schedule) },
  }
}

export function coldYear({ store, airTempC }: ColdRoom, energyWh: Int32Array): LoadYear {
  return { energyWh, service: { kind: 'cold-store', ...coldServiceOf(store, airTempC, energyWh) } }
}

/** Loads that are machines and not curves: fleets at their chargers and cold stores, as a scenario says them. */
import type { Fleet } from '../assets/charging/sessions.ts'
import type { ColdStore } from '../assets/cold-store.ts'
import type { ScenarioData } from './schema.ts'

export type FlexibleSource =
  | {
      readonly kind: 'charging'
      readonly fleet: Fleet
      /** null for no limit but the chargers' own */
      readonly siteKw: number | null
      readonly control: 'on-arrival' | 'by-price'
    }
  | {
      readonly kind: 'cold-store'
      readonly store: ColdStore
      readonly control: 'thermostat' | 'by-price'
    }

type LoadData = ScenarioData['participants']['enterprises'][number]['load']
type ChargingData = Extract<LoadData, { ev_charging: unknown }>['ev_charging']
type ColdStoreData = Extract<LoadData, { cold_store: unknown }>['cold_store']

export function chargingOf(data: ChargingData): FlexibleSource {
  return {
    kind: 'charging',
    fleet: {
      vehicles: data.vehicles,
      workdayShare: data.workday_share,
      dayOffShare: data.day_off_share,
      arrivalHour: data.arrival_hour,
      stayHours: data.stay_hours,
      energyKwh: data.energy_kwh,
      powerKw: data.power_kw,
    },
    siteKw: data.site_kw ?? null,
    control: data.control,
  }
}

export function coldStoreOf(data: ColdStoreData): FlexibleSource {
  return {
    kind: 'cold-store',
    store: {
      compressorKw: data.compressor_kw,
      cop: data.cop,
      capacityKwhPerK: data.capacity_kwh_per_k,
      conductanceKwPerK: data.conductance_kw_per_k,
      lowestC: data.lowest_c,
      highestC: data.highest_c,
      goodsHeatKw: data.goods_heat_kw,
      workFromHour: data.work_from_hour,
      workToHour: data.work_to_hour,
    },
    control: data.control,
  }
}

/** Whether a load goes where prices are low. */
export function isByPrice(load: { readonly kind: string; readonly control?: string }): boolean {
  return load.control === 'by-price'
}

/** Whether a load of the scenario file decides by price. */
export function followsPrices({ load }: { readonly load: LoadData }): boolean {
  if ('ev_charging' in load) return load.ev_charging.control === 'by-price'
  return 'cold_store' in load && load.cold_store.control === 'by-price'
}

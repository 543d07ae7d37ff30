/** The batteries of a zone. A rented one becomes its owner's part and one part for each tenant. */
import { ticks, type RateE8 } from '../base/units.ts'
import type { StorageSpec } from '../assets/storage.ts'
import { e8 } from './rate-field.ts'
import type { StorageData } from './schema.ts'
import { sumOfShares } from './shares.ts'
import type { StorageUnit } from './zone.ts'

/**
 * How a battery plans, by default on the week before: a Monday on a Monday. Two days ahead, so that what is kept overnight is
 * worth something.
 */
export function planTerms({ plan = {} }: Pick<StorageData, 'plan'>) {
  return {
    forecast: plan.forecast ?? 'last-week',
    horizonHours: plan.horizon_hours ?? 48,
    replanHours: plan.replan_hours ?? 1,
  } as const
}

/**
 * @param busRow rows of buses by id
 * @param hostRow rows of enterprises by id
 */
export function buildStorages(
  all: readonly StorageData[],
  busRow: ReadonlyMap<string, number>,
  hostRow: ReadonlyMap<string, number>,
): StorageUnit[] {
  const units: StorageUnit[] = []
  for (const data of all) {
    const unit = unitOf(data, busRow.get(data.bus)!, data.host == null ? null : hostRow.get(data.host)!)
    const rented = rentedShare(data)
    const lessor = units.push({ ...unit, spec: partOf(unit.spec, 1 - rented) }) - 1
    for (const tenant of data.tenants ?? []) units.push(tenantsPart(unit, data, tenant, lessor))
  }
  return units
}

/** Share of a unit in the hands of tenants. */
export function rentedShare({ tenants = [] }: StorageData): number {
  return sumOfShares(tenants)
}

function unitOf(data: StorageData, bus: number, host: number | null): StorageUnit {
  const wearTicks = ticks(Math.round(data.wear_cny_per_kwh * 10_000))
  const mode = data.mode ?? 'arbitrage'
  const { forecast, horizonHours, replanHours } = planTerms(data)
  return {
    id: data.id,
    name: data.name,
    bus,
    spec: {
      powerKw: data.power_kw,
      energyKwh: data.energy_kwh,
      chargeEfficiency: data.charge_efficiency,
      dischargeEfficiency: data.discharge_efficiency,
      minSoc: data.min_soc,
      maxSoc: data.max_soc,
      initialSoc: data.initial_soc,
    },
    mode: mode === 'rental' ? 'arbitrage' : mode,
    bids: data.strategy ?? 'value',
    plan: { forecast, horizonIntervals: 4 * horizonHours, replanIntervals: 4 * replanHours },
    wearTicks,
    dispatchTicks: wearTicks,
    lease: null,
    baseline: data.baseline,
    host,
  }
}

/** A share of a battery is a part of its modules, with their own converters: power and energy in proportion. */
function partOf(spec: StorageSpec, share: number): StorageSpec {
  return { ...spec, powerKw: spec.powerKw * share, energyKwh: spec.energyKwh * share }
}

function tenantsPart(
  unit: StorageUnit,
  { rent = {} }: StorageData,
  { id, share }: { readonly id: string; readonly share: number },
  lessor: number,
): StorageUnit {
  const perKwh = (cny: number | undefined): RateE8 => e8(cny ?? 0)
  const usePerKwhTicks = ticks(Math.round((rent.cny_per_kwh_out ?? 0) * 10_000))
  return {
    ...unit,
    id: `${unit.id}/${id}`,
    name: `${unit.name} · ${id}`,
    spec: partOf(unit.spec, share),
    dispatchTicks: usePerKwhTicks,
    lease: {
      lessor,
      tenant: id,
      perKwE8: perKwh(rent.cny_per_kw_month),
      perKwhE8: perKwh(rent.cny_per_kwh_month),
      usePerKwhTicks,
    },
  }
}

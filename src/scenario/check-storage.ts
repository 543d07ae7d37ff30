import { planTerms, rentedShare } from './build-storage.ts'
import type { Tell } from './check.ts'
import type { StorageData } from './schema.ts'

/** Ids of all enterprises, and of those whose load follows prices. */
interface Enterprises {
  readonly hosts: ReadonlySet<string>
  readonly shifting: ReadonlySet<string>
}

export function checkStorage(
  unit: StorageData,
  { hosts, shifting }: Enterprises,
  path: PropertyKey[],
  fault: Tell,
): void {
  if (unit.host != null && !hosts.has(unit.host))
    fault('unknown-host', [...path, 'host'], 'the id of an enterprise', unit.host)
  if (unit.max_soc <= unit.min_soc)
    fault('soc', [...path, 'max_soc'], `more than min_soc, ${unit.min_soc}`, unit.max_soc)
  if (unit.initial_soc < unit.min_soc || unit.initial_soc > unit.max_soc)
    fault('soc', [...path, 'initial_soc'], 'a share between min_soc and max_soc', unit.initial_soc)
  checkHosted(unit, shifting, path, fault)
  checkStrategy(unit, path, fault)
  checkPlan(unit, path, fault)
  checkRental(unit, hosts, path, fault)
}

function checkHosted(
  { baseline, mode, host }: StorageData,
  shifting: ReadonlySet<string>,
  path: PropertyKey[],
  fault: Tell,
): void {
  const at = [...path, 'host']
  const serves = mode === 'own-load' || mode === 'peak-shaving'
  if (host == null) {
    if (baseline === 'user-side') fault('host', at, 'a host for a user-side battery', 'none')
    if (serves) fault('host', at, `a host for a battery in mode ${mode}`, 'none')
  } else if (serves && shifting.has(host)) {
    fault('host', at, 'a host whose load does not follow prices', host)
  }
}

/** Who serves its host behind the meter places no orders that could come from outside. */
function checkStrategy({ mode, strategy }: StorageData, path: PropertyKey[], fault: Tell): void {
  if (strategy === 'external' && (mode === 'own-load' || mode === 'peak-shaving'))
    fault('strategy', [...path, 'strategy'], `value, or none, in mode ${mode}`, strategy)
}

function checkPlan(unit: StorageData, path: PropertyKey[], fault: Tell): void {
  const { horizonHours, replanHours } = planTerms(unit)
  if (replanHours <= horizonHours) return
  const at = [...path, 'plan', 'replan_hours']
  fault('plan', at, `not more than the horizon of ${horizonHours} hours`, replanHours)
}

function checkRental(unit: StorageData, hosts: ReadonlySet<string>, path: PropertyKey[], fault: Tell): void {
  const { mode, tenants, rent, baseline } = unit
  if (mode !== 'rental') {
    for (const key of ['tenants', 'rent'] as const)
      if (unit[key] !== undefined)
        fault('rental', [...path, key], `none in mode ${mode ?? 'arbitrage'}`, unit[key])
    return
  }
  if (tenants === undefined) fault('rental', [...path, 'tenants'], 'tenants of a rented battery', 'none')
  if (rent === undefined) fault('rental', [...path, 'rent'], 'what tenants pay', 'none')
  if (baseline === 'user-side')
    fault('rental', [...path, 'baseline'], 'idle: a shared battery stands behind no meter', baseline)
  const seen = new Set<string>()
  tenants?.forEach(({ id }, row) => {
    const at = [...path, 'tenants', row, 'id']
    if (!hosts.has(id)) fault('unknown-tenant', at, 'the id of an enterprise', id)
    if (seen.has(id)) fault('duplicate-id', at, 'an id used once among the tenants', id)
    seen.add(id)
  })
  if (rentedShare(unit) > 1)
    fault('rental', [...path, 'tenants'], 'shares of at most 1 together', rentedShare(unit))
}

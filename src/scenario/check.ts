/** What a shape cannot say: ids used once, references that lead somewhere, a network that is a tree, limits of size. */
import { show, type Fault } from '../base/errors.ts'
import { parentsFirst } from '../grid/network.ts'
import { rankOf, type VoltageLevel } from '../grid/voltage.ts'
import { checkForecast } from './check-forecast.ts'
import { checkStorage } from './check-storage.ts'
import { followsPrices } from './flexible.ts'
import type { ScenarioData } from './schema.ts'
import { sumOfShares } from './shares.ts'

export type PathFault = Omit<Fault, 'path'> & { path: PropertyKey[] }

/** Largest PV connection by voltage: ≤ 400 kW at 380 V, ≤ 6 MW at 10 kV, ≤ 20 MW at 35 kV. [kW] */
const largestPvKw: Partial<Record<VoltageLevel, number>> = { '0.4kV': 400, '10kV': 6000, '35kV': 20_000 }

export function checkReferences(data: ScenarioData): PathFault[] {
  const faults: PathFault[] = []
  const fault = (code: string, path: PropertyKey[], wanted: string, came: unknown) =>
    faults.push({ code, path, wanted, came: show(came) })
  checkCalendar(data, fault)
  checkMarket(data, fault)
  checkForecast(data, fault)
  checkNetwork(data, fault)
  checkParticipants(data, fault)
  checkEconomics(data, fault)
  return faults
}

/** Notes a fault: code, path, what was wanted and what came. */
export type Tell = (code: string, path: PropertyKey[], wanted: string, came: unknown) => void

function checkCalendar({ calendar }: ScenarioData, fault: Tell): void {
  if (calendar.to < calendar.from)
    fault('calendar', ['calendar', 'to'], `a day not before ${calendar.from}`, calendar.to)
}

function checkMarket({ market }: ScenarioData, fault: Tell): void {
  if (market.price_cap_cny_per_kwh < market.price_floor_cny_per_kwh) {
    fault(
      'market',
      ['market', 'price_cap_cny_per_kwh'],
      'a cap not below the floor',
      market.price_cap_cny_per_kwh,
    )
  }
  for (const [key, places] of [
    ['k', 4],
    ['price_floor_cny_per_kwh', 4],
    ['price_cap_cny_per_kwh', 4],
  ] as const) {
    if (!hasPlaces(market[key], places))
      fault('decimals', ['market', key], `at most ${places} decimals`, market[key])
  }
}

function checkEconomics({ economics }: ScenarioData, fault: Tell): void {
  const simulated = economics?.years?.simulated ?? [1]
  const isRising = simulated.every((year, at) => at === 0 || year > simulated[at - 1]!)
  if (simulated[0] !== 1 || !isRising) {
    fault('years', ['economics', 'years', 'simulated'], 'rising years of life that begin with 1', simulated)
  }
  const longest = Math.max(economics?.pv?.lifetime_years ?? 0, economics?.storage?.lifetime_years ?? 0)
  if (longest > 0 && simulated.some((year) => year > longest))
    fault('years', ['economics', 'years', 'simulated'], `no year beyond a life of ${longest}`, simulated)
}

function hasPlaces(value: number, places: number): boolean {
  const scaled = value * 10 ** places
  return Math.abs(scaled - Math.round(scaled)) < 1e-6
}

function checkNetwork({ zone }: ScenarioData, fault: Tell): void {
  const rows = uniqueIds(zone.buses, ['zone', 'buses'], fault)
  let dangling = false
  const parents = zone.buses.map(({ parent }, row) => {
    if (parent === null) return -1
    const at = rows.get(parent)
    if (at === undefined) {
      dangling = true
      fault('unknown-bus', ['zone', 'buses', row, 'parent'], 'the id of a bus', parent)
      return -1
    }
    if (rankOf(zone.buses[at]!.voltage) < rankOf(zone.buses[row]!.voltage)) {
      fault('voltage', ['zone', 'buses', row, 'parent'], 'a parent of the same or a higher voltage', parent)
    }
    return at
  })
  checkTop(zone, fault)
  if (Array.isArray(zone.no_reverse_flow)) {
    zone.no_reverse_flow.forEach((id, at) => {
      if (!rows.has(id)) fault('unknown-bus', ['zone', 'no_reverse_flow', at], 'the id of a bus', id)
    })
  }
  if (dangling) return
  const tree = parentsFirst(parents)
  if ('order' in tree) return
  for (const each of tree.faults) {
    if (each.kind === 'no-root') fault('no-root', ['zone', 'buses'], 'one bus with parent null', 'none')
    else {
      const path = ['zone', 'buses', each.bus, 'parent']
      const came = zone.buses[each.bus]!.id
      if (each.kind === 'second-root')
        fault('two-roots', path, 'one bus with parent null', `a second, ${came}`)
      else fault('cycle', path, 'a tree', `${came}, whose parents lead in a circle`)
    }
  }
}

/** What lies above the top bus is outside the zone: its level is told apart, and there is no arc to limit. */
function checkTop({ buses, level_above_root: above }: ScenarioData['zone'], fault: Tell): void {
  const row = buses.findIndex(({ parent }) => parent === null)
  const top = buses[row]
  if (!top) return
  if (above !== null && rankOf(above) <= rankOf(top.voltage)) {
    const wanted = `a voltage above the ${top.voltage} of ${top.id}, or null`
    fault('voltage', ['zone', 'level_above_root'], wanted, above)
  }
  for (const key of ['capacity_up_kw', 'capacity_down_kw'] as const) {
    const limit = top[key] ?? null
    const path = ['zone', 'buses', row, key]
    if (limit !== null) fault('top', path, 'no limit at the top bus, which has no arc', limit)
  }
}

function uniqueIds(items: readonly { id: string }[], path: PropertyKey[], fault: Tell): Map<string, number> {
  const rows = new Map<string, number>()
  items.forEach(({ id }, row) => {
    if (rows.has(id)) fault('duplicate-id', [...path, row, 'id'], 'an id used once', id)
    else rows.set(id, row)
  })
  return rows
}

function checkParticipants(data: ScenarioData, fault: Tell): void {
  const { participants, zone } = data
  const levelOf = new Map(zone.buses.map((bus) => [bus.id, bus.voltage]))
  const knownBus = (id: string, path: PropertyKey[]) => {
    if (!levelOf.has(id)) fault('unknown-bus', path, 'the id of a bus', id)
  }
  const all = (['enterprises', 'pv_plants', 'pv_roofs', 'storage', 'cogeneration'] as const).flatMap((kind) =>
    participants[kind].map((each, row) => ({
      id: each.id,
      path: ['participants', kind, row, 'id'] as PropertyKey[],
    })),
  )
  const seen = new Set<string>()
  for (const { id, path } of all) {
    if (seen.has(id)) fault('duplicate-id', path, 'an id used once among all participants', id)
    seen.add(id)
  }
  const hosts = new Set(participants.enterprises.map((each) => each.id))
  const shifting = new Set(participants.enterprises.filter(followsPrices).map((each) => each.id))
  participants.draws?.groups.forEach((group, row) => {
    const path = ['participants', 'draws', 'groups', row]
    for (let number = 1; number <= group.count; number++) hosts.add(drawnId(group.id, number))
    group.buses.forEach((id, at) => knownBus(id, [...path, 'buses', at]))
    if (group.annual_kwh.max < group.annual_kwh.min) {
      fault(
        'range',
        [...path, 'annual_kwh', 'max'],
        `not less than ${group.annual_kwh.min}`,
        group.annual_kwh.max,
      )
    }
    const shares = sumOfShares(group.strategies ?? [])
    if (shares > 1) fault('strategies', [...path, 'strategies'], 'shares of at most 1 together', shares)
  })
  if (participants.draws) uniqueIds(participants.draws.groups, ['participants', 'draws', 'groups'], fault)
  if (participants.roofs && !participants.draws) {
    fault('roofs', ['participants', 'roofs'], 'draws whose enterprises carry the roofs', 'none')
  }
  for (const kind of ['enterprises', 'pv_plants', 'storage', 'cogeneration'] as const) {
    participants[kind].forEach((each, row) => knownBus(each.bus, ['participants', kind, row, 'bus']))
  }
  checkEnterprises(data, levelOf, fault)
  participants.pv_plants.forEach((plant, row) => {
    const most = largestPvKw[levelOf.get(plant.bus) ?? '220kV']
    if (most !== undefined && plant.capacity_kw > most) {
      fault(
        'pv-too-large',
        ['participants', 'pv_plants', row, 'capacity_kw'],
        `at most ${most} kW at this voltage`,
        plant.capacity_kw,
      )
    }
  })
  participants.pv_roofs.forEach((roof, row) => {
    const path = ['participants', 'pv_roofs', row, 'host']
    if (!hosts.has(roof.host)) fault('unknown-host', path, 'the id of an enterprise', roof.host)
    if (shifting.has(roof.host)) fault('host', path, 'a host whose load does not follow prices', roof.host)
  })
  participants.storage.forEach((unit, row) =>
    checkStorage(unit, { hosts, shifting }, ['participants', 'storage', row], fault),
  )
}

function checkEnterprises(
  { participants }: ScenarioData,
  levelOf: Map<string, VoltageLevel>,
  fault: Tell,
): void {
  participants.enterprises.forEach((each, row) => {
    const path = ['participants', 'enterprises', row]
    if (levelOf.get(each.bus) === '0.4kV' && each.part === 'two') {
      fault('two-part', [...path, 'part'], 'single below 1 kV, where there is no two-part price', each.part)
    }
    if (each.part === 'two' && each.billing === undefined)
      fault('billing', path, 'billing: demand or capacity for a two-part customer', 'none')
    checkBilling(each, levelOf.get(each.bus), path, fault)
    checkLoad(each.load, [...path, 'load'], fault)
  })
}

type EnterpriseData = ScenarioData['participants']['enterprises'][number]

/** A charge that is asked for and then not billed would be missed by nobody. */
function checkBilling(
  { part, billing, contract_demand_kw: contractKw }: EnterpriseData,
  level: VoltageLevel | undefined,
  path: PropertyKey[],
  fault: Tell,
): void {
  if (billing !== undefined && (part === 'single' || (part === undefined && level === '0.4kV')))
    fault('billing', [...path, 'billing'], 'none for a single-part customer', billing)
  else if (contractKw !== undefined && billing !== 'demand')
    fault('billing', [...path, 'contract_demand_kw'], 'billing: demand beside it', billing ?? 'none')
}

type Load = EnterpriseData['load']

/** Cold that is gone sooner cannot be kept for dear hours, nor counted over a plan of three days. */
const coldHoursMin = 4

function checkLoad(load: Load, path: PropertyKey[], fault: Tell): void {
  if (!('cold_store' in load)) return
  const { lowest_c: lowest, highest_c: highest, work_from_hour: from, work_to_hour: to } = load.cold_store
  const { capacity_kwh_per_k: capacity, conductance_kw_per_k: conductance, control } = load.cold_store
  const at = (key: string) => [...path, 'cold_store', key]
  if (highest <= lowest) fault('band', at('highest_c'), `more than lowest_c, ${lowest}`, highest)
  if (to < from) fault('hours', at('work_to_hour'), `an hour not before ${from}`, to)
  const least = coldHoursMin * conductance
  if (control === 'by-price' && capacity < least) {
    const wanted = `at least ${least}, ${coldHoursMin} hours of conductance_kw_per_k, to cool ahead by price`
    fault('cold', at('capacity_kwh_per_k'), wanted, capacity)
  }
}

/** Id of the n-th enterprise of a draw, from 1. */
export function drawnId(group: string, number: number): string {
  return `${group}-${String(number).padStart(2, '0')}`
}

/**
 * The zones that a year is timed on.
 *
 * `pilot`: the shipped pilot with half as many enterprises and roofs again, 120 participants.
 * `district`: the shipped district of 500 enterprises with its 10 kV feeders drawn out: each is a chain of ring-main units
 * with customers' transformers, 800 buses in all. A part of it is that of its first substations.
 */
import { loadScenario } from '../src/cli/load-scenario.ts'
import type { Zone, ZoneBus } from '../src/scenario/zone.ts'

export interface YearWorkload {
  readonly zone: 'pilot' | 'district'
  /** last day; the first is 1 January 2027 */
  readonly to: string
  /** of the district's eight */
  readonly substations: number
}

const districtBuses = 800
const customersPerUnit = 4
const transformerLimits = { capacityUpKw: 4000, capacityDownKw: 4000 }

export function yearZone({ zone, to, substations }: YearWorkload): Zone {
  const built =
    zone === 'pilot'
      ? loadScenario('scenarios/jindong-pilot.yaml', { to, set: widerPilot })
      : partOf(withFeeders(loadScenario('scenarios/jindong-district-2023.yaml', { to })), substations)
  return { ...built, headline: null }
}

export function participantsOf({ enterprises, pvUnits, storages, cogenerations }: Zone): number {
  return enterprises.length + pvUnits.length + storages.length + cogenerations.length
}

const widerPilot = [
  ...[13, 15, 6, 9, 13, 7, 4, 6, 17].map((count, at) => `participants.draws.groups.${at}.count=${count}`),
  'participants.draws.total_kwh=363000000',
  'participants.roofs.count=21',
  'participants.roofs.total_kw=18000',
]

/** Draws the feeders out: enterprises move to customers' transformers, plants to the first ring-main unit. */
function withFeeders(zone: Zone): Zone {
  const buses: ZoneBus[] = [...zone.buses]
  const feeders = zone.buses.flatMap(({ id, level }, bus) =>
    /^s\df\d$/.test(id) && level === '10kV' ? [bus] : [],
  )
  const own = districtBuses - zone.buses.length
  const drawn = new Map(
    feeders.map((feeder, at) => {
      const count = Math.floor((own * (at + 1)) / feeders.length) - Math.floor((own * at) / feeders.length)
      return [feeder, drawFeeder(buses, feeder, count)]
    }),
  )
  const turn = new Map<number, number>()
  const enterprises = zone.enterprises.map((enterprise) => {
    const customers = drawn.get(enterprise.bus)?.customers
    if (!customers) return enterprise
    const at = turn.get(enterprise.bus) ?? 0
    turn.set(enterprise.bus, at + 1)
    return { ...enterprise, bus: customers[at % customers.length]! }
  })
  const pvUnits = zone.pvUnits.map((unit) => ({
    ...unit,
    bus: unit.host === null ? (drawn.get(unit.bus)?.units[0] ?? unit.bus) : enterprises[unit.host]!.bus,
  }))
  return { ...zone, buses, enterprises, pvUnits }
}

/** Adds so many buses below a feeder: ring-main units in a chain, each followed by its customers' transformers. */
function drawFeeder(
  buses: ZoneBus[],
  feeder: number,
  count: number,
): { units: number[]; customers: number[] } {
  const { id, level, capacityUpKw, capacityDownKw } = buses[feeder]!
  const units: number[] = []
  const customers: number[] = []
  for (let at = 0; at < count; at++) {
    const isUnit = at % (1 + customersPerUnit) === 0
    const name = `${id}-${isUnit ? 'unit' : 'customer'}-${at}`
    const limits = isUnit ? { capacityUpKw, capacityDownKw } : transformerLimits
    const parent = units.at(-1) ?? feeder
    const bus = buses.push({ id: name, name, level, parent, ...limits }) - 1
    ;(isUnit ? units : customers).push(bus)
  }
  return { units, customers }
}

/** The part of the district below its first substations. */
function partOf(zone: Zone, substations: number): Zone {
  const kept: number[] = []
  const rowOf = new Map<number, number>([[-1, -1]])
  zone.buses.forEach(({ id, parent }, bus) => {
    const substation = /^sub(\d)$/.exec(id)?.[1]
    if (substation ? Number(substation) > substations : !rowOf.has(parent)) return
    rowOf.set(bus, kept.push(bus) - 1)
  })
  const inside = (each: { readonly bus: number }) => rowOf.has(each.bus)
  const moved = <T extends { readonly bus: number }>(each: T) => ({ ...each, bus: rowOf.get(each.bus)! })
  const enterprises = zone.enterprises.filter(inside)
  const hostOf = (host: number | null) =>
    host === null ? null : enterprises.indexOf(zone.enterprises[host]!)
  return {
    ...zone,
    buses: kept.map((bus) => ({ ...zone.buses[bus]!, parent: rowOf.get(zone.buses[bus]!.parent)! })),
    enterprises: enterprises.map(moved),
    pvUnits: zone.pvUnits.filter(inside).map((unit) => ({ ...moved(unit), host: hostOf(unit.host) })),
  }
}

import { expect, test } from 'vitest'
import { chargeOnArrival, siteLoadWh } from '../../src/assets/charging/schedule.ts'
import { planCharging } from '../../src/strategy/charging-plan.ts'
import { contractTicks, type FlexibleYear } from '../../src/simulation/flexible-year.ts'
import { buildWorld, type World } from '../../src/simulation/world.ts'
import { zoneOf } from './zones.ts'

const park = 'scenarios/flexible-park.yaml'
const days = ['calendar.from=2027-05-01', 'calendar.to=2027-06-30']

function worldOf(...set: string[]): World {
  const built = buildWorld(zoneOf(park, ...days, ...set), () => undefined)
  if (!built.ok) throw new Error(JSON.stringify(built.faults))
  return built.value
}

const byId = (world: World, id: string): FlexibleYear =>
  world.flexible.find(({ enterprise }) => world.zone.enterprises[enterprise]!.id === id)!

function costOf({ zone, slots }: World, enterprise: number, energyWh: Int32Array): number {
  const ticks = contractTicks(zone, enterprise, slots)
  return energyWh.reduce((sum, wh, interval) => sum + wh * ticks[slots.slotOf[interval]!]!, 0)
}

const sum = (column: Int32Array) => column.reduce((total, value) => total + value, 0)
const depot = (key: string, value: string) => `participants.enterprises.1.load.ev_charging.${key}=${value}`
const byPeriod =
  'participants.enterprises.1.contract={ retail_by_period_cny_per_kwh: ' +
  '{ sharp: 0.62, peak: 0.58, flat: 0.43, valley: 0.32, deep-valley: 0.25 } }'

test('a depot that follows prices gives every truck what it had on arrival, for less, and keeps its connection', () => {
  const world = worldOf(byPeriod)
  const { uncontrolled, decided, enterprise } = byId(world, 'depot')
  if (decided.service.kind !== 'charging') throw new Error('the depot charges')
  expect(decided.service.sessions).toBeGreaterThan(1000)
  expect(decided.service).toEqual(uncontrolled.service)
  expect(sum(decided.energyWh)).toBe(sum(uncontrolled.energyWh))
  expect(Math.max(...decided.energyWh)).toBeLessThanOrEqual(800 * 250)
  expect(costOf(world, enterprise, decided.energyWh)).toBeLessThan(
    0.85 * costOf(world, enterprise, uncontrolled.energyWh),
  )
  expect(world.buyers[enterprise]!.meteredWh).toEqual(decided.energyWh)
})

test('day by day it costs what one plan for all days costs, where no connection is short', () => {
  // Site of 4 MW: every truck decides for itself, and its whole stay lies within the horizon.
  const world = worldOf(byPeriod, depot('site_kw', '4000'))
  const { decided, enterprise } = byId(world, 'depot')
  const site = world.series.flexible.find((load) => load.kind === 'charging')!
  if (site.kind !== 'charging') throw new Error('the depot charges')
  const ticks = contractTicks(world.zone, enterprise, world.slots)
  const priceTicks = Array.from(world.slots.slotOf, (slot) => ticks[slot]!)
  const whole = planCharging({ sessions: site.sessions, siteWh: Infinity, priceTicks })
  const wholeWh = siteLoadWh(site.sessions, whole, world.zone.calendar.intervals)
  expect(costOf(world, enterprise, decided.energyWh)).toBe(costOf(world, enterprise, wholeWh))
})

test('a connection that is too small is kept, and the trucks that leave short are counted', () => {
  const world = worldOf(byPeriod, depot('site_kw', '70'))
  const { uncontrolled, decided } = byId(world, 'depot')
  expect(Math.max(...decided.energyWh)).toBe(70 * 250)
  for (const { service } of [uncontrolled, decided]) {
    if (service.kind !== 'charging') throw new Error('the depot charges')
    expect(service.shortSessions).toBeGreaterThan(0)
    expect(service.shortWh).toBe(service.wantedWh - service.chargedWh)
  }
})

test('a cold store that follows prices keeps its band, shifts to cheap hours and costs less than its thermostat', () => {
  const world = worldOf()
  const { uncontrolled, decided, enterprise } = byId(world, 'cold-store')
  for (const { service } of [uncontrolled, decided]) {
    if (service.kind !== 'cold-store') throw new Error('the store is cold')
    expect(service.warmIntervals).toBe(0)
  }
  if (decided.service.kind !== 'cold-store') throw new Error('the store is cold')
  expect(decided.service.coldestC).toBeGreaterThan(-24.001)
  expect(decided.service.warmestC).toBeLessThan(-18 + 1e-4)
  expect(decided.service.warmestC - decided.service.coldestC).toBeGreaterThan(4)
  const [plain, shifted] = [uncontrolled, decided].map((year) => costOf(world, enterprise, year.energyWh))
  expect(shifted).toBeLessThan(0.8 * plain!)
})

test('a compressor that is too small is told in hours above the band', () => {
  const world = worldOf('participants.enterprises.2.load.cold_store.compressor_kw=60')
  const { service } = byId(world, 'cold-store').decided
  if (service.kind !== 'cold-store') throw new Error('the store is cold')
  expect(service.warmIntervals).toBeGreaterThan(1000)
  expect(service.warmestC).toBeGreaterThan(-15)
})

test('machines that follow no prices do what they do by themselves', () => {
  const world = worldOf(
    depot('control', 'on-arrival'),
    'participants.enterprises.2.load.cold_store.control=thermostat',
  )
  const { decided, enterprise, followsPrices } = byId(world, 'depot')
  const site = world.series.flexible[0]!
  if (site.kind !== 'charging') throw new Error('the depot charges')
  expect(followsPrices).toBe(false)
  const { intervals } = world.zone.calendar
  const plain = chargeOnArrival(site.sessions, site.siteWh)
  expect(decided.energyWh).toEqual(siteLoadWh(site.sessions, plain, intervals))
  expect(world.series.loadWh[enterprise]).toEqual(decided.energyWh)
})

test.each([
  ['a band upside down', ['participants.enterprises.2.load.cold_store.highest_c=-30'], /more than lowest_c/],
  [
    'work that ends before it begins',
    ['participants.enterprises.2.load.cold_store.work_to_hour=3'],
    /not before 6/,
  ],
  [
    'a roof over a load that follows prices',
    ['participants.pv_roofs=[{ id: r, name: r, host: depot, capacity_kw: 10, outside: spot }]'],
    /a host whose load does not follow prices/,
  ],
])('%s is a fault with its place', (_, set, wanted) => {
  expect(() => zoneOf(park, ...set)).toThrow(wanted)
})

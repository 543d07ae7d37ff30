import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Network } from '../../src/grid/network.ts'
import { certify } from '../../src/market/certificate.ts'
import { ClearingEngine } from '../../src/market/clear.ts'
import { busPrices } from '../../src/market/prices.ts'
import { hostingTable } from '../../src/report/hosting.ts'
import { flowsWithoutMarket } from '../../src/simulation/arc-flows.ts'
import { LimitNotes } from '../../src/simulation/arc-limits.ts'
import { FreePrices } from '../../src/simulation/free-prices.ts'
import { curtailedShare, findHosting, untradedShare } from '../../src/simulation/hosting.ts'
import { openRun } from '../../src/simulation/run-state.ts'
import { simulate } from '../../src/simulation/simulate.ts'
import { buildWorld, makeSellers } from '../../src/simulation/world.ts'
import { caseOf, type Case } from '../market/books.ts'
import { minimal, pilot, zoneOf } from './zones.ts'

const range = { floorTicks: -1000, capTicks: 1000, kNumerator: 5000 }

function cleared({ network, book }: Case) {
  const clearing = new ClearingEngine(network).clear(book)
  const busTicks = new Float64Array(network.busCount)
  busPrices(network, clearing, range, busTicks)
  const welfareTickWh = certify(network, book, clearing, busTicks).welfare
  return { clearing, busTicks, welfareTickWh, rows: { book } }
}

function welfareOf(network: Network, book: Case['book']): bigint {
  return cleared({ network, book }).welfareTickWh
}

/** The network with one arc's limit moved. */
function widened(
  network: Network,
  key: 'capacityUpWh' | 'capacityDownWh',
  bus: number,
  byWh: number,
): Network {
  return {
    ...network,
    [key]: network[key].map((capacityWh, at) => (at === bus ? capacityWh + byWh : capacityWh)),
  }
}

test('LimitNotes tells of each arc what one more Wh of room adds to welfare, to the tick', () => {
  let worth = 0
  fc.assert(
    fc.property(caseOf({ buses: 6, orders: 16 }), ({ network, book }) => {
      const notes = new LimitNotes(network, range)
      notes.note(cleared({ network, book }))
      const welfare = welfareOf(network, book)
      const { oneKwUpTickWh, oneKwDownTickWh } = notes.limits
      for (let bus = 1; bus < network.busCount; bus++) {
        const up = welfareOf(widened(network, 'capacityUpWh', bus, 1), book) - welfare
        const down = welfareOf(widened(network, 'capacityDownWh', bus, 1), book) - welfare
        expect([oneKwUpTickWh[bus]! / 250, oneKwDownTickWh[bus]! / 250]).toEqual([Number(up), Number(down)])
        if (up > 0n || down > 0n) worth++
      }
    }),
    { numRuns: 1500, seed: 31 },
  )
  expect(worth).toBeGreaterThan(200)
})

test('a whole kW brings what LimitNotes says or less, since its first Wh bring most', () => {
  let less = 0
  fc.assert(
    fc.property(caseOf({ buses: 6, orders: 16 }), ({ network, book }) => {
      const notes = new LimitNotes(network, range)
      notes.note(cleared({ network, book }))
      const welfare = welfareOf(network, book)
      for (let bus = 1; bus < network.busCount; bus++) {
        const up = Number(welfareOf(widened(network, 'capacityUpWh', bus, 250), book) - welfare)
        const said = notes.limits.oneKwUpTickWh[bus]!
        expect(up).toBeLessThanOrEqual(said)
        if (up < said) less++
      }
    }),
    { numRuns: 300, seed: 33 },
  )
  expect(less).toBeGreaterThan(0)
})

test('LimitNotes tells what all limits together cost: the welfare of the book without them, less its own', () => {
  fc.assert(
    fc.property(caseOf({ buses: 6, orders: 16 }), ({ network, book }) => {
      const notes = new LimitNotes(network, range)
      const held = cleared({ network, book })
      notes.note(held)
      const none = network.capacityUpWh.map(() => Infinity)
      const free = welfareOf({ ...network, capacityUpWh: none, capacityDownWh: none }, book)
      expect(notes.lostTickWh).toBe(free - welfareOf(network, book))
      expect(notes.boundIntervals).toBe(notes.lostTickWh > 0n ? 1 : 0)
      expect(new FreePrices(network).support(held.clearing)).toBe(notes.lostTickWh === 0n)
    }),
    { numRuns: 2000, seed: 32 },
  )
})

const days = ['calendar.from=2027-05-10', 'calendar.to=2027-05-13', 'headline.regimes=[full-td]']

async function mainOf(...set: string[]) {
  const zone = zoneOf(pilot, ...days, ...set)
  const answer = await simulate(zone, { version: 'test', readFile: () => undefined })
  if (!answer.ok) throw new Error(JSON.stringify(answer.faults))
  return { zone, main: answer.value.main }
}

test('meters alone move energy: without batteries every arc carries the same with the market as without', async () => {
  const { zone, main } = await mainOf('participants.storage=[]')
  const built = buildWorld(zone, () => undefined)
  if (!built.ok) throw new Error(JSON.stringify(built.faults))
  const without = flowsWithoutMarket(openRun(built.value, makeSellers(built.value, null)))
  expect(main.grid.after).toEqual(without)
  expect(main.grid.before).toEqual(without)
  expect([main.grid.after.upWh[0], main.grid.after.downWh[0]]).toEqual([
    main.energy.exportAfterWh,
    main.energy.importAfterWh,
  ])
})

test('what the children of a bus and its own participants send up is what its arc carries', async () => {
  const { zone, main } = await mainOf()
  const { upWh, downWh } = main.grid.after
  const netWh = zone.buses.map((_, bus) => upWh[bus]! - downWh[bus]!)
  const childrenWh = (bus: number) =>
    zone.buses.reduce((sum, { parent }, child) => sum + (parent === bus ? netWh[child]! : 0), 0)
  const at = (units: readonly { readonly bus: number }[], bus: number) =>
    units.flatMap((unit, index) => (unit.bus === bus ? [index] : []))
  zone.buses.forEach((_, bus) => {
    const ownWh =
      at(zone.pvUnits, bus).reduce((sum, unit) => sum + main.pv[unit]!.surplusWh, 0) +
      at(zone.cogenerations, bus).reduce((sum, unit) => sum + main.cogenerations[unit]!.generatedWh, 0) +
      at(zone.storages, bus).reduce(
        (sum, unit) => sum + main.storages[unit]!.soldWh - main.storages[unit]!.boughtWh,
        0,
      ) -
      at(zone.enterprises, bus).reduce((sum, index) => sum + main.enterprises[index]!.gridWh, 0)
    expect(netWh[bus]).toBe(ownWh + childrenWh(bus))
  })
})

test('findHosting() finds the largest PV within each share; more of it is curtailed as it grows', async () => {
  const zone = zoneOf(minimal)
  const asked = { curtailedShare: 0.1, untradedShare: 0.3 }
  const found = await findHosting(zone, { ...asked, readFile: () => undefined })
  if (!found.ok) throw new Error(JSON.stringify(found.faults))
  const { curve, byCurtailment, byUntraded } = found.value
  const shares = curve.map(curtailedShare)
  expect(shares).toEqual(shares.toSorted((a, b) => a - b))
  for (const point of curve) {
    expect(point.selfUseWh + point.tradedWh + point.fedInWh + point.curtailedWh).toBe(point.availableWh)
    if (point.factor > byCurtailment!.factor * 1.02)
      expect(curtailedShare(point)).toBeGreaterThan(asked.curtailedShare)
  }
  expect(curtailedShare(byCurtailment!)).toBeLessThanOrEqual(asked.curtailedShare)
  expect(byUntraded === null || untradedShare(byUntraded) <= asked.untradedShare).toBe(true)
})

test('a plant that does not run without the market takes no room from PV; where nothing fits, that is said', async () => {
  const hostingOf = async (cogeneration: string) => {
    const days = ['calendar.from=2027-05-03', 'calendar.to=2027-05-03']
    const zone = zoneOf('scenarios/flexible-park.yaml', ...days, `participants.cogeneration${cogeneration}`)
    const asked = { curtailedShare: 0.3, untradedShare: 1 }
    const found = await findHosting(zone, { ...asked, readFile: () => undefined })
    if (!found.ok) throw new Error(JSON.stringify(found.faults))
    return found.value
  }
  const idle = await hostingOf('.0.outside={ price_cny_per_kwh: 0 }')
  const none = await hostingOf('=[]')
  expect(idle.curve.map(({ curtailedWh }) => curtailedWh)).toEqual(
    none.curve.map(({ curtailedWh }) => curtailedWh),
  )
  expect(idle.byCurtailment).toMatchObject({ factor: none.byCurtailment!.factor })
  // Above its fuel all day, it fills the zone alone.
  const running = await hostingOf('.0.outside={ price_cny_per_kwh: 0.9 }')
  expect(running.byCurtailment).toBe(null)
  const said = hostingTable(running, { curtailedShare: 0.3, untradedShare: 1 }, { color: false })
  expect(said).toContain('At most 30.00 % curtailed: not even × 0.01')
})

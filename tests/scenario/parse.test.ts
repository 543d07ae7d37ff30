import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { describeFault } from '../../src/base/errors.ts'
import { buildZone } from '../../src/scenario/build.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import { shippedScenarios, zoneOf } from '../simulation/zones.ts'

const seeds = { read: (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined) }
const minimal = readFileSync('scenarios/minimal.yaml', 'utf8')

function faultsOf(text: string, overrides: string[] = []): string[] {
  const parsed = parseScenario({ file: 'x.yaml', text }, overrides)
  if (!parsed.ok) return parsed.faults.map(describeFault)
  const built = buildZone(parsed.scenario, seeds)
  return built.ok ? [] : built.faults.map(describeFault)
}

test('the shipped scenarios are good', () => {
  for (const name of shippedScenarios) {
    expect(faultsOf(readFileSync(`scenarios/${name}.yaml`, 'utf8')), name).toEqual([])
  }
})

test('a bad file is answered with every fault at once, each with line and column', () => {
  const bad = minimal
    .replace('capacity_kw: 2000', 'capacity_kw: -5')
    .replace('bus: busbar', 'bus: nowhere')
    .replace('seed: 1\n', 'seed: 1\ncolour: green\n')
    .replace('k: 0.5', 'k: 1.5')
  const faults = faultsOf(bad)
  expect(faults).toHaveLength(4)
  expect(faults.every((fault) => /^x\.yaml:\d+:\d+ {2}\S+: wanted .+, came .+$/.test(fault))).toBe(true)
  expect(faults.join('\n')).toMatch(/participants\.pv_plants\.0\.capacity_kw.*came -5/)
  expect(faults.join('\n')).toMatch(/x\.yaml:9:1 {2}colour: wanted no such key here/)
  expect(faults.join('\n')).toMatch(/market\.k: wanted number <=1, came 1\.5/)
  expect(faults.join('\n')).toMatch(/enterprises\.1\.bus: wanted the id of a bus, came "nowhere"/)
})

test('the faulty file of scenarios/README.md is answered as the page shows', () => {
  const page = readFileSync('scenarios/README.md', 'utf8')
  const [, bad] = page.match(/```yaml\n(overwall: 1\nname: Corner[\s\S]*?)```/)!
  const [, shown] = page.match(/```text\n(bad\.yaml[\s\S]*?)\n```/)!
  expect(faultsOf(bad!).map((fault) => fault.replace(/^x\.yaml/, 'bad.yaml'))).toEqual(shown!.split('\n'))
})

test('an unknown archetype is told beside a seed that is not there', () => {
  const faulty = minimal
    .replace('zhejiang.json', 'hunan.json')
    .replace('archetype: office', 'archetype: castle')
  const faults = faultsOf(faulty).join('\n')
  expect(faults).toMatch(/seeds\.tariffs: wanted a seed file of the project/)
  expect(faults).toMatch(/load\.archetype: wanted one of/)
})

test('a customer that names its billing is a two-part one, whatever its size', () => {
  const small = ['participants.enterprises.1.annual_kwh=100000', 'participants.enterprises.1.billing=demand']
  const { enterprises } = zoneOf('scenarios/minimal.yaml', ...small)
  expect(enterprises[1]!.connection).toMatchObject({ part: 'two', billing: 'demand' })
})

test('what stands in for a faulty value is never told as a fault of its own', () => {
  const faults = faultsOf(minimal.replace('bus: busbar', 'bus: 7'))
  expect(faults).toHaveLength(1)
  expect(faults[0]).toMatch(/enterprises\.1\.bus: wanted string, came 7/)
})

test.each([
  ['two roots', 'parent: busbar', 'parent: null', /second/],
  ['a cycle', 'parent: null', 'parent: feeder', /no-root|one bus with parent null/],
  ['a date outside the tariff book', 'from: 2027-05-10', 'from: 2019-05-10', /tariff book covers/],
  ['a day that is none', 'to: 2027-05-12', 'to: 2027-02-30', /YYYY-MM-DD/],
  ['days that run backwards', 'to: 2027-05-12', 'to: 2027-05-01', /not before/],
  [
    'a year without holidays',
    'calendar: { from: 2027-05-10, to: 2027-05-12 }',
    'calendar: { from: 2031-05-10, to: 2031-05-12 }',
    /public holidays of 2031/,
  ],
  ['a number that is none', 'annual_kwh: 6000000', 'annual_kwh: .nan', /number/],
  ['an endless number', 'annual_kwh: 6000000', 'annual_kwh: .inf', /number/],
  ['an unknown archetype', 'archetype: office', 'archetype: castle', /one-shift-factory/],
  ['PV beyond its connection', 'capacity_kw: 2000', 'capacity_kw: 9000', /at most 6000 kW/],
  [
    'a price rule for one bus',
    'rule: high-low',
    'rule: trade-reduction',
    /market\.rule: wanted one of nodal-uniform, .*one bus.*, came "trade-reduction"/,
  ],
  ['a fee beyond any price', '1901-one-above', 'flat:10.0001', /regime: wanted one of .*came "flat:10.0001"/],
  ['a fee with something behind it', '1901-one-above', "'flat:0.05:7'", /regime: wanted one of/],
  [
    'a level above the top that is below it',
    'root: 110kV',
    'root: 0.4kV',
    /above the 10kV of busbar, or null/,
  ],
  [
    'the level of the top as that above it',
    'root: 110kV',
    'root: 10kV',
    /level_above_root: wanted a voltage/,
  ],
  [
    'a limit at the top',
    'parent: null',
    'parent: null, capacity_up_kw: 5',
    /buses\.0\.capacity_up_kw: .* no arc/,
  ],
  [
    'billing of a single-part customer',
    'part: two',
    'part: single',
    /billing: wanted none for a single-part/,
  ],
  [
    'a contract demand beside a capacity charge',
    'billing: demand',
    'billing: capacity\n      contract_demand_kw: 900',
    /contract_demand_kw: wanted billing: demand/,
  ],
  ['a duplicate id', 'id: shop', 'id: workshop', /used once/],
  ['a duplicate key', 'seed: 1\n', 'seed: 1\nseed: 2\n', /unique/],
  ['a participant without a bus', '      bus: busbar\n', '', /bus: wanted string, came nothing/],
])('%s is a fault with its place', (_, from, to, expected) => {
  expect(minimal).toContain(from)
  const faults = faultsOf(minimal.replace(from, to))
  expect(faults.join('\n')).toMatch(expected)
  expect(faults[0]).toMatch(/^x\.yaml:\d+:\d+/)
})

test.each([
  [
    'a mode that is none',
    'forecast={ load: perfect, pv: guess }',
    'forecast.pv: wanted perfect, persistence, or noisy with its error_share, came "guess"',
  ],
  [
    'a noisy mode without its error',
    'forecast={ load: perfect, pv: { noisy: {} } }',
    'forecast.pv.noisy.error_share: wanted number, came nothing',
  ],
  [
    'half a forecast',
    'forecast={ load: perfect }',
    'forecast: wanted pv: perfect, persistence or noisy, or pv_error_share, came "neither"',
  ],
  [
    'two forecasts of one thing',
    'forecast.load=perfect',
    'forecast.load_error_share: wanted either load or load_error_share, came "both"',
  ],
  [
    'a participant’s own',
    'participants.pv_plants.0.forecast=blind',
    'participants.pv_plants.0.forecast: wanted perfect',
  ],
  [
    'an error that grows beyond all measure',
    'participants.pv_plants.0.forecast={ noisy: { error_share: 1, at_lead_hours: 0.000001 } }',
    'noisy.at_lead_hours: wanted number >=0.25, came 0.000001',
  ],
  [
    'a load beyond what is counted',
    'participants.enterprises.0.annual_kwh=1e14',
    'annual_kwh: wanted number <=10000000000, came 100000000000000',
  ],
  [
    'a contract that is none',
    'participants.enterprises.0.contract=agencyy',
    'contract: wanted agency, or a retail contract: { retail_flat_cny_per_kwh: price } or by period, came "agencyy"',
  ],
  [
    'an outside price that is none',
    'participants.pv_plants.0.outside=market',
    'outside: wanted mechanism-stock, mechanism-incremental, spot, or { price_cny_per_kwh: price }, came "market"',
  ],
  [
    'a load in a word',
    'participants.enterprises.0.load=office',
    'load: wanted an archetype, a metering file, ev_charging or cold_store, came "office"',
  ],
  [
    'a metering file without its unit',
    'participants.enterprises.0.load={ file: shop.csv }',
    'load.unit: wanted one of "kw"|"kwh"|"mw"|"w", came nothing',
  ],
  [
    'reverse flow in a word',
    'zone.no_reverse_flow=all',
    'no_reverse_flow: wanted true, false or a list of buses, came "all"',
  ],
  [
    'hours between two quarter-hours',
    'participants.storage=[{ id: b, name: b, bus: feeder, power_kw: 1, energy_kwh: 1, charge_efficiency: 1, discharge_efficiency: 1, min_soc: 0, max_soc: 1, initial_soc: 0, wear_cny_per_kwh: 0, baseline: idle, plan: { replan_hours: 0.3 } }]',
    'plan.replan_hours: wanted a multiple of 0.25, came 0.3',
  ],
  [
    'trucks that come after the day is over',
    'participants.enterprises.0.load={ ev_charging: { vehicles: 1, workday_share: 1, day_off_share: 1, arrival_hour: { mean: 25, spread: 0 }, stay_hours: { mean: 8, spread: 0 }, energy_kwh: { mean: 50, spread: 0 }, power_kw: 40, control: by-price } }',
    'arrival_hour.mean: wanted number <24, came 25',
  ],
])('%s is refused in words', (_, set, expected) => {
  const faults = faultsOf(minimal, [set])
  expect(faults).toHaveLength(1)
  expect(faults.join('\n')).toContain(expected)
})

test.each([
  [
    'no auction at all',
    'two-auctions',
    ['market.auctions={}'],
    /market\.auctions: wanted day_ahead, intraday or both/,
  ],
  [
    'an intraday gate that closes before the day-ahead one',
    'two-auctions',
    ['market.auctions={ day_ahead: { closes_hour: 23 }, intraday: { closes_minutes_before: 60 } }'],
    /closes_minutes_before: wanted less than 60/,
  ],
  [
    'a gate between two quarter-hours',
    'two-auctions',
    ['market.auctions.day_ahead.closes_hour=12.1'],
    /closes_hour: wanted/,
  ],
  [
    'foresight of what an auction will leave',
    'two-auctions',
    ['participants.storage.0.plan={ forecast: perfect }'],
    /plan\.forecast: wanted yesterday, last-week or prices/,
  ],
  [
    'a battery without its auction',
    'two-auctions',
    ['market.auctions={ day_ahead: {} }'],
    /storage\.0: wanted an intraday auction/,
  ],
  [
    'a load by price without its auction',
    'flexible-park',
    [
      'market.auctions={ day_ahead: {} }',
      'participants.cogeneration=[]',
      'participants.enterprises.2.load={ archetype: cold-storage }',
    ],
    /enterprises\.1: wanted an intraday auction/,
  ],
  [
    'a dispatched unit without its auction',
    'flexible-park',
    [
      'market.auctions={ day_ahead: {} }',
      'participants.enterprises.1.load={ archetype: office }',
      'participants.enterprises.2.load={ archetype: office }',
    ],
    /cogeneration\.0: wanted an intraday auction/,
  ],
  [
    'a cold store by price that keeps no cold',
    'flexible-park',
    ['participants.enterprises.2.load.cold_store.capacity_kwh_per_k=15'],
    /capacity_kwh_per_k: wanted at least 16, 4 hours of conductance_kw_per_k, to cool ahead by price, came 15/,
  ],
])('%s is refused', (_, name, set, expected) => {
  const faults = faultsOf(readFileSync(`scenarios/${name}.yaml`, 'utf8'), set)
  expect(faults).toHaveLength(1)
  expect(faults[0]).toMatch(expected)
})

test('each kind of participant has the zone’s forecast unless it names its own', () => {
  const modes = ['forecast={ load: persistence, pv: { noisy: { error_share: 0.2, at_lead_hours: 12 } } }']
  const built = (set: readonly string[]) => {
    const parsed = parseScenario({ file: 'x.yaml', text: minimal }, [...modes, ...set])
    const zone = parsed.ok ? buildZone(parsed.scenario, seeds) : parsed
    if (!zone.ok) throw new Error(zone.faults.map(describeFault).join())
    return [...zone.zone.enterprises, ...zone.zone.pvUnits].map((each) => each.forecast)
  }
  const noisy = { kind: 'noisy', errorShare: 0.2, atLeadHours: 12, neighbourCorrelation: 0 }
  expect(built([])).toEqual([{ kind: 'persistence' }, { kind: 'persistence' }, noisy])
  const own = ['participants.enterprises.1.forecast=perfect', 'participants.pv_plants.0.forecast=persistence']
  expect(built(own)).toEqual([{ kind: 'persistence' }, { kind: 'perfect' }, { kind: 'persistence' }])
})

test('any value of the minimal scenario replaced by nonsense is answered by faults, never by a crash', () => {
  const paths: (string | number)[][] = []
  const walk = (node: unknown, path: (string | number)[]): void => {
    if (path.length > 0) paths.push(path)
    if (Array.isArray(node)) node.forEach((child, at) => walk(child, [...path, at]))
    else if (typeof node === 'object' && node !== null)
      Object.entries(node).forEach(([key, child]) => walk(child, [...path, key]))
  }
  walk(parse(minimal), [])
  const nonsense = fc.constantFrom<unknown>(
    null,
    -1,
    'nonsense!',
    [],
    {},
    Number.NaN,
    1e300,
    true,
    '__proto__',
    [[[]]],
  )
  fc.assert(
    fc.property(fc.constantFrom(...paths), nonsense, (path, value) => {
      const data = parse(minimal) as Record<string | number, unknown>
      const parent = path.slice(0, -1).reduce((at, key) => at[key] as Record<string | number, unknown>, data)
      parent[path.at(-1)!] = value
      const text = stringify(data)
      const lines = text.split('\n').length
      const parsed = parseScenario({ file: 'x.yaml', text })
      const faults = parsed.ok ? [] : parsed.faults
      for (const fault of faults) expect(fault.line).toBeLessThanOrEqual(lines)
      if (parsed.ok) buildZone(parsed.scenario, seeds)
    }),
    { numRuns: 400, seed: 6 },
  )
})

test('--set with a star changes every entry, and a key that is not there is made', () => {
  const file = { file: 'x.yaml', text: readFileSync('scenarios/jindong-pilot.yaml', 'utf8') }
  const parsed = parseScenario(file, [
    'participants.storage.*.mode=own-load',
    'participants.storage.*.plan.horizon_hours=24',
  ])
  expect(parsed.ok).toBe(true)
  if (!parsed.ok) return
  const units = parsed.scenario.data.participants.storage
  expect(units.length).toBeGreaterThan(1)
  expect(units.map(({ mode, plan }) => [mode, plan])).toEqual(
    units.map(() => ['own-load', { horizon_hours: 24 }]),
  )
  expect(faultsOf(minimal, ['participants.storage.*.mode=own-load']).join()).toMatch(/--set/)
  expect(faultsOf(minimal, ['market.*.k=1']).join()).toMatch(/--set/)
  expect(faultsOf(minimal, ['zone.wheelng.regime=zero']).join()).toMatch(/wheelng.*no such key here/)
})

test('--set changes one value, and a path that leads nowhere is a fault', () => {
  const parsed = parseScenario({ file: 'x.yaml', text: minimal }, [
    'market.k=0.25',
    'participants.pv_plants.0.capacity_kw=3000',
  ])
  expect(parsed.ok && parsed.scenario.data.market.k).toBe(0.25)
  expect(faultsOf(minimal, ['market.q=1']).join()).toMatch(/market\.q: wanted no such key/)
  expect(faultsOf(minimal, ['nowhere.at.all=1']).join()).toMatch(/--set/)
})

test('every number of the shipped scenarios says where it comes from', () => {
  for (const name of shippedScenarios) {
    const data = parse(readFileSync(`scenarios/${name}.yaml`, 'utf8')) as { provenance: { path: string }[] }
    const patterns = data.provenance.map(({ path }) => globOf(path))
    const missing = numbersOf(data).filter((path) => !patterns.some((pattern) => pattern.test(path)))
    expect(missing, name).toEqual([])
  }
})

function globOf(path: string): RegExp {
  const body = path
    .split('**')
    .map((part) => part.split('*').map(escape).join('[^.]*'))
    .join('.*')
  return new RegExp(`^${body}$`)
}

const escape = (text: string) => text.replaceAll('.', '\\.')

function numbersOf(node: unknown, path = ''): string[] {
  if (typeof node === 'number') return [path]
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, child]) =>
    numbersOf(child, path === '' ? key : `${path}.${key}`),
  )
}

test('draws hit the asked energy, and the retail share within a point', () => {
  const parsed = parseScenario({ file: 'x', text: readFileSync('scenarios/jindong-pilot.yaml', 'utf8') })
  const built = parsed.ok && buildZone(parsed.scenario, seeds)
  if (!built || !built.ok) throw new Error('the pilot must be good')
  const { enterprises, pvUnits } = built.zone
  const total = enterprises.reduce((sum, each) => sum + each.annualKwh, 0)
  const kwh = (kind: string) =>
    enterprises.filter((each) => each.contract.kind === kind).reduce((sum, each) => sum + each.annualKwh, 0)
  expect(Math.abs(total - 250e6)).toBeLessThan(100)
  expect(Math.abs(1 - kwh('agency') / total - 0.85)).toBeLessThan(0.01)
  expect(Math.abs(kwh('retail-flat') / (total - kwh('agency')) - 0.5)).toBeLessThan(0.05)
  expect(enterprises.filter((each) => each.group.startsWith('bonded')).length).toBeGreaterThan(20)
  expect(pvUnits.reduce((sum, unit) => sum + unit.system.capacityKwDc, 0)).toBe(30_000)
})

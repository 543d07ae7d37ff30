import { expect, test } from 'vitest'
import { shareLeft } from '../../src/scenario/economics.ts'
import type { Zone } from '../../src/scenario/zone.ts'
import { reportFiles } from '../../src/report/files.ts'
import { projectGroups } from '../../src/report/projects.ts'
import { summarize } from '../../src/report/summary.ts'
import type { SimulationResult } from '../../src/simulation/result.ts'
import { simulate } from '../../src/simulation/simulate.ts'
import { minimal, zoneOf } from '../simulation/zones.ts'
import { holdReplaceable } from './replaceable.ts'

const year = ['calendar.from=2027-01-01', 'calendar.to=2027-12-31']
const roof = (id: string, price: string) =>
  `{ id: ${id}, name: roof, host: workshop, capacity_kw: 400, outside: mechanism-stock${price} }`
const battery =
  '{ id: pack, name: battery, bus: feeder, power_kw: 250, energy_kwh: 500, charge_efficiency: 0.93, ' +
  'discharge_efficiency: 0.93, min_soc: 0.05, max_soc: 0.95, initial_soc: 0.05, wear_cny_per_kwh: 0.1, ' +
  'baseline: user-side, host: shop }'
const assets = [
  `participants.pv_roofs=[${roof('own', '')}, ${roof('third', ', behind_meter_cny_per_kwh: 0.55')}]`,
  `participants.storage=[${battery}]`,
]
const economics = (more = '') =>
  `economics={ discount_rate: 0.06, tax: null${more}, ` +
  'pv: { investment_cny_per_kw: 2700, operation: { cny_per_kw: 46 }, lifetime_years: 20, ' +
  'first_year_loss_share: 0.02, yearly_loss_share: 0.005, replacement: { every_years: 10, share_of_investment: 0.08 } }, ' +
  'storage: { investment_cny_per_kw: 100, investment_cny_per_kwh: 850, operation: { share_of_investment: 0.02 }, ' +
  'lifetime_years: 12, first_year_loss_share: 0, yearly_loss_share: 0.02, replacement: { every_years: 6, share_of_investment: 0.5 } } }'

async function run(...set: string[]): Promise<SimulationResult> {
  const answer = await simulate(zoneOf(minimal, ...set), { version: 'test', readFile: () => undefined })
  if (!answer.ok) throw new Error(JSON.stringify(answer.faults))
  return answer.value
}

const result = await run(...year, ...assets, economics())
const [pv, storage] = projectGroups(result)

test('a project’s first year is what its statements say; a host’s own roof also saves its bill', () => {
  const byId = new Map(result.projects[0]!.units.map((unit) => [unit.id, unit]))
  for (const { id, incomeBeforeE11, incomeAfterE11 } of result.main.pv) {
    const unit = byId.get(id)!
    // The ledger is exact, a statement is rounded line by line.
    expect(Math.abs(unit.beforeFen - Number(incomeBeforeE11) / 1e9)).toBeLessThan(40)
    expect(Math.abs(unit.afterFen - Number(incomeAfterE11) / 1e9)).toBeLessThan(40)
    expect(unit.savedFen > 0).toBe(id === 'own')
  }
  // What the host would have paid, from its prices by quarter-hour.
  const own = result.main.pv.find(({ id }) => id === 'own')!
  const perKwh = byId.get('own')!.savedFen / 100 / (own.selfUseWh / 1000)
  expect(perKwh).toBeGreaterThan(0.43 + 0.0136 + 0.0816)
  expect(perKwh).toBeLessThan(0.75)
})

test('a battery’s income is its cash: gain and wear together, in both runs', () => {
  const unit = result.projects[0]!.units.find(({ id }) => id === 'pack')!
  const { gainMarketE11, gainBaselineE11, soldWh } = result.main.storages[0]!
  const wearE11 = (runKind: string) =>
    result.main.statements
      .filter(({ account, run }) => account === 'storage:pack' && run === runKind)
      .flatMap(({ notes }) => notes)
      .reduce((sum, { key, energyWh }) => sum + (key === 'wear' ? energyWh! * 1000 * 10_000 : 0), 0)
  expect(soldWh).toBeGreaterThan(0)
  expect(wearE11('baseline')).toBeGreaterThan(0)
  expect(Math.abs(unit.afterFen - (Number(gainMarketE11) + wearE11('market')) / 1e9)).toBeLessThan(80)
  expect(Math.abs(unit.beforeFen - (Number(gainBaselineE11) + wearE11('baseline')) / 1e9)).toBeLessThan(80)
  expect(unit.quantityAfterWh).toBe(soldWh)
})

test('the cash flow of the plant, worked anew in floating point', () => {
  const { before } = pv!.units.find(({ id }) => id === 'plant')!
  const unit = result.projects[0]!.units.find(({ id }) => id === 'plant')!
  const investment = 2000 * 2700
  let [npv, costs, kwh] = [-investment, investment, 0]
  for (let n = 1; n <= 20; n++) {
    const left = n === 1 ? 1 : 0.98 * 0.995 ** (n - 2)
    const replaced = n === 10 ? 0.08 * investment : 0
    npv += ((unit.beforeFen / 100) * left - 2000 * 46 - replaced) / 1.06 ** n
    costs += (2000 * 46 + replaced) / 1.06 ** n
    kwh += ((unit.quantityBeforeWh / 1000) * left) / 1.06 ** n
  }
  expect(Math.abs(Number(before.npv) - npv)).toBeLessThan(0.2)
  expect(Number(before.levelisedCost)).toBeCloseTo(costs / kwh, 9)
  expect(before.flows.map(({ replacement }) => Number(replacement)).filter((each) => each > 0)).toEqual([
    0.08 * investment,
  ])
})

test('a battery is as new after its cells were replaced, and the sum of a kind is the sum of its units', () => {
  const { after } = storage!.units[0]!
  expect(after.flows[7]!.income.eq(after.flows[1]!.income)).toBe(true)
  expect(after.flows[6]!.income.lt(after.flows[5]!.income)).toBe(true)
  expect(Number(after.flows[6]!.replacement)).toBe(0.5 * (100 * 250 + 850 * 500))
  for (const { sum, units } of [pv!, storage!]) {
    const npv = units.reduce((total, unit) => total + Number(unit.after.npv), 0)
    expect(Math.abs(Number(sum.after.npv) - npv)).toBeLessThan(1)
  }
})

test('the market leaves generation as it is, so what a kWh of PV costs is the same in both runs', () => {
  for (const { before, after } of pv!.units) {
    expect(before.levelisedCost!.eq(after.levelisedCost!)).toBe(true)
    expect(after.npv.gte(before.npv)).toBe(true)
  }
})

test('report, summary and files tell the projects of a year', () => {
  const files = new Map(
    reportFiles(result, { trades: false, command: 'x' }).map(({ name, content }) => [name, content]),
  )
  expect(files.get('report.html')).toContain('<section id="projects">')
  const rows = (name: string) => (files.get(name) as string).trim().split('\r\n').length - 1
  // Three PV units and a battery with a sum each, both runs; years 0 to 20 and 0 to 12.
  expect(rows('projects.csv')).toBe(2 * 6)
  expect(rows('project-years.csv')).toBe(2 * (4 * 21 + 2 * 13))
  const summary = summarize(result).projects
  expect(summary.map(({ kind, units }) => [kind, units.length])).toEqual([
    ['pv', 3],
    ['storage', 1],
  ])
  expect(summary[0]!.after.npvCny).toBe(Number(pv!.sum.after.npv.toFixed(2)))
})

test('a folder with all files of a year’s run may be replaced by the next run', () => {
  holdReplaceable(reportFiles(result, { trades: false, command: 'x' }))
})

test('a tax takes VAT out of all money and never leaves more', async () => {
  const taxed = await run(
    ...year,
    ...assets,
    economics().replace(
      'tax: null',
      'tax: { vat_share: 0.13, rate: 0.25, exempt_years: 3, half_years: 3, depreciation_years: 10, loss_years: 5 }',
    ),
  )
  const [group] = projectGroups(taxed)
  const [before, after] = [pv!.sum.before, group!.sum.before]
  expect(Number(after.flows[0]!.investment.times('1.13').toFixed(0))).toBe(
    Number(before.flows[0]!.investment),
  )
  expect(Math.abs(Number(after.flows[1]!.income.times('1.13').minus(before.flows[1]!.income)))).toBeLessThan(
    0.05,
  )
  expect(after.flows.slice(1, 4).every(({ tax }) => tax.isZero())).toBe(true)
  expect(after.npv.lt(before.npv.div('1.13'))).toBe(true)
})

test('years run in full: less is generated as the modules age, and only they are new results', async () => {
  // Year 14 is beyond the battery's life of 12.
  const years = ', years: { simulated: [1, 8, 14], chance: same }'
  const later = await run(...year, ...assets, economics(years))
  const [first, eighth] = later.projects
  expect(eighth!.year).toBe(8)
  expect(first).toEqual(result.projects[0])
  const terms = later.zone.economics!.pv!
  first!.units.forEach((unit, at) => {
    if (unit.kind !== 'pv') return
    // The inverter cuts the best hours of a new plant, so what ageing takes is a little less than its share.
    const left = eighth!.units[at]!.quantityBeforeWh / unit.quantityBeforeWh
    expect(left).toBeGreaterThanOrEqual(shareLeft(terms, 8) - 1e-3)
    expect(left).toBeLessThan(shareLeft(terms, 8) + 0.02)
  })
  const flows = projectGroups(later)[0]!.units[0]!.before.flows
  expect(Number(flows[8]!.income)).toBe(eighth!.units[0]!.beforeFen / 100)
  const pack = projectGroups(later)[1]!.units[0]!.after.flows
  expect(pack.length).toBe(13)
  expect(Number(pack[8]!.income)).toBe(eighth!.units.find(({ id }) => id === 'pack')!.afterFen / 100)
  expect(later.main).toEqual(result.main)
  expect(later.resultHash).not.toBe(result.resultHash)
})

test('a scenario without costs has the same results, and part of a year says why it has no projects', async () => {
  const plain = await run(...year, ...assets)
  expect(plain.projects).toEqual([])
  expect(plain.resultHash).toBe(result.resultHash)
  const short = await run(economics())
  expect(projectGroups(short)).toEqual([])
  const html = reportFiles(short, { trades: false, command: 'x' }).find(({ name }) => name === 'report.html')!
  expect(html.content).toContain('This run has 3 days; what a project is worth is told for a year.')
})

test('weather of a later year may be drawn anew', async () => {
  const later = await run(...year, economics(', years: { simulated: [1, 2], chance: drawn }'))
  const [first, second] = later.projects
  const ratio = second!.units[0]!.quantityBeforeWh / first!.units[0]!.quantityBeforeWh
  expect(ratio).not.toBeCloseTo(shareLeft(later.zone.economics!.pv!, 2), 3)
  expect(Math.abs(ratio - 1)).toBeLessThan(0.15)
})

test('simulated years that do not rise from 1, or that nobody lives to see, are a fault with its place', () => {
  const wrong = (years: string) => (): Zone =>
    zoneOf(minimal, economics(`, years: { simulated: ${years}, chance: same }`))
  expect(wrong('[2, 1]')).toThrow(/rising years of life that begin with 1/)
  expect(wrong('[1, 40]')).toThrow(/no year beyond a life of 2\d/)
})

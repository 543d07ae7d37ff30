import { expect, test } from 'vitest'
import { simulate } from '../../src/simulation/simulate.ts'
import type { Statement, VariantResult } from '../../src/simulation/result.ts'
import type { Zone } from '../../src/scenario/zone.ts'
import { storedWhMax } from '../../src/assets/storage.ts'
import { StorageDesk } from '../../src/simulation/storage-desk.ts'
import { appendStep, makeDaySteps } from '../../src/strategy/day-steps.ts'
import { StoragePlanner } from '../../src/strategy/storage-plan.ts'
import { minimal, pilot, zoneOf } from './zones.ts'

const e11PerFen = 1_000_000_000n
const april = ['calendar.from=2027-04-01', 'calendar.to=2027-04-30']
const unit = (number: number, ...set: string[]) => set.map((each) => `participants.storage.${number}.${each}`)

function zone(...set: string[]): Zone {
  const built = zoneOf(pilot, ...april, ...set)
  return { ...built, headline: null }
}

async function run(simulated: Zone): Promise<VariantResult> {
  const answer = await simulate(simulated, { version: 'test', readFile: () => undefined })
  if (!answer.ok) throw new Error(JSON.stringify(answer.faults))
  return answer.value.main
}

/** A battery behind the meter of one of the two enterprises of the smallest zone. */
const behind = (host: 0 | 1, mode: string, id = mode) =>
  `{ id: ${id}, name: battery, bus: ${['feeder', 'busbar'][host]}, host: ${['workshop', 'shop'][host]}, mode: ${mode}, ` +
  'power_kw: 50, energy_kwh: 100, charge_efficiency: 0.95, discharge_efficiency: 0.95, min_soc: 0, max_soc: 1, initial_soc: 0, ' +
  'wear_cny_per_kwh: 0, baseline: idle }'

/** The smallest zone over the end of a month, with batteries and nobody to trade with. */
const runAlone = (...batteries: string[]) =>
  run(
    zoneOf(
      minimal,
      'calendar={ from: 2027-05-30, to: 2027-06-02 }',
      'participants.pv_plants=[]',
      `participants.storage=[${batteries.join(', ')}]`,
    ),
  )

const account = ({ accounts }: VariantResult, name: string) => accounts.find((each) => each.account === name)!
const statementOf = ({ statements }: VariantResult, name: string, when: Statement['run'] = 'market') =>
  statements.find((each) => each.account === name && each.run === when)
const ofHost = ({ statements }: VariantResult, host: string, when: Statement['run']) =>
  statements.filter((each) => each.account === `enterprise:${host}` && each.run === when)
const lineOf = (statement: Statement | undefined, key: string) =>
  statement?.lines.filter((each) => each.key === key).reduce((sum, each) => sum + each.amountFen, 0) ?? 0

const trading = await run(zone())
const serving = await run(
  zone(
    ...unit(0, 'mode=own-load'),
    ...unit(1, 'mode=peak-shaving', 'baseline=user-side'),
    ...unit(2, 'mode=own-load'),
  ),
)
const rented = await run(
  zone(
    ...unit(
      0,
      'mode=rental',
      'rent={ cny_per_kw_month: 20, cny_per_kwh_month: 1.5, cny_per_kwh_out: 0.05 }',
      'tenants=[{ id: metal-02, share: 0.5 }, { id: metal-03, share: 0.3 }]',
    ),
  ),
)

test('a battery that serves its host trades nothing, and earns what its host’s bill falls by, less wear', () => {
  for (const index of [0, 1, 2]) {
    const each = serving.storages[index]!
    expect([each.boughtWh, each.soldWh]).toEqual([0, 0])
    const own = statementOf(serving, `storage:${each.id}`)
    const host = statementOf(serving, `enterprise:metal-0${index + 1}`)
    const serviceFen = lineOf(own, 'storage-service')
    expect(own!.totalFen).toBe(serviceFen)
    expect(lineOf(host, 'storage-service')).toBe(serviceFen)
    const wear = own!.notes.find((note) => note.key === 'wear')
    const expected = each.behindMeter![index === 1 ? 'peakShavingE11' : 'ownLoadE11']
    // A fee is what the host's statement falls by, each line of it whole fen; so is the wear that a statement tells.
    const gain = account(serving, `storage:${each.id}`).afterE11
    expect(Math.abs(Number(gain - expected) / Number(e11PerFen))).toBeLessThan(10)
    expect(Math.abs(serviceFen + (wear?.amountFen ?? 0) - Number(gain) / Number(e11PerFen))).toBeLessThan(1)
  }
  expect(serving.storages[3]!.soldWh).toBeGreaterThan(0)
  expect(serving.ledger.residualE11).toBe(0n)
})

test('shaving the peak is worth more than shifting load that may not raise it, and lowers the billed demand', () => {
  for (const { behindMeter } of trading.storages) {
    expect(behindMeter!.peakShavingE11).toBeGreaterThan(behindMeter!.ownLoadE11)
    expect(behindMeter!.ownLoadE11).toBeGreaterThanOrEqual(0n)
  }
  const demand = (variant: VariantResult) =>
    lineOf(statementOf(variant, 'enterprise:metal-02'), 'demand-charge')
  expect(demand(serving)).toBeLessThan(demand(trading))
})

test('what a battery earns behind its meter is the same in both runs where it serves in both', () => {
  const before = statementOf(serving, 'storage:storage-02', 'baseline')!
  const after = statementOf(serving, 'storage:storage-02')!
  expect(after.totalFen).toBe(before.totalFen)
})

test('a host that trades nothing pays with batteries behind its meter, to the fen, what it pays without', async () => {
  const alone = await runAlone(behind(0, 'peak-shaving'), behind(1, 'own-load'))
  for (const host of ['workshop', 'shop']) {
    const monthly = (when: Statement['run']) => ofHost(alone, host, when)
    const services = monthly('market').map((each) => lineOf(each, 'storage-service'))
    expect(Math.min(...services)).toBeGreaterThan(0)
    expect(monthly('market').map((each) => each.totalFen)).toEqual(
      monthly('baseline').map((each) => each.totalFen),
    )
  }
})

test('of two batteries behind one meter the later is paid for what it takes off the bill that the earlier leaves', async () => {
  const [one, both] = [
    await runAlone(behind(1, 'own-load')),
    await runAlone(behind(1, 'own-load'), behind(1, 'peak-shaving', 'later')),
  ]
  const paid = (variant: VariantResult, id: string) =>
    variant.statements
      .filter((each) => each.account === `storage:${id}` && each.run === 'market')
      .map((each) => lineOf(each, 'storage-service'))
  expect(paid(both, 'own-load')).toEqual(paid(one, 'own-load'))
  expect(Math.min(...paid(both, 'later'))).toBeGreaterThan(0)
  const byHost = ofHost(both, 'shop', 'market').map((each) => lineOf(each, 'storage-service'))
  expect(byHost).toEqual(paid(one, 'own-load').map((fen, month) => fen + paid(both, 'later')[month]!))
})

test('a rented battery: each tenant trades with its share, pays rent by the month and for use, and bears no wear', () => {
  const [lessor, half, third] = rented.storages
  expect([lessor!.id, half!.id, third!.id]).toEqual([
    'storage-01',
    'storage-01/metal-02',
    'storage-01/metal-03',
  ])
  const rents = [half!, third!].map(({ id }) => {
    const statement = statementOf(rented, `storage:${id}`)!
    expect(statement.notes.some((note) => note.key === 'wear')).toBe(false)
    return { capacity: lineOf(statement, 'storage-rent'), use: lineOf(statement, 'storage-use') }
  })
  // 2,500 kW · 20 + 5,000 kWh · 1.5 is 57,500 CNY a month for all of it.
  expect(rents.map(({ capacity }) => capacity)).toEqual([-2_875_000, -1_725_000])
  const own = statementOf(rented, 'storage:storage-01')!
  expect(lineOf(own, 'storage-rent')).toBe(2_875_000 + 1_725_000)
  expect(lineOf(own, 'storage-use')).toBe(-rents.reduce((sum, { use }) => sum + use, 0))
  const wear = own.notes.find((note) => note.key === 'wear')!
  const taken = own.lines
    .filter((each) => each.key === 'storage-use')
    .reduce((sum, each) => sum + each.energyWh!, 0)
  // Its own fifth wears as well.
  expect(wear.energyWh!).toBeGreaterThan(taken)
  expect(half!.soldWh).toBeGreaterThan(third!.soldWh)
  expect(third!.soldWh).toBeGreaterThan(lessor!.soldWh)
  expect(rented.ledger.residualE11).toBe(0n)
})

test('a tenant that pays less for use than the wear is takes more out than an owner would', () => {
  const shares = rented.storages.slice(0, 3).reduce((sum, { soldWh }) => sum + soldWh, 0)
  expect(shares).toBeGreaterThan(trading.storages[0]!.soldWh)
})

test('a battery whose last Wh of room would be lost on the way does not buy it, quarter-hour after quarter-hour', () => {
  const [unit] = zoneOf(pilot).storages
  const desk = new StorageDesk(unit!, 0, 1)
  const steps = makeDaySteps(1)
  appendStep(steps, 0, 1, 3000, 5_000_000)
  desk.planFrom(0, steps, new StoragePlanner(unit!.plan.horizonIntervals, 1), 0)
  const spareWith = (roomWh: number) => {
    desk.storedWh = storedWhMax(unit!.spec) - roomWh
    return desk.bid(0, 0)?.spareWh ?? null
  }
  // ⌊2 Wh · 0.93⌋ fill all but the last Wh, and ⌊1 Wh · 0.93⌋ is nothing.
  expect([3, 2, 1, 0].map(spareWith)).toEqual([3, 2, null, null])
})

test('batteries make buying dearer and selling cheaper for themselves', () => {
  for (const { spread, boughtWh, soldWh } of trading.storages) {
    expect(spread!.boughtFirstTickWh).toBeLessThanOrEqual(spread!.boughtLastTickWh)
    expect(spread!.soldFirstTickWh).toBeGreaterThanOrEqual(spread!.soldLastTickWh)
    const mean = (tickWh: number, energyWh: number) => tickWh / energyWh
    const first =
      mean(spread!.soldFirstTickWh, spread!.soldWh) - mean(spread!.boughtFirstTickWh, spread!.boughtWh)
    const last =
      mean(spread!.soldLastTickWh, spread!.soldWh) - mean(spread!.boughtLastTickWh, spread!.boughtWh)
    expect(last).toBeLessThan(first)
    // Somebody's meter may support less than was accepted.
    expect(spread!.boughtWh).toBeGreaterThanOrEqual(boughtWh)
    expect(spread!.soldWh).toBeGreaterThanOrEqual(soldWh)
  }
})

test('a battery never buys or sells at a loss: every trade leaves it a value within its plan', () => {
  for (const { id, gainMarketE11 } of trading.storages) {
    expect(gainMarketE11, id).toBeGreaterThan(0n)
  }
})

test.each([
  ['own-load', 'host=null', 'a host'],
  ['peak-shaving', 'host=null', 'a host'],
  ['rental', 'baseline=idle', 'tenants of a rented battery'],
  ['rental', 'tenants=[{ id: nobody, share: 0.5 }]', 'the id of an enterprise'],
  ['rental', 'tenants=[{ id: metal-01, share: 0.5 }, { id: metal-02, share: 0.6 }]', 'at most 1 together'],
  ['arbitrage', 'tenants=[{ id: metal-01, share: 0.5 }]', 'none in mode arbitrage'],
  ['arbitrage', 'plan={ horizon_hours: 4, replan_hours: 8 }', 'not more than the horizon of 4 hours'],
])('mode %s with %s is refused', (mode, set, wanted) => {
  expect(() => zone(...unit(0, `mode=${mode}`, set))).toThrow(wanted)
})

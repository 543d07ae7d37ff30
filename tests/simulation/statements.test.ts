import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Zone } from '../../src/scenario/zone.ts'
import { simulate } from '../../src/simulation/simulate.ts'
import type { Statement, StatementLine, StatementNote, VariantResult } from '../../src/simulation/result.ts'
import { greenNote } from '../../src/simulation/statement-notes.ts'
import { pilot, zoneOf } from './zones.ts'

const e11PerFen = 1_000_000_000n

async function run(change: (zone: Zone) => Partial<Zone> = () => ({})): Promise<VariantResult> {
  const plain = zoneOf(pilot, 'calendar.from=2027-04-26', 'calendar.to=2027-05-04')
  const zone = { ...plain, headline: null, ...change(plain) }
  const answer = await simulate(zone, { version: 'test', readFile: () => undefined })
  if (!answer.ok) throw new Error(JSON.stringify(answer.faults))
  return answer.value.main
}

const idle = await run()
const userSide = await run(({ storages }) => ({
  storages: storages.map((unit) => ({ ...unit, baseline: 'user-side' as const })),
}))

const of = ({ statements }: VariantResult, kind: string, when: Statement['run']) =>
  statements.filter((each) => each.account.startsWith(`${kind}:`) && each.run === when)
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
const fen = (statements: readonly Statement[]) => sum(statements.map((each) => each.totalFen))
const account = (variant: VariantResult, name: string) =>
  variant.accounts.find((each) => each.account === name)!
const line = (statements: readonly Statement[], key: string): StatementLine[] =>
  statements.flatMap((each) => each.lines.filter((one) => one.key === key))
const notes = (statements: readonly Statement[], key: string): StatementNote[] =>
  statements.flatMap((each) => each.notes.filter((one) => one.key === key))
const balances = (variant: VariantResult, kind: string, when: 'beforeE11' | 'afterE11') =>
  variant.accounts
    .filter((each) => each.account.startsWith(`${kind}:`))
    .reduce((total, each) => total + each[when], 0n)

test('without the market an idle battery has no statement, with it every battery has one a month', () => {
  expect(of(idle, 'storage', 'baseline')).toEqual([])
  const market = of(idle, 'storage', 'market')
  expect(market.map((each) => `${each.account} ${each.month}`)).toEqual(
    ['2027-04', '2027-05'].flatMap((month) => idle.storages.map(({ id }) => `storage:${id} ${month}`)),
  )
  for (const { lines, totalFen } of market) expect(sum(lines.map((each) => each.amountFen))).toBe(totalFen)
})

test("batteries' statements less their wear are their accounts, to the last 1e-11 CNY", () => {
  const wearE11 = account(idle, 'wear').afterE11
  expect(wearE11).toBeGreaterThan(0n)
  const statements = of(idle, 'storage', 'market')
  expect(BigInt(fen(statements)) * e11PerFen - wearE11).toBe(balances(idle, 'storage', 'afterE11'))
  for (const { id } of idle.storages) {
    const own = statements.filter((each) => each.account === `storage:${id}`)
    const wearFen = sum(notes(own, 'wear').map((each) => each.amountFen!))
    const exactFen = Number(account(idle, `storage:${id}`).afterE11) / Number(e11PerFen)
    expect(Math.abs(fen(own) + wearFen - exactFen), id).toBeLessThanOrEqual(own.length / 2)
  }
})

test("batteries' statements hold the energy they bought and sold, and fees on the part that is lost", () => {
  for (const { id, boughtWh, soldWh } of idle.storages) {
    const own = of(idle, 'storage', 'market').filter((each) => each.account === `storage:${id}`)
    const energyWh = (key: string) => sum(line(own, key).map((each) => each.energyWh!))
    expect(energyWh('charging-energy')).toBe(boughtWh)
    expect(energyWh('trade-energy')).toBe(soldWh)
    for (const key of ['wheeling', 'trade-line-loss', 'trade-system', 'trade-funds']) {
      expect(line(own, key).every((each) => each.amountFen < 0 && each.zh.startsWith('损耗电量'))).toBe(true)
      // 1 − 0.93², rounded up to whole Wh in every interval with a purchase
      const lostWh = boughtWh * (1 - 0.93 ** 2)
      expect(energyWh(key), key).toBeGreaterThanOrEqual(Math.floor(lostWh))
      expect(energyWh(key), key).toBeLessThanOrEqual(lostWh + 9 * 96)
    }
  }
})

test('batteries that are not exempt pay the fees on all they buy', async () => {
  const main = await run(({ wheeling }) => ({ wheeling: { ...wheeling, storageExempt: false } }))
  const statements = of(main, 'storage', 'market')
  const boughtWh = sum(main.storages.map((each) => each.boughtWh))
  const funds = line(statements, 'trade-funds')
  expect(boughtWh).toBeGreaterThan(0)
  expect(sum(funds.map((each) => each.energyWh!))).toBe(boughtWh)
  expect(funds.every((each) => each.zh.startsWith('购入电量'))).toBe(true)
})

test('batteries behind a meter have the service their hosts pay, and their accounts are that less wear', () => {
  const statements = of(userSide, 'storage', 'baseline')
  const hosts = of(userSide, 'enterprise', 'baseline')
  const services = line(hosts, 'storage-service').filter((each) => each.amountFen !== 0)
  expect(statements.map((each) => each.lines)).toEqual(services.map((each) => [each]))
  const paidFen = fen(statements)
  expect(paidFen).toBeGreaterThan(0)
  const wearE11 = account(userSide, 'wear').beforeE11
  expect(wearE11).toBeGreaterThan(0n)
  expect(BigInt(paidFen) * e11PerFen - wearE11).toBe(balances(userSide, 'storage', 'beforeE11'))
})

test('every statement with the market tells 节约额 and green energy once, none without it does', () => {
  for (const { run: when, notes: told } of idle.statements) {
    const keys = told.map((each) => each.key).filter((key) => key !== 'wear')
    expect(keys).toEqual(when === 'market' ? ['saving', 'green-energy'] : [])
  }
})

test('what a battery gained is said to be before its wear, and nobody else’s is', () => {
  for (const { notes: told } of idle.statements.filter(({ run: when }) => when === 'market')) {
    const isWorn = told.some((each) => each.key === 'wear')
    expect(told.find((each) => each.key === 'saving')!.en.endsWith(', before wear')).toBe(isWorn)
  }
  expect(notes(of(idle, 'storage', 'market'), 'wear').length).toBeGreaterThan(0)
})

test.each([
  ['an idle baseline', idle],
  ['a user-side baseline', userSide],
])('the months of 节约额 add up to the change of the account, against %s', (_, main) => {
  for (const { account: name, changeE11 } of main.accounts.filter((each) =>
    /^(enterprise|pv|cog)/.test(each.account),
  )) {
    const own = main.statements.filter((each) => each.account === name)
    const savedFen = sum(notes(own, 'saving').map((each) => each.amountFen!))
    expect(BigInt(savedFen) * e11PerFen, name).toBe(changeE11)
  }
  const gainedFen = sum(notes(of(main, 'storage', 'market'), 'saving').map((each) => each.amountFen!))
  const change = balances(main, 'storage', 'afterE11') - balances(main, 'storage', 'beforeE11')
  expect(BigInt(gainedFen) * e11PerFen).toBe(change + account(main, 'wear').changeE11)
})

test('green energy leaves PV owners and reaches users: nothing is lost, batteries and biomass carry none', () => {
  const greenWh = (kind: string) =>
    sum(notes(of(idle, kind, 'market'), 'green-energy').map((each) => each.energyWh!))
  expect(greenWh('enterprise')).toBe(sum(idle.enterprises.map((each) => each.tradedPvWh)))
  expect(greenWh('pv')).toBe(greenWh('enterprise'))
  expect(greenWh('pv')).toBeGreaterThan(0)
  expect(greenWh('pv')).toBeLessThanOrEqual(sum(idle.pv.map((each) => each.tradedWh)))
  expect(greenWh('storage') + greenWh('cogeneration')).toBe(0)
  for (const { id, tradedPvWh } of idle.enterprises) {
    const own = of(idle, 'enterprise', 'market').filter((each) => each.account === `enterprise:${id}`)
    const certificates = sum(notes(own, 'green-energy').map((each) => each.certificates!))
    expect(certificates, id).toBe(Math.floor(tradedPvWh / 1_000_000))
  }
})

test('greenNote(energy, earlier) counts whole MWh and carries the rest to the next month', () => {
  const months = fc.array(fc.nat({ max: 5_000_000_000 }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(months, (energies) => {
      let earlierWh = 0
      let certificates = 0
      for (const energyWh of energies) {
        const note = greenNote(energyWh, earlierWh)
        expect(note.certificates! - Math.floor(energyWh / 1_000_000)).toBeOneOf([0, 1])
        earlierWh += energyWh
        certificates += note.certificates!
      }
      expect(certificates).toBe(Math.floor(earlierWh / 1_000_000))
    }),
  )
})

test('batteries across a voltage level and behind a narrow feeder pay 过网费 on the way and 阻塞费', async () => {
  const main = await run(({ buses, market }) => ({
    buses: buses.map((bus) => {
      if (bus.parent <= 0) return { ...bus, level: '35kV' as const }
      return bus.id === 'f05' ? { ...bus, capacityDownKw: 300 } : bus
    }),
    market: { ...market, rule: 'nodal-uniform' as const },
  }))
  const statements = of(main, 'storage', 'market')
  for (const key of ['charging-wheeling', 'congestion-rent']) {
    expect(line(statements, key).length, key).toBeGreaterThan(0)
    expect(
      line(statements, key).every((each) => each.amountFen < 0),
      key,
    ).toBe(true)
  }
  expect(main.ledger.residualE11).toBe(0n)
})

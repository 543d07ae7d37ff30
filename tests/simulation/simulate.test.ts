import { expect, test } from 'vitest'
import type { Zone } from '../../src/scenario/zone.ts'
import { simulate } from '../../src/simulation/simulate.ts'
import type { SimulationResult, VariantResult } from '../../src/simulation/result.ts'
import { pilot, zoneOf } from './zones.ts'

async function run(zone: Zone): Promise<SimulationResult> {
  const answer = await simulate(zone, { version: 'test', readFile: () => undefined, tradeList: true })
  if (!answer.ok) throw new Error(JSON.stringify(answer.faults))
  return answer.value
}

const fortnight = ['calendar.from=2027-04-26', 'calendar.to=2027-05-09']
const change = (variant: VariantResult, account: string) =>
  variant.accounts
    .filter((each) => each.account === account || each.account.startsWith(`${account}:`))
    .reduce((sum, each) => sum + each.changeE11, 0n)

const result = await run(zoneOf(pilot, ...fortnight))

test('the same scenario and seed give the same hash, another seed another', async () => {
  const short = ['calendar.from=2027-05-01', 'calendar.to=2027-05-02', 'headline.regimes=[full-td]']
  const first = await run(zoneOf(pilot, ...short))
  expect((await run(zoneOf(pilot, ...short))).resultHash).toBe(first.resultHash)
  expect((await run(zoneOf(pilot, ...short, 'seed=2'))).resultHash).not.toBe(first.resultHash)
})

test('changes of all accounts sum to exactly 0, storage and biomass included', () => {
  expect(result.main.ledger.residualE11).toBe(0n)
  expect(result.main.accounts.reduce((sum, { changeE11 }) => sum + changeE11, 0n)).toBe(0n)
})

test('without storage the physics is unchanged: upstream and wear do not move, and every fen saved is a fen lost elsewhere', async () => {
  const { main } = await run(
    zoneOf(pilot, ...fortnight, 'participants.storage=[]', 'forecast.pv_error_share=0'),
  )
  expect(change(main, 'upstream')).toBe(0n)
  expect(change(main, 'wear')).toBe(0n)
  expect(main.energy.importAfterWh).toBe(main.energy.importBeforeWh)
  expect(change(main, 'enterprise')).toBeGreaterThan(0n)
})

test('energy is conserved over the run: what comes in is used, stored, lost or sent out', () => {
  const { energy, storages, columns } = result.main
  const storedWh = columns.storedWh.at(-1)! - 4 * 250_000
  const lostWh = storages.reduce((sum, each) => sum + each.lostWh, 0)
  const inWh = energy.pvWh + energy.cogenerationWh + energy.importAfterWh
  expect(inWh).toBe(energy.loadWh + energy.exportAfterWh + storedWh + lostWh)
  const offered = energy.pvWh - energy.selfUseWh + energy.cogenerationWh
  const soldByOthers = energy.tradedWh - storages.reduce((sum, each) => sum + each.soldWh, 0)
  expect(offered).toBe(soldByOthers + energy.fedInWh)
})

test('statements are what the ledger says, to the fen', () => {
  const { accounts, statements } = result.main
  for (const { account, afterE11 } of accounts.filter((each) => each.account.startsWith('enterprise:'))) {
    const fen = statements
      .filter((each) => each.account === account && each.run === 'market')
      .reduce((sum, each) => sum + each.totalFen, 0)
    expect(BigInt(fen) * 1_000_000_000n, account).toBe(-afterE11)
  }
})

test('splits: the rule of the run gives what the ledger gave, and all rules share the same surplus', () => {
  const { splits } = result.main
  const own = splits.find((row) => row.rule === 'high-low' && row.kNumerator === 5000)!
  // Splits are exact; what the ledger gave batteries is rounded by at most half a fen per line of their statements.
  const lines = result.main.statements.filter((each) => each.account.startsWith('storage:'))
  const slackE11 = BigInt(lines.flatMap((each) => each.lines).length) * 500_000_000n
  const off = own.storageE11 - change(result.main, 'storage')
  expect(off < 0n ? -off : off).toBeLessThanOrEqual(slackE11)
  const total = (row: (typeof splits)[number]) =>
    row.buyersE11 + row.pvE11 + row.storageE11 + row.cogenerationE11 + row.marketSurplusE11
  for (const row of splits) expect(total(row), `${row.rule} ${row.kNumerator}`).toBe(total(own))
})

test('with truthful bids, perfect forecasts and PV alone, buyers get 1 − k and sellers k of the surplus, to a tick × volume', async () => {
  const { main } = await run(
    zoneOf(
      pilot,
      ...fortnight,
      'participants.storage=[]',
      'participants.cogeneration=[]',
      'forecast.pv_error_share=0',
      'forecast.load_error_share=0',
      'market.k=0.25',
    ),
  )
  const surplus = change(main, 'enterprise') + change(main, 'pv')
  const tickVolume = BigInt(main.energy.tradedWh) * 10_000n
  // The power-factor rebate is a share of the bill and shrinks with it; it is the rest of the difference.
  const slack = tickVolume * 2n + surplus / 50n
  const off = change(main, 'pv') * 4n - surplus
  expect(off < 0n ? -off : off).toBeLessThan(slack)
})

test('trades.csv holds the traded energy, and sellers never get less than outside', () => {
  const list = result.main.tradeList!
  expect(list.energyWh.reduce((sum, energy) => sum + energy, 0)).toBe(result.main.energy.tradedWh)
  for (const unit of result.main.pv)
    expect(unit.incomeAfterE11 + 10n ** 14n).toBeGreaterThan(unit.incomeBeforeE11)
})

test('the headline stands between 1901-literal and full-td for PV alone', () => {
  const alone = result.headline.filter((row) => row.assets.length === 1)
  expect(alone.map((row) => row.regime)).toEqual(['1901-literal', '1901-one-above', 'full-td'])
  expect(alone[0]!.enterprisesE11).toBeGreaterThan(alone[1]!.enterprisesE11)
  expect(alone[1]!.enterprisesE11).toBeGreaterThan(alone[2]!.enterprisesE11)
  expect(result.headline).toHaveLength(3 + 6 + 12)
})

test('12 MW behind one 8 MW feeder: nothing above 8 MW leaves it, and the arc is full at times', () => {
  const { columns, energy } = result.main
  expect(columns.fullArcs.some((full) => full > 0)).toBe(true)
  expect(energy.curtailedWh).toBeGreaterThan(0)
})

test('a market over a change of rules changes rules on that day', async () => {
  const { main } = await run(
    zoneOf('scenarios/minimal.yaml', 'calendar.from=2026-06-29', 'calendar.to=2026-07-02'),
  )
  expect(main.ledger.residualE11).toBe(0n)
  expect(new Set(main.statements.map((each) => each.month))).toEqual(new Set(['2026-06', '2026-07']))
})

test('a list of every trade is no other result', async () => {
  const zone = zoneOf('scenarios/minimal.yaml')
  const answer = await simulate(zone, { version: 'test', readFile: () => undefined, tradeList: false })
  if (!answer.ok) throw new Error(JSON.stringify(answer.faults))
  expect((await run(zone)).resultHash).toBe(answer.value.resultHash)
})

test('mechanism: annual releases PV under the mechanism only, so an owner with a fixed outside price never loses', async () => {
  const annual = 'market.mechanism=annual'
  const fixed = await run(
    zoneOf('scenarios/minimal.yaml', annual, 'participants.pv_plants.0.outside={price_cny_per_kwh: 0.45}'),
  )
  expect(change(fixed.main, 'pv')).toBeGreaterThanOrEqual(0n)
  const plain = await run(zoneOf('scenarios/minimal.yaml'))
  const released = await run(zoneOf('scenarios/minimal.yaml', annual))
  expect(released.main.pv[0]!.incomeAfterE11).toBeLessThan(plain.main.pv[0]!.incomeAfterE11)
})

test('each battery is compared with the baseline that the scenario names for it', async () => {
  const serving = (unit: number) => `participants.storage.${unit}.baseline=user-side`
  const gainsOf = async (...set: string[]) =>
    (await run(zoneOf(pilot, ...fortnight, ...set))).main.storages.map((each) => each.gainBaselineE11)
  const all = await gainsOf(...[0, 1, 2, 3].map(serving))
  // A host with one price at all hours has nothing to shift.
  const unit = all.findLastIndex((gain) => gain !== 0n)
  expect(unit).toBeGreaterThanOrEqual(0)
  expect(await gainsOf(serving(unit))).toEqual(all.map((gain, at) => (at === unit ? gain : 0n)))
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRegime, type Regime } from '../../src/grid/regimes/index.ts'
import {
  accountColumns,
  columnChanges,
  groupFigures,
  type Comparison,
} from '../../src/report/compare/cases.ts'
import { compareFiles } from '../../src/report/compare/files.ts'
import { comparisonTable } from '../../src/report/compare/table.ts'
import { curveFeesTicks, lastFee, stepTicks } from '../../src/simulation/break-even.ts'
import { compareRegimes, type RegimeComparison } from '../../src/simulation/compare-regimes.ts'
import { simulate } from '../../src/simulation/simulate.ts'
import type { VariantResult } from '../../src/simulation/result.ts'
import { publicAccounts } from '../../src/settlement/chart.ts'
import { pilot, zoneOf } from './zones.ts'

const days = ['calendar.from=2027-05-10', 'calendar.to=2027-05-12']
const zone = zoneOf(
  pilot,
  ...days,
  'participants.storage=[]',
  'forecast.pv_error_share=0',
  'forecast.load_error_share=0',
)
const options = { readFile: () => undefined, breakEven: false }

async function under(...regimes: string[]): Promise<readonly VariantResult[]> {
  return (
    await compared(
      regimes.map((text) => parseRegime(text)!),
      false,
    )
  ).variants
}

async function compared(regimes: readonly Regime[], breakEven: boolean): Promise<RegimeComparison> {
  const answer = await compareRegimes(zone, regimes, { ...options, breakEven })
  if (!answer.ok) throw new Error(JSON.stringify(answer.faults))
  return answer.value
}

const changeOf = (variant: VariantResult, name: string) =>
  variant.accounts
    .filter(({ account }) => account === name || account.startsWith(`${name}:`))
    .reduce((sum, { changeE11 }) => sum + changeE11, 0n)

test('compareRegimes() finds for a regime what simulate() finds for a scenario with it', async () => {
  const [variant] = await under('full-td')
  const alone = await simulate(
    { ...zone, headline: null, wheeling: { ...zone.wheeling, regime: { kind: 'full-td' } } },
    { version: 'test', readFile: options.readFile },
  )
  expect(alone.ok && alone.value.main.accounts).toEqual(variant!.accounts)
})

test('under capacity-1192 the same kWh are traded as under full-td at the same prices: a kWh bears no T&D either way', async () => {
  const [full, capacity] = await under('full-td', 'capacity-1192')
  expect(capacity!.energy.tradedWh).toBe(full!.energy.tradedWh)
  for (const account of ['pv', 'cogeneration', 'retailers', 'agencyPurchase'])
    expect(changeOf(capacity!, account)).toBe(changeOf(full!, account))
})

test('under capacity-1192 two-part buyers pay no T&D per kWh, and their capacity times load rate · 730 h instead', async () => {
  const [low, high] = await under('capacity-1192:0.5', 'capacity-1192:0.6')
  const paid = (variant: VariantResult) =>
    variant.statements
      .filter(({ run }) => run === 'market')
      .flatMap(({ account, lines }) => lines.map((line) => ({ ...line, account })))
  const twoPart = new Set(
    zone.enterprises
      .filter(({ connection }) => connection.part === 'two')
      .map(({ id }) => `enterprise:${id}`),
  )
  for (const line of paid(low!)) {
    if (line.key === 'td-energy' && twoPart.has(line.account)) expect(line.amountFen).toBe(0)
    if (line.key === 'td-capacity') expect(twoPart.has(line.account)).toBe(true)
  }
  const capacityFen = (variant: VariantResult) =>
    paid(variant)
      .filter(({ key }) => key === 'td-capacity')
      .reduce((sum, { amountFen }) => sum + amountFen, 0)
  expect(capacityFen(high!) / capacityFen(low!)).toBeCloseTo(1.2, 6)
  expect([low!.wheeling.exact, low!.ledger.residualE11]).toEqual([false, 0n])
})

test('every case sums to 0 over its columns, and the columns hold every account once', async () => {
  const columns = accountColumns.flatMap(({ accounts }) => [...accounts] as string[])
  expect(columns.toSorted()).toEqual(
    ['enterprise', 'pv', 'storage', 'cogeneration', 'fuel', ...publicAccounts].toSorted(),
  )
  for (const variant of await under('zero', 'flat:0.05', 'capacity-1192'))
    expect(columnChanges(variant).reduce((sum, change) => sum + change, 0n)).toBe(0n)
})

test('breakEvens() finds the fee at which the last kWh of each group is traded', async () => {
  const { breakEven } = await compared([], true)
  expect(breakEven.map(({ group }) => group).toSorted()).toEqual([
    'agency',
    'retail-by-period',
    'retail-flat',
  ])
  for (const { group, curve, lastFeeTicks } of breakEven) {
    expect(curve.map(({ feeTicks }) => feeTicks)).toEqual(curveFeesTicks)
    const saving = async (feeTicks: number) =>
      groupFigures({
        zone,
        variant: (await compared([{ kind: 'flat', feeTicks }], false)).variants[0]!,
      }).find((each) => each.group === group)!.savingE11
    expect(await saving(lastFeeTicks!)).toBeGreaterThan(0n)
    expect(await saving(lastFeeTicks! + stepTicks)).toBe(0n)
  }
})

test('lastFee() looks beyond the last fee of the curve under which a group saves, whatever it does below', async () => {
  const widest = 20_000
  await fc.assert(
    fc.asyncProperty(
      fc.subarray([...curveFeesTicks]),
      fc.integer({ min: 0, max: widest }),
      async (gaps, end) => {
        const saves = (feeTicks: number) => feeTicks < end && !gaps.includes(feeTicks as never)
        const found = await lastFee((feeTicks) => Promise.resolve(saves(feeTicks)), widest)
        const known = curveFeesTicks.filter(saves)
        if (known.length === 0) return found === null
        return saves(found!) && known.every((feeTicks) => feeTicks <= found!)
      },
    ),
  )
  expect(
    await lastFee((feeTicks) => Promise.resolve(feeTicks !== 250 && feeTicks < 1234), widest),
  ).toBeGreaterThan(1234 - 1 - stepTicks)
})

test('what the whole bills of all groups save is what enterprises gain, T&D by capacity among it', async () => {
  for (const variant of await under('full-td', 'capacity-1192')) {
    const groups = groupFigures({ zone, variant })
    const savedCny = groups.reduce((sum, { billSavingFen }) => sum + billSavingFen, 0) / 100
    const gainedCny = Number(columnChanges(variant)[0]!) / 1e11
    // A bill has some twenty lines, each rounded by half a fen at most, without and with the market.
    expect(Math.abs(savedCny - gainedCny)).toBeLessThan(zone.enterprises.length * 40 * 0.005)
    const savesByKwh = groups.reduce((sum, { savingE11 }) => sum + savingE11, 0n) > 0n
    expect([savesByKwh, savedCny > 0]).toEqual([true, variant.name === 'full-td'])
  }
})

test('compareFiles() and comparisonTable() name every case and every note', async () => {
  const { variants, breakEven } = await compared([{ kind: 'zero' }, parseRegime('capacity-1192')!], true)
  const comparison: Comparison = {
    zone,
    version: 'test',
    command: 'again',
    cases: variants.map((variant) => ({
      settings: [{ lever: 'wheeling', value: variant.name }],
      zone,
      variant,
    })),
    zones: [{ settings: [], breakEven }],
    resultHash: 'hash',
  }
  const files = Object.fromEntries(
    compareFiles(comparison).map(({ name, content }) => [name, content as string]),
  )
  expect(Object.keys(files)).toEqual(['compare.json', 'compare.csv', 'compare.html'])
  for (const text of [
    comparisonTable(comparison, { color: false }),
    files['compare.csv']!,
    files['compare.html']!,
  ])
    for (const { name } of variants) expect(text).toContain(name)
  expect(files['compare.html']).toContain('1192号 excludes buyers across the public network')
  const { cases, breakEven: groups } = JSON.parse(files['compare.json']!)
  expect(cases.map((each: { settings: object }) => each.settings)).toEqual([
    { wheeling: 'zero' },
    { wheeling: 'capacity-1192' },
  ])
  expect(groups[0].groups).toHaveLength(3)
})

import { expect, test } from 'vitest'
import { biddingFigures, biddingGroups } from '../../src/report/bidding.ts'
import { biddingCsv } from '../../src/report/bidding-csv.ts'
import { reportFiles } from '../../src/report/files.ts'
import { summarize } from '../../src/report/summary.ts'
import { savingsTable } from '../../src/report/table.ts'
import type { Zone } from '../../src/scenario/zone.ts'
import { truthfulZone } from '../../src/simulation/bidding-effect.ts'
import { compareRegimes } from '../../src/simulation/compare-regimes.ts'
import { simulate } from '../../src/simulation/simulate.ts'
import type { SimulationResult, VariantResult } from '../../src/simulation/result.ts'
import { minimal, strategicPark, zoneOf } from '../simulation/zones.ts'
import { holdReplaceable } from './replaceable.ts'

async function run(zone: Zone): Promise<SimulationResult> {
  const answer = await simulate(zone, { version: 'test', readFile: () => undefined })
  if (!answer.ok) throw new Error(JSON.stringify(answer.faults))
  return answer.value
}

const zone = zoneOf(strategicPark, 'calendar.to=2027-05-07')
const result = await run(zone)
const honest = await run(truthfulZone(zone))
const effect = result.bidding!
const contentOf = (name: string, of = result) =>
  reportFiles(of, { trades: false, command: 'x' }).find((file) => file.name === name)?.content

const gains = ({ splits }: VariantResult) => {
  const { buyersE11, pvE11, storageE11, cogenerationE11, marketSurplusE11 } = splits[0]!
  return buyersE11 + pvE11 + storageE11 + cogenerationE11 + marketSurplusE11
}

test('welfare is what trade is worth at true values: what all gain together, run by run', () => {
  expect(effect.welfareE11).toBe(gains(result.main))
  expect(effect.truthfulWelfareE11).toBe(gains(honest.main))
  expect(effect.welfareE11).toBeLessThan(effect.truthfulWelfareE11)
  expect(effect.welfareE11).toBeGreaterThan(0n)
})

test('changes are against the run in which all bid the truth, and sum to exactly 0', () => {
  expect(effect.accounts.reduce((sum, { changeE11 }) => sum + changeE11, 0n)).toBe(0n)
  result.main.accounts.forEach(({ account, afterE11 }, row) => {
    const changeE11 = afterE11 - honest.main.accounts[row]!.afterE11
    expect(effect.accounts[row]).toEqual({ account, changeE11 })
  })
  for (const { account, changeE11 } of effect.members)
    expect(effect.accounts.find((each) => each.account === account)!.changeE11).toBe(changeE11)
  expect(effect.members.map(({ tradedWh }) => tradedWh).slice(0, zone.enterprises.length)).toEqual(
    result.main.enterprises.map(({ tradedWh }) => tradedWh),
  )
})

test('where everybody is truthful, or leaves orders to others, nothing of it is in the results', async () => {
  expect(honest.bidding).toBeNull()
  expect(contentOf('strategies.csv', honest)).toBeUndefined()
  expect(contentOf('report.html', honest)).not.toContain('<section id="strategies">')
  expect(summarize(honest)).not.toHaveProperty('bidding')
  expect((await run(zoneOf(minimal, 'strategy=external'))).bidding).toBeNull()
})

test('summary, table, page and CSV tell the loss and who bears it', () => {
  const { lostShare, lostCny } = biddingFigures(effect)
  expect(lostShare).toBeGreaterThan(0)
  expect(summarize(result).bidding).toMatchObject({ lostShare, lostCny })
  const table = savingsTable(result, { color: false })
  expect(table).toContain('strategic bidding (策略报价) loses')
  expect(table).toContain('PV owners (光伏业主): adaptive (自适应)')
  expect(contentOf('report.html')).toContain('<section id="strategies">')
  expect(contentOf('report.html')).toContain('Enterprises as buyers (用电企业): zero-intelligence (零智能)')
  expect(contentOf('strategies.csv')).toBe(biddingCsv(effect))
  const rows = biddingCsv(effect).trim().split('\r\n')
  expect(rows).toHaveLength(1 + effect.members.length)
  expect(rows.find((row) => row.startsWith('enterprise:laboratory'))).toBe(
    'enterprise:laboratory,enterprise,external,0,0,0',
  )
  const groups = biddingGroups(effect)
  expect(groups.reduce((sum, { members }) => sum + members, 0)).toBe(effect.members.length)
})

test('its folder may be replaced by the next run', () => {
  holdReplaceable(reportFiles(result, { trades: false, command: 'x' }))
})

test('a comparison of regimes has the loss in each', async () => {
  const regimes = [{ kind: 'zero' }, zone.wheeling.regime] as const
  const answer = await compareRegimes(zone, regimes, { readFile: () => undefined, breakEven: false })
  if (!answer.ok) throw new Error('the park must run')
  const { bidding, variants } = answer.value
  expect(bidding[1]).toEqual(effect)
  expect(bidding.map((each) => each!.welfareE11)).toEqual(variants.map(gains))
})

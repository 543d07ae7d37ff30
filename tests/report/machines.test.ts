import { expect, test } from 'vitest'
import { reportFiles } from '../../src/report/files.ts'
import { serviceText } from '../../src/report/html/machines.ts'
import { summarize } from '../../src/report/summary.ts'
import { savingsTable } from '../../src/report/table.ts'
import { simulate } from '../../src/simulation/simulate.ts'
import { zoneOf } from '../simulation/zones.ts'

const zone = zoneOf('scenarios/flexible-park.yaml', 'calendar.to=2027-05-04')
const answer = await simulate(zone, { version: 'test', readFile: () => undefined })
if (!answer.ok) throw new Error(JSON.stringify(answer.faults))
const result = answer.value
const page = reportFiles(result, { trades: false, command: 'x' }).find(({ name }) => name === 'report.html')!

test('the report has a section on machines, and curtailment by decision has lines of its own', () => {
  expect(page.content).toContain('<section id="machines">')
  expect(page.content).toContain('turned down by decision, since it would earn too little (弃光)')
  expect(page.content).toContain('Fuel and starts less heat (燃料与启动)')
  const { machines, accounts } = summarize(result)
  expect(machines!.loads.map(({ id }) => id)).toEqual(['depot', 'cold-store'])
  expect(machines!.units[0]!.after.generatedKwh).toBe(result.main.energy.cogenerationWh / 1000)
  expect(accounts).toHaveProperty('fuel')
})

test('the accounts on the terminal sum to 0 with fuel among them', () => {
  const rows = savingsTable(result, { color: false }).split('\n')
  const changes = rows.flatMap((row) => /\s(-?[\d,]+\.\d\d)\s*$/.exec(row)?.[1] ?? [])
  const fen = changes.map((text) => Math.round(Number(text.replaceAll(',', '')) * 100))
  const total = fen.slice(0, -1).reduce((sum, each) => sum + each, 0)
  expect(fen.at(-1)).toBe(0)
  expect(Math.abs(total)).toBeLessThanOrEqual(10)
})

test('serviceText() says who left short, and for how long a band was not kept', () => {
  const charging = { kind: 'charging' as const, sessions: 12, wantedWh: 9000, shortSessions: 0, shortWh: 0 }
  expect(serviceText(charging)).toBe('all 12 vehicles left with what they wanted')
  expect(serviceText({ ...charging, shortSessions: 2, shortWh: 3000 })).toBe(
    '2 of 12 vehicles left short, by 3 kWh together',
  )
  const cold = {
    kind: 'cold-store' as const,
    warmestMilliC: -17_950,
    coldestMilliC: -24_000,
    warmIntervals: 6,
  }
  expect(serviceText(cold)).toBe('-24.0 to -17.9 °C, above its band for 1.5 h')
})

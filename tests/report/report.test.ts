import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { csv } from '../../src/report/csv.ts'
import { reportFiles } from '../../src/report/files.ts'
import { reasonFor } from '../../src/report/html/cells.ts'
import { billSums } from '../../src/report/html/bill.ts'
import { savingsTable } from '../../src/report/table.ts'
import { weekSvg } from '../../src/report/html/week-chart.ts'
import { buildZone } from '../../src/scenario/build.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import { simulate } from '../../src/simulation/simulate.ts'

const text = readFileSync('scenarios/minimal.yaml', 'utf8')
  .replace('机加工车间', '"<script>alert(1)</script>"')
  .replace('商铺', '"=1+1"')
const parsed = parseScenario({ file: 'x', text })
const built = parsed.ok ? buildZone(parsed.scenario, { read: (path) => readFileSync(path, 'utf8') }) : parsed
if (!built.ok) throw new Error(JSON.stringify(built.faults))
const answer = await simulate(built.zone, { version: 'test', readFile: () => undefined })
if (!answer.ok) throw new Error('the minimal scenario runs')
const result = answer.value
const files = new Map(
  reportFiles(result, { trades: false, command: 'overwall simulate minimal.yaml' }).map(
    ({ name, content }) => [name, typeof content === 'string' ? content : [...content].join('')],
  ),
)

test('report.html is one page that asks for nothing from outside, with every section', () => {
  const html = files.get('report.html')!
  expect(html).not.toMatch(/(src|href)="(https?:)?\/\//)
  expect(html).not.toContain('<script')
  expect(html).toContain('&lt;script&gt;')
  for (const id of [
    'headline',
    'enterprises',
    'bill',
    'week',
    'flows',
    'who-pays',
    'split',
    'cells',
    'planner',
    'statement',
    'carbon',
    'confidence',
  ]) {
    expect(html).toContain(`<section id="${id}">`)
  }
  expect(html).toMatch(/<html lang="en">/)
  expect(html).toContain(result.resultHash)
})

test('agency buyers at noon are told why they did not trade', () => {
  const cell = result.main.trades.cells.find(
    (each) => each.group === 'agency' && each.source === 'pv' && each.band === 'valley',
  )!
  expect(reasonFor(cell)).toMatch(/nothing: the cheapest asks 0\.4153/)
})

test('CSV files begin with a byte-order mark, end rows with CRLF and disarm formulas', () => {
  for (const name of ['participants.csv', 'statements.csv', 'intervals.csv'])
    expect(files.get(name)!.startsWith('\uFEFF')).toBe(true)
  expect(files.get('participants.csv')).toContain("'=1+1")
  expect(csv(['a'], [['@x'], ['-y'], [-3]])).toBe("\uFEFFa\r\n'@x\r\n'-y\r\n-3\r\n")
})

test('the bill by lines is the bill by enterprises', () => {
  const sums = billSums(result.main.statements)
  const before = result.main.enterprises.reduce((sum, each) => sum + each.billBeforeFen, 0)
  const after = result.main.enterprises.reduce((sum, each) => sum + each.billAfterFen, 0)
  expect(sums.reduce((sum, line) => sum + line.beforeFen, 0)).toBe(before)
  expect(sums.reduce((sum, line) => sum + line.afterFen, 0)).toBe(after)
})

test('savingsTable() without colour holds no escape codes, weekSvg() is an SVG', () => {
  // eslint-disable-next-line no-control-regex
  expect(savingsTable(result, { color: false })).not.toMatch(/\u001b\[/)
  expect(weekSvg(result)).toMatch(/^<svg/)
})

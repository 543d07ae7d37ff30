import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { reportHtml } from '../../src/report/html/page.ts'
import { summarize } from '../../src/report/summary.ts'
import { statementsCsv } from '../../src/report/tables-csv.ts'
import { buildZone } from '../../src/scenario/build.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import { simulate } from '../../src/simulation/simulate.ts'

const read = (path: string) => readFileSync(path, 'utf8')
const set = ['calendar.from=2026-12-30', 'calendar.to=2027-01-02']
const parsed = parseScenario({ file: 'x', text: read('scenarios/minimal.yaml') }, set)
const built = parsed.ok ? buildZone(parsed.scenario, { read }) : parsed
if (!built.ok) throw new Error(JSON.stringify(built.faults))
const answer = await simulate(built.zone, { version: 'test', readFile: () => undefined })
if (!answer.ok) throw new Error('the minimal scenario runs')
const result = answer.value
const rows: Record<string, string>[] = parse(statementsCsv(result), { bom: true, columns: true })

test('statements.csv: lines add up to the total, notes stand after it and are no part of it', () => {
  for (const { account, month, run } of result.main.statements) {
    const own = rows.filter((row) => row.account === account && row.month === month && row.run === run)
    const at = own.findIndex((row) => row.line === 'total')
    const sum = own.slice(0, at).reduce((fen, row) => fen + Math.round(Number(row.amount_cny) * 100), 0)
    expect(sum).toBe(Math.round(Number(own[at]!.amount_cny) * 100))
    const notes = own.slice(at + 1)
    expect(notes.map((row) => row.line)).toEqual(run === 'market' ? ['saving', 'green-energy'] : [])
    expect(notes.map((row) => row.certificates !== '')).toEqual(run === 'market' ? [false, true] : [])
  }
})

test('report.html shows the notes below the total, and when each month is settled', () => {
  const html = reportHtml(result, 'overwall simulate')
  const section = html.slice(html.indexOf('<section id="statement">'), html.indexOf('<section id="carbon">'))
  const order = ['合计', '节约额', '绿色电量（绿证）', '结算日历', '2027-01-08', '2027-01-15', '2027-02-20']
  const places = order.map((text) => section.indexOf(text))
  expect(places.every((place) => place > 0)).toBe(true)
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  expect(section).toContain('public holidays of 2027: unverified')
})

test('summary.json: settlementCalendar has one entry per month, with the rule it follows', () => {
  const { settlementCalendar } = summarize(result)
  expect(settlementCalendar).toMatchObject([
    {
      month: '2026-12',
      checkBy: '2027-01-08',
      confirmBy: '2027-01-11',
      finalBy: '2027-01-13',
      billBy: '2027-01-15',
    },
    {
      month: '2027-01',
      checkBy: '2027-02-15',
      confirmBy: '2027-02-16',
      finalBy: '2027-02-18',
      billBy: '2027-02-20',
    },
  ])
  for (const { basis } of settlementCalendar) expect(basis).toMatch(/976号 Art\. 38, 39, 42/)
})

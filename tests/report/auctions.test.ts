import { expect, test } from 'vitest'
import { auctionFigures } from '../../src/report/auctions.ts'
import { reportFiles } from '../../src/report/files.ts'
import { summarize } from '../../src/report/summary.ts'
import { savingsTable } from '../../src/report/table.ts'
import type { SimulationResult } from '../../src/simulation/result.ts'
import { simulate } from '../../src/simulation/simulate.ts'
import { minimal, zoneOf } from '../simulation/zones.ts'
import { holdReplaceable } from './replaceable.ts'

async function run(...scenario: Parameters<typeof zoneOf>): Promise<SimulationResult> {
  const options = { version: 'test', readFile: () => undefined, tradeList: true }
  const answer = await simulate(zoneOf(...scenario), options)
  if (!answer.ok) throw new Error(JSON.stringify(answer.faults))
  return answer.value
}

const result = await run('scenarios/two-auctions.yaml', 'calendar.to=2027-05-09')
const files = new Map(
  reportFiles(result, { trades: true, command: 'x' }).map(({ name, content }) => [
    name,
    typeof content === 'string' ? content : [...content].join(''),
  ]),
)
test('a folder with the files of a run on forecasts may be replaced by the next run', () => {
  holdReplaceable(reportFiles(result, { trades: true, command: 'x' }))
})

const rowsOf = (name: string) =>
  files
    .get(name)!
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','))

test('forecasts.csv: a group’s row for all auctions is the sum of its rows, and both sides settle the same', () => {
  const [header, ...rows] = rowsOf('forecasts.csv')
  const at = (name: string) => header!.indexOf(name)
  const wh = (row: string[], name: string) => Math.round(Number(row[at(name)]) * 1000)
  const sides = { buy: 0, sell: 0 }
  for (const all of rows.filter((row) => row[at('auction')] === 'all')) {
    const turns = rows.filter(
      (row) => row[at('side')] === all[at('side')] && row[at('group')] === all[at('group')] && row !== all,
    )
    expect(turns.map((row) => row[at('auction')])).toEqual(['day-ahead', 'intraday'])
    for (const name of ['accepted_kwh', 'settled_kwh'])
      expect(turns.reduce((sum, row) => sum + wh(row, name), 0)).toBe(wh(all, name))
    sides[all[at('side')] as 'buy' | 'sell'] += wh(all, 'settled_kwh')
  }
  expect(sides.buy).toBe(sides.sell)
  expect(sides.buy).toBe(result.main.energy.tradedWh)
})

test('the page, the terminal and summary.json tell the same of both auctions', () => {
  const { auctions, groups } = auctionFigures(result)!
  expect(summarize(result).forecasts).toEqual({ auctions, groups })
  expect(files.get('report.html')).toContain('<section id="auctions">')
  const table = savingsTable(result, { color: false })
  for (const { meanPriceCnyPerKwh } of auctions) {
    expect(files.get('report.html')).toContain(meanPriceCnyPerKwh!.toFixed(4))
    expect(table).toContain(meanPriceCnyPerKwh!.toFixed(4))
  }
  // Forecasts are better a quarter of an hour before than a day.
  for (const { turns, meteredKwh } of groups.filter((each) => each.meteredKwh > 0)) {
    expect(turns[1]!.forecastErrorKwh, `of ${meteredKwh}`).toBeLessThan(turns[0]!.forecastErrorKwh / 4)
  }
})

test('trades.csv names the auction of each trade where there are two, and only there', async () => {
  const [header, ...rows] = rowsOf('trades.csv')
  expect(header!.at(-1)).toBe('auction')
  expect(new Set(rows.map((row) => row.at(-1)))).toEqual(new Set(['day-ahead', 'intraday']))
  const once = reportFiles(await run(minimal), { trades: true, command: 'x' })
  const trades = [...(once.find(({ name }) => name === 'trades.csv')!.content as Iterable<string>)].join('')
  expect(trades.split('\n')[0]).not.toContain('auction')
  expect(once.map(({ name }) => name)).not.toContain('forecasts.csv')
})

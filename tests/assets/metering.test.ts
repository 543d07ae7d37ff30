import { expect, test } from 'vitest'
import { makeCalendar } from '../../src/base/calendar.ts'
import type { MeteringOptions } from '../../src/assets/metering/options.ts'
import { readMetering, type MeteringResult } from '../../src/assets/metering/read.ts'

const day = makeCalendar({ from: '2027-01-05', to: '2027-01-06' })
const stamps = (end = false) =>
  Array.from({ length: 192 }, (_, at) => {
    const minutes = (at + (end ? 1 : 0)) * 15
    const date = 5 + Math.floor(minutes / 1440)
    const clock = `${Math.floor((minutes % 1440) / 60)}:${String(minutes % 60).padStart(2, '0')}`
    return `2027/1/${date} ${clock}`
  })
const long = (rows: readonly string[], header = '时间,有功功率') => `${header}\r\n${rows.join('\r\n')}\r\n`
const good = stamps().map((stamp, at) => `${stamp},${at}`)
const read = (
  text: string | Uint8Array,
  options: MeteringOptions = { unit: 'kw' },
  calendar = day,
): MeteringResult =>
  readMetering(
    typeof text === 'string' ? new TextEncoder().encode(text) : text,
    options,
    calendar,
    'meter.csv',
  )
const values = (result: MeteringResult) => ('faults' in result ? result.faults : [...result.powerKw])
const faults = (result: MeteringResult) =>
  'faults' in result
    ? result.faults.map((each) => `${each.line} ${each.path}: ${each.wanted}, ${each.came}`)
    : []
const expected = Array.from({ length: 192 }, (_, at) => at)

test('readMetering() reads starts and ends of intervals, a byte-order mark, CRLF and semicolons', () => {
  expect(values(read(long(good)))).toEqual(expected)
  expect(values(read(`\uFEFF${long(good)}`))).toEqual(expected)
  expect(values(read(long(good).replaceAll(',', ';')))).toEqual(expected)
  expect(values(read(long(stamps(true).map((stamp, at) => `${stamp},${at}`))))).toEqual(expected)
})

test('readMetering() reads GBK', () => {
  // 时间,功率 in GBK
  const header = Uint8Array.from([0xca, 0xb1, 0xbc, 0xe4, 0x2c, 0xb9, 0xa6, 0xc2, 0xca, 0x0a])
  const rest = new TextEncoder().encode(good.join('\n'))
  const bytes = new Uint8Array(header.length + rest.length)
  bytes.set(header)
  bytes.set(rest, header.length)
  const result = read(bytes, { unit: 'kw' })
  expect(values(result)).toEqual(expected)
  expect('findings' in result && result.findings).toContain('read as GBK')
})

test('readMetering() reads one row per day, named by the clock or by points with stamps said', () => {
  const clock = (end: number) =>
    Array.from(
      { length: 96 },
      (_, at) =>
        `${String(Math.floor(((at + end) * 15) / 60)).padStart(2, '0')}:${String(((at + end) * 15) % 60).padStart(2, '0')}`,
    )
  const rows = [0, 96].map(
    (first, at) =>
      `M1,2027010${5 + at},${Array.from({ length: 96 }, (_, quarter) => first + quarter).join(',')}`,
  )
  expect(values(read(`表号,日期,${clock(0).join(',')}\n${rows.join('\n')}`))).toEqual(expected)
  expect(values(read(`表号,日期,${clock(1).join(',')}\n${rows.join('\n')}`))).toEqual(expected)
  const points = `表号,日期,${Array.from({ length: 96 }, (_, at) => `P${at + 1}`).join(',')}\n${rows.join('\n')}`
  expect(faults(read(points))[0]).toMatch(/option stamps, start .* or end .*: P1 … P96 do not say/)
  expect(values(read(points, { unit: 'kw', stamps: 'end' }))).toEqual(expected)
  expect(
    faults(read(`${points}\n${rows[0]!.replace('M1', 'M2')}`, { unit: 'kw', stamps: 'end' }))[0],
  ).toMatch(/option meter.*M1, M2/)
})

test('readMetering() scales units and multipliers', () => {
  expect(values(read(long(good), { unit: 'kwh' }))).toEqual(expected.map((value) => value * 4))
  expect(values(read(long(good), { unit: 'mw', multiplier: 2 }))).toEqual(
    expected.map((value) => value * 2000),
  )
})

test('gaps, text, negative and doubled values are refused with their line, or repaired when asked, and counted', () => {
  const bad = [
    ...good.slice(0, 10),
    '2027/1/5 2:30,--',
    '2027/1/5 2:45,-4',
    ...good.slice(12, 20),
    good[19]!,
    ...good.slice(22),
  ]
  const refused = faults(read(long(bad)))
  expect(refused).toEqual([
    '12 有功功率: a number, "--"',
    '13 有功功率: a number not below 0, -4',
    '21 gap: a value for every quarter-hour, none from 2027-01-05 05:00 until 2027-01-05 05:30 (2)',
    '22 time: every quarter-hour once, 2027-01-05 04:45 again, first in line 21',
  ])
  const repaired = read(long(bad), {
    unit: 'kw',
    repairs: { gaps: 'interpolate', text: 'gap', negative: 'zero', duplicates: 'first' },
  })
  if ('faults' in repaired) throw new Error(JSON.stringify(repaired.faults))
  expect(repaired.repairs.map(({ kind, count }) => [kind, count])).toEqual([
    ['text', 1],
    ['negative', 1],
    ['duplicate', 1],
    ['gap', 3],
  ])
  expect([...repaired.powerKw.subarray(9, 13)]).toEqual([9, 4.5, 0, 12])
  expect([...repaired.powerKw.subarray(19, 23)].map((value) => Math.round(value))).toEqual([19, 20, 21, 22])
})

test('a file of another year is used by month and day only when the scenario says so', () => {
  const older = long(good.map((row) => row.replace('2027', '2019')))
  expect(faults(read(older))[0]).toMatch(
    /rows of 2027-01-05 to 2027-01-06, or the option mapYear, rows of 2019/,
  )
  expect(values(read(older, { unit: 'kw', mapYear: true }))).toEqual(expected)
})

test('more than fifty faults are told as fifty and a number', () => {
  const result = faults(read(long(good.map((row) => `${row}x`))))
  expect(result).toHaveLength(51)
  expect(result.at(-1)).toMatch(/142 more$/)
})

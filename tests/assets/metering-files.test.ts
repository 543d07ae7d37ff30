import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { makeCalendar, type Calendar } from '../../src/base/calendar.ts'
import type { Fault } from '../../src/base/errors.ts'
import type { MeteringOptions, Repair } from '../../src/assets/metering/options.ts'
import { readMetering } from '../../src/assets/metering/read.ts'

const year = (number: number) => makeCalendar({ from: `${number}-01-01`, to: `${number}-12-31` })

interface Outcome {
  readonly faults?: readonly Fault[]
  readonly powerKw?: Float64Array
  readonly values?: number[]
  readonly repairs?: readonly Repair[]
  readonly findings?: readonly string[]
}

function outcome(bytes: Uint8Array, options: Partial<MeteringOptions>, calendar: Calendar): Outcome {
  const read = readMetering(bytes, { unit: 'kw', ...options }, calendar, 'm.csv')
  return 'faults' in read ? { faults: read.faults } : { ...read, values: [...read.powerKw] }
}

const counted = (repairs: readonly Repair[] = []) =>
  Object.fromEntries(repairs.map(({ kind, count }) => [kind, count]))

const data = path.resolve('../shared/data')
const real = (name: string, title: string, body: (bytes: Uint8Array) => void) =>
  test(`${name}: ${title}`, (context) => {
    const file = path.join(data, name)
    if (!existsSync(file)) context.skip(`${file} is missing`)
    body(readFileSync(file))
  })
const total = (values: Float64Array = new Float64Array()) => values.reduce((sum, kw) => sum + kw, 0) / 4
const timeZone = 'Europe/Berlin'
const dayLength = { timeZone, repairs: { dayLength: 'by-offset' } } as const

const customers: readonly (readonly [string, number])[] = [
  ['LP_G_MV', 2018],
  ['LP_G_G', 2017],
  ['LP_G_MH', 2015],
  ['LP_Oe_Buero_m', 2015],
]
for (const [name, number] of customers) {
  real(`load-cni-germany/${name}.csv`, 'refused as it is, read with its zone and by offset', (bytes) => {
    expect(outcome(bytes, { unit: 'w' }, year(number)).faults).toMatchObject([
      { line: 2, came: expect.stringMatching(/^\+01:00 in 14\d{3} rows$/) as unknown },
      { came: expect.stringMatching(/^\+02:00 in 20\d{3} rows$/) as unknown },
    ])
    const refused = outcome(bytes, { unit: 'w', timeZone }, year(number)).faults
    expect(refused?.map(({ came }) => came.slice(0, 7))).toEqual(['92 on 2', '100 on '])
    const read = outcome(bytes, { unit: 'w', ...dayLength }, year(number))
    expect(total(read.powerKw)).toBeCloseTo(1000, 3)
    expect(counted(read.repairs)).toEqual({ 'day-length': 2 })
    const mapped = outcome(bytes, { unit: 'w', mapYear: true, ...dayLength }, year(2027))
    expect(mapped.values).toEqual(read.values)
  })
}

real(
  'grid-simbench-lv-rural1/LoadProfile.csv',
  'local time without offset, skipped and doubled hours',
  (bytes) => {
    const column = 'H0-A_pload'
    const asChinese = outcome(bytes, { column }, year(2016)).faults
    expect(asChinese?.map(({ line, path: what }) => [line, what])).toEqual([
      [8265, 'gap'],
      [29098, 'time'],
      [29099, 'time'],
      [29100, 'time'],
      [29101, 'time'],
    ])
    const asGerman = outcome(bytes, { column, timeZone }, year(2016)).faults
    expect(asGerman?.map(({ came }) => came)).toEqual(['92 on 2016-03-27', '100 on 2016-10-30'])
    const read = outcome(bytes, { column, ...dayLength }, year(2016))
    const lines = new TextDecoder().decode(bytes).split('\n')
    const cells = lines.slice(1, 35_137).map((line) => Number(line.split(';')[2]))
    expect(read.values).toEqual(cells)
  },
)

real('load-china-region-2019/region_load_15min_2019.csv', 'byte-order mark, CRLF, a gap of 64', (bytes) => {
  const wanted = { line: 15_778, came: 'none from 2019-06-14 08:15 until 2019-06-15 00:15 (64)' }
  expect(outcome(bytes, {}, year(2019)).faults).toMatchObject([wanted])
  const read = outcome(bytes, { repairs: { gaps: 'interpolate' } }, year(2019))
  expect(read.repairs).toEqual([{ kind: 'gap', count: 64, firstRow: 15_778 }])
  expect(read.findings).toContain('byte-order mark passed over')
  expect(
    outcome(bytes, { repairs: { gaps: 'interpolate' }, unit: 'mw' }, year(2019)).findings?.join(),
  ).toMatch(/says kw, read as mw/)
})

real(
  'load-china-region-2019/industry_daily_max_min_2019_2021.csv',
  'daily values are no load curve',
  (bytes) => {
    const { faults } = outcome(bytes, { column: '有功功率最大值（kw）' }, year(2019))
    expect(faults).toMatchObject([{ path: '数据时间', wanted: 'dates with a time of day' }])
  },
)

real(
  'pv-china-stategrid-site5/solar_site5_110MW_2019_2020.csv',
  '-- and negative nights, two years',
  (bytes) => {
    const both = makeCalendar({ from: '2019-01-01', to: '2020-12-31' })
    const column = 'Power (MW)'
    const { faults = [] } = outcome(bytes, { unit: 'mw', column }, both)
    expect(faults[0]).toMatchObject({ line: 10_312, path: column, wanted: 'a number', came: '"--"' })
    expect(faults).toHaveLength(51)
    expect(faults[50]).toMatchObject({ came: `${46 + 18_055 - 50} more` })
    const repairs = { text: 'gap', gaps: 'previous-day', negative: 'zero' } as const
    const read = outcome(bytes, { unit: 'mw', column, repairs }, both)
    expect(counted(read.repairs)).toEqual({ text: 46, negative: 18_055, gap: 46 })
    expect(total(read.powerKw?.subarray(35_040)) / 1000).toBeCloseTo(123_627, 0)
  },
)

real(
  'price-china-spot-2025-07/energy_data_cleaned.csv',
  'ends of intervals, the last in the next month',
  (bytes) => {
    const july = makeCalendar({ from: '2025-07-01', to: '2025-07-31' })
    const read = outcome(bytes, { column: '日前出清电价' }, july)
    expect(read.values?.[0]).toBe(210.161)
    expect(read.findings?.join()).toMatch(
      /the end of their quarter-hour: they go from 2025-07-01 00:15 to 2025-08-01/,
    )
    expect(outcome(bytes, { column: '外送' }, july).faults?.[0]).toMatchObject({ line: 2, came: '-5893' })
  },
)

real('load-profiles-bdew/g25.csv', 'two header rows are refused', (bytes) => {
  expect(outcome(bytes, {}, year(2027)).faults).toMatchObject([{ line: 1, path: 'header' }])
})

real('load-profiles-bdew/selp_series.csv', 'three typical weeks are no year', (bytes) => {
  const { faults } = outcome(bytes, { column: 'g1', mapYear: true }, year(2027))
  expect(faults).toMatchObject([
    { path: 'gap', came: 'none from 2027-01-22 00:00 until 2028-01-01 00:00 (33024)' },
  ])
})

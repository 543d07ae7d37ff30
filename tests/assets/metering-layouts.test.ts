import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeCalendar } from '../../src/base/calendar.ts'
import type { MeteringOptions } from '../../src/assets/metering/options.ts'
import { readMetering } from '../../src/assets/metering/read.ts'
import { parseClock, parseStamp } from '../../src/assets/metering/stamps.ts'

const run = makeCalendar({ from: '2027-02-27', to: '2027-03-01' })
const utf8 = (text: string) => new TextEncoder().encode(text)
const two = (value: number) => String(value).padStart(2, '0')

interface Outcome {
  readonly faults?: string[]
  readonly values?: number[]
  readonly findings?: readonly string[]
}

function outcome(text: string, options: Partial<MeteringOptions> = {}, calendar = run): Outcome {
  const read = readMetering(utf8(text), { unit: 'kw', ...options }, calendar, 'm.csv')
  if ('faults' in read) {
    return { faults: read.faults.map((each) => `${each.line} ${each.path}: ${each.wanted}; ${each.came}`) }
  }
  return { ...read, values: [...read.powerKw] }
}

/** How one file writes its times, from minutes since 1970. */
const writers: Record<string, (minute: number) => string> = {
  slashes: (minute) => {
    const at = new Date(minute * 60_000)
    return `${at.getUTCFullYear()}/${at.getUTCMonth() + 1}/${at.getUTCDate()} ${at.getUTCHours()}:${two(at.getUTCMinutes())}`
  },
  iso: (minute) => `${new Date(minute * 60_000).toISOString().slice(0, 16)}:00+08:00`,
  utc: (minute) => new Date((minute - 480) * 60_000).toISOString(),
  spaced: (minute) => new Date(minute * 60_000).toISOString().slice(0, 19).replace('T', ' '),
  compact: (minute) => new Date(minute * 60_000).toISOString().slice(0, 16).replaceAll(/[-:T]/g, ''),
  german: (minute) => {
    const at = new Date(minute * 60_000)
    return `${two(at.getUTCDate())}.${two(at.getUTCMonth() + 1)}.${at.getUTCFullYear()} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`
  },
  chinese: (minute) => {
    const at = new Date(minute * 60_000)
    return `${at.getUTCFullYear()}年${at.getUTCMonth() + 1}月${at.getUTCDate()}日 ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`
  },
}
const firstMinute = Date.UTC(2027, 1, 27) / 60_000
const column = fc.array(fc.integer({ min: 0, max: 99_999 }), {
  minLength: run.intervals,
  maxLength: run.intervals,
})
const clocks = (first: number) =>
  Array.from({ length: 96 }, (_, at) => {
    const minutes = first + at * 15
    return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
  })

test('readMetering() takes the start of a quarter-hour that has a start and an end, written whole or as a time of day', () => {
  const minutes = Array.from({ length: run.intervals }, (_, at) => firstMinute + at * 15)
  const values = minutes.map((_, at) => at + 1)
  const { spaced } = writers
  const clock = (minute: number) => spaced!(minute).slice(11, 16)
  const row = {
    '开始时间,结束时间,有功': (minute: number) => `${spaced!(minute)},${spaced!(minute + 15)}`,
    '结束时间,开始时间,有功': (minute: number) => `${spaced!(minute + 15)},${spaced!(minute)}`,
    '日期,开始时间,结束时间,有功': (minute: number) =>
      `${spaced!(minute).slice(0, 10)},${clock(minute)},${clock(minute + 15)}`,
  }
  for (const [header, times] of Object.entries(row)) {
    const text = [header, ...minutes.map((minute, at) => `${times(minute)},${values[at]}`)].join('\n')
    const read = outcome(text)
    expect(read.faults, header).toBeUndefined()
    expect(read.values, header).toEqual(values)
  }
})

test('readMetering() reads back a column whatever way its times, rows and bytes are written', () => {
  const way = fc.record({
    writer: fc.constantFrom(...Object.keys(writers)),
    side: fc.constantFrom('start', 'end'),
    delimiter: fc.constantFrom(',', ';', '\t'),
    newline: fc.constantFrom('\n', '\r\n'),
    mark: fc.constantFrom('', '\uFEFF'),
    isReversed: fc.boolean(),
    decimals: fc.constantFrom(0, 3),
  })
  fc.assert(
    fc.property(column, way, (values, { writer, side, delimiter, newline, mark, isReversed, decimals }) => {
      const lag = side === 'end' ? 15 : 0
      const rows = values.map((value, at) =>
        [writers[writer]!(firstMinute + at * 15 + lag), value.toFixed(decimals)].join(delimiter),
      )
      const text = [`时间${delimiter}功率`, ...(isReversed ? rows.toReversed() : rows)].join(newline)
      const stamps = side as 'start' | 'end'
      expect(outcome(mark + text, { stamps })).toMatchObject({ values, repairs: [] })
    }),
    { numRuns: 100 },
  )
})

test('readMetering() reads back a wide file by clock or points, in any order of columns and days', () => {
  const way = fc.record({
    naming: fc.constantFrom('start', 'end', 'points', 'last midnight', 'ranges'),
    order: fc.integer({ min: 1, max: 96 }),
    isReversed: fc.boolean(),
  })
  fc.assert(
    fc.property(column, way, (values, { naming, order, isReversed }) => {
      const names = {
        start: clocks(0),
        end: clocks(15),
        points: Array.from({ length: 96 }, (_, at) => `P${at + 1}`),
        'last midnight': clocks(15).map((name) => (name === '24:00' ? '00:00' : name)),
        ranges: clocks(0).map((name, at) => `${name}-${clocks(15)[at]}`),
      }[naming]!
      // From 00:15 to a last 00:00 the columns name ends, so that order is kept for them alone.
      const turn = naming === 'last midnight' || (naming === 'start' && order === 1) ? 0 : order % 96
      const turned = <T>(cells: readonly T[]) => [...cells.slice(turn), ...cells.slice(0, turn)]
      const rows = ['20270227', '2027-02-28', '2027/3/1'].map((date, day) =>
        ['M1', date, ...turned(values.slice(day * 96, day * 96 + 96))].join(','),
      )
      const header = ['电表号', '日期', ...turned(names)].join(',')
      const text = [header, ...(isReversed ? rows.toReversed() : rows)].join('\n')
      expect(outcome(text, naming === 'points' ? { stamps: 'end' } : {})).toMatchObject({ values })
    }),
    { numRuns: 100 },
  )
})

test('parseStamp() reads what meters write, and nothing that could be read two ways or does not exist', () => {
  const at = (minute: number) => minute - Date.UTC(2027, 0, 5) / 60_000
  for (const [text, minutes] of [
    ['2027/1/5 0:15', 15],
    ['2027-01-05 00:15', 15],
    ['2027-01-05T00:15:00.000', 15],
    ['2027.01.05 23:45:00', 1425],
    ['2027-01-05 24:00', 1440],
    ['20270105', 0],
    ['202701050015', 15],
    ['20270105 00:15', 15],
    ['05.01.2027 00:15', 15],
    ['2027年1月5日 8时15分', 495],
    ['2027-01-05 00:15:30', 15.5],
  ] as const)
    expect(at(parseStamp(text)!.minute), text).toBe(minutes)
  expect(parseStamp('2027-01-05T00:15:00+05:30')?.offsetMinutes).toBe(330)
  expect(parseStamp('2027-01-05T00:15-0500')?.offsetMinutes).toBe(-300)
  expect(parseStamp('2027-01-05T00:15Z')?.offsetMinutes).toBe(0)
  for (const text of ['01/05/2027 00:15', '2027-02-30', '2027-01-05 24:15', '2027-01-05 0:60', '', '5.1.27'])
    expect(parseStamp(text), text).toBeUndefined()
  expect(['0:15', '00:15:00', '24:00', '00:15-00:30', '24:15', '7'].map(parseClock)).toEqual([
    15,
    15,
    1440,
    15,
    undefined,
    undefined,
  ])
})

const oneDay = makeCalendar({ from: '2027-01-05', to: '2027-01-05' })
const dayRows = (stamp: (quarter: number) => string) =>
  Array.from({ length: 96 }, (_, at) => `${stamp(at)},${at}`)
const quarters = Array.from({ length: 96 }, (_, at) => at)

describe('what a stamp names', () => {
  test('24:00, a heading, or whole days tell; else it is asked for', () => {
    const ends = dayRows((at) => `2027-01-05 ${clocks(15)[at]}`)
    expect(outcome(`time,kw\n${ends.join('\n')}`, {}, oneDay)).toMatchObject({ values: quarters })
    const cut = dayRows((at) => `2027-01-05 ${clocks(0)[at]}`).slice(4, 92)
    expect(outcome(`time,kw\n${cut.join('\n')}`, {}, oneDay).faults).toEqual([
      '1 stamps: the option stamps, start or end: the file does not show it; 2027-01-05 01:00 to 2027-01-05 22:45',
    ])
    const gaps = { repairs: { gaps: 'interpolate' } } as const
    expect(outcome(`结束时间,kw\n${cut.join('\n')}`, gaps, oneDay)).toMatchObject({
      repairs: [{ kind: 'gap', count: 8 }],
    })
  })

  test('columns named by the clock contradict a wrong option, P1 … P96 need one', () => {
    const wide = (names: readonly string[]) => `date,${names.join(',')}\n20270105,${quarters.join(',')}`
    expect(outcome(wide(clocks(0)), { stamps: 'end' }, oneDay).faults).toEqual([
      '1 stamps: start, as the columns are named; end',
    ])
    const points = quarters.map((at) => `P${at + 1}`)
    expect(outcome(wide(points), {}, oneDay).faults).toHaveLength(1)
    expect(outcome(wide(points), { stamps: 'start' }, oneDay)).toMatchObject({ values: quarters })
  })
})

describe('columns', () => {
  test('date and time of day may have a column each, and midnight may be written as a date alone', () => {
    const apart = dayRows((at) => `2027-01-05,${clocks(15)[at]}`)
    expect(outcome(`日期,时间,功率\n${apart.join('\n')}`, {}, oneDay)).toMatchObject({ values: quarters })
    const bare = dayRows((at) => (at === 0 ? '2027/1/5' : `2027/1/5 ${clocks(0)[at]}`))
    expect(outcome(`time,kw\n${bare.join('\n')}`, {}, oneDay)).toMatchObject({ values: quarters })
  })

  test('a wide file of 92, 97 or doubled columns is refused', () => {
    const wide = (names: readonly string[]) =>
      `date,${names.join(',')}\n20270105,${names.map(() => 1).join(',')}`
    for (const names of [clocks(0).slice(4), [...clocks(0), '24:00'], [...clocks(0).slice(1), '00:15']])
      expect(outcome(wide(names), {}, oneDay).faults?.[0]).toMatch(/^1 header: the 96 columns 00:00/)
  })

  test('the value column is named, or the only one; a name that comes twice is refused', () => {
    const rows = dayRows((at) => `2027-01-05 ${clocks(0)[at]},7`).join('\n')
    expect(outcome(`time,a,b\n${rows}`, {}, oneDay).faults).toEqual([
      '1 column: the option column, to say which; a | b',
    ])
    expect(outcome(`time,a,b\n${rows}`, { column: 'b' }, oneDay)).toMatchObject({ values: quarters })
    expect(outcome(`time,b,b\n${rows}`, { column: 'b' }, oneDay).faults?.[0]).toMatch(/one column "b"/)
    expect(outcome(`time,a,b\n${rows}`, { column: 'c' }, oneDay).faults?.[0]).toMatch(/one column "c"/)
    expect(outcome(`time,户号,b\n${rows}`, {}, oneDay)).toMatchObject({ values: quarters })
  })

  test('a meter is picked by the option, long or wide; without it several are refused', () => {
    const long = ['A', 'B'].flatMap((meter, add) =>
      quarters.map((at) => `${meter},2027-01-05 ${clocks(0)[at]},${at + add * 1000}`),
    )
    const text = `表号,时间,功率\n${long.join('\n')}`
    expect(outcome(text, {}, oneDay).faults).toEqual([
      '1 表号: the option meter, since there are several; A, B',
    ])
    expect(outcome(text, { meter: 'B' }, oneDay)).toMatchObject({ values: quarters.map((at) => at + 1000) })
    expect(outcome(text, { meter: 'C' }, oneDay).faults).toEqual(['1 meter: rows of meter "C"; only A, B'])
    const wide = `date,id,${clocks(0).join(',')}\n20270105,A,${quarters.join(',')}\n20270105,B,${quarters.join(',')}`
    expect(outcome(wide, { meter: 'A' }, oneDay)).toMatchObject({ values: quarters })
    const doubled = wide.replace(',B,', ',A,')
    expect(outcome(doubled, {}, oneDay).faults).toEqual([
      '3 date: every day once; 20270105 again, first in line 2',
    ])
    expect(outcome(doubled, { repairs: { duplicates: 'first' } }, oneDay)).toMatchObject({
      repairs: [{ kind: 'duplicate', count: 96, firstRow: 3 }],
    })
  })

  test('a heading that states another unit than the option is a finding', () => {
    const rows = dayRows((at) => `2027-01-05 ${clocks(0)[at]}`).join('\n')
    for (const [heading, found] of [
      ['有功功率（kW）', 0],
      ['Power (MW)', 1],
      ['load [W]', 1],
      ['电量(kWh)', 1],
      ['功率', 0],
    ] as const) {
      const { findings } = outcome(`time,${heading}\n${rows}`, {}, oneDay)
      expect(
        findings?.filter((each) => each.includes('as asked')),
        heading,
      ).toHaveLength(found)
    }
  })
})

describe('files that are none', () => {
  test.each([
    ['', '1 file: a header and at least one row; nothing'],
    ['time,kw\n', '1 file: a header and at least one row; a header alone'],
    ['just text\nmore', '1 header: columns apart by comma or semicolon; "just text"'],
    ['time,kw\n2027-01-05 00:00,"1\n', '2 row: cells with closed quotes'],
    ['a,b\n1,2\n', '1 header: one column of times'],
    ['time,kw\nyesterday,1\n', '2 time: a time such as 2027-01-05 00:15; "yesterday"'],
    ['time,kw\n01/05/2027 00:00,1\n', '2 time: a time such as 2027-01-05 00:15; "01/05/2027 00:00"'],
    ['time,kw\n2027-01-05,1\n', '2 time: dates with a time of day; 2027-01-05 00:00'],
    ['time,kw\n2027-01-05 00:00,1,2\n', '2 row: 2 columns as in the header; 3'],
    ['time,kw\n2027-01-05 00:07,1\n', '2 time: a whole quarter-hour; 2027-01-05T00:07:00'],
  ])('%j', (text, fault) => {
    const { faults } = outcome(text, { stamps: 'start' }, oneDay)
    expect(faults?.find((each) => each.startsWith(fault))).toBeDefined()
  })

  test('bytes of no known text are refused, with their line where one encoding was asked for', () => {
    const read = (bytes: Uint8Array, encoding?: 'utf-8' | 'gbk') => {
      const options = encoding ? ({ unit: 'kw', encoding } as const) : ({ unit: 'kw' } as const)
      const result = readMetering(bytes, options, oneDay, 'm.csv')
      return 'faults' in result ? result.faults : []
    }
    const gbk = Uint8Array.from([...utf8('time,kw\n1,'), 0xbc, 0xe4, 0x0a])
    expect(read(gbk, 'utf-8')).toMatchObject([{ line: 2, path: 'encoding', wanted: 'UTF-8' }])
    expect(read(gbk)[0]?.path).not.toBe('encoding')
    const utf16 = Uint8Array.from([0xff, 0xfe, ...[...utf8('time,kw\n')].flatMap((byte) => [byte, 0])])
    expect(read(utf16)).toMatchObject([{ path: 'encoding', wanted: 'UTF-8 or GBK' }])
  })
})

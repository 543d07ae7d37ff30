import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeCalendar } from '../../src/base/calendar.ts'
import type { Fault } from '../../src/base/errors.ts'
import type { MeteringOptions, MeteringRepairs, Repair } from '../../src/assets/metering/options.ts'
import { readMetering } from '../../src/assets/metering/read.ts'
import { ZoneClock } from '../../src/assets/metering/zone-clock.ts'

const run = makeCalendar({ from: '2027-01-05', to: '2027-01-07' })
const firstMinute = Date.UTC(2027, 0, 5) / 60_000
const stampAt = (quarter: number, first = firstMinute) =>
  new Date((first + quarter * 15) * 60_000).toISOString().slice(0, 16).replace('T', ' ')
const year = (number: number) => makeCalendar({ from: `${number}-01-01`, to: `${number}-12-31` })

interface Outcome {
  readonly faults?: readonly Fault[]
  readonly powerKw?: Float64Array
  readonly values?: number[]
  readonly repairs?: readonly Repair[]
  readonly findings?: readonly string[]
}

function outcome(
  bytes: string | Uint8Array,
  options: Partial<MeteringOptions> = {},
  calendar = run,
): Outcome {
  const given = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes
  const read = readMetering(given, { unit: 'kw', ...options }, calendar, 'm.csv')
  if ('faults' in read) return { faults: read.faults }
  return { ...read, values: [...read.powerKw] }
}
const counted = (repairs: readonly { kind: string; count: number }[] | undefined) =>
  Object.fromEntries((repairs ?? []).map(({ kind, count }) => [kind, count]))

/** What happens to the row of each quarter-hour. */
const fates = fc.array(
  fc.constantFrom('good', 'good', 'good', 'missing', 'empty', 'text', 'negative', 'twice'),
  { minLength: run.intervals, maxLength: run.intervals },
)
const rowsOf = (quarter: number, fate: string): string[] => {
  const row = (value: string | number) => `${stampAt(quarter)},${value}`
  if (fate === 'missing') return []
  if (fate === 'twice') return [row(quarter), row(quarter + 1)]
  return [row(fate === 'empty' ? '' : fate === 'text' ? '--' : fate === 'negative' ? -quarter - 1 : quarter)]
}
const fileOf = (fate: readonly string[]) =>
  ['time,kw', ...fate.flatMap((each, quarter) => rowsOf(quarter, each))].join('\n')

test('every repair is made where it was asked for, and counted by its kind', () => {
  const repairs: MeteringRepairs = {
    gaps: 'interpolate',
    text: 'gap',
    negative: 'zero',
    duplicates: 'first',
  }
  fc.assert(
    fc.property(fates, (fate) => {
      fc.pre(fate.includes('good'))
      const count = (...kinds: string[]) => fate.filter((each) => kinds.includes(each)).length
      const result = outcome(fileOf(fate), { repairs, stamps: 'start' })
      const kinds = counted(result.repairs)
      expect(kinds['text'] ?? 0).toBe(count('text'))
      expect(kinds['negative'] ?? 0).toBe(count('negative'))
      expect(kinds['duplicate'] ?? 0).toBe(count('twice'))
      expect(kinds['gap'] ?? 0).toBe(count('missing', 'empty', 'text'))
      const values = result.values ?? []
      const wanted = fate.map((each, quarter) =>
        each === 'negative' ? 0 : ['good', 'twice'].includes(each) ? quarter : values[quarter],
      )
      expect(values).toEqual(wanted)
      expect(values.every((kw) => kw >= 0)).toBe(true)
    }),
    { numRuns: 200 },
  )
})

test('without repairs every fault is told once, with its line: gaps by stretch, the others by row', () => {
  fc.assert(
    fc.property(fates, (fate) => {
      fc.pre(fate.includes('good'))
      const isGap = (each: string | undefined) => each === 'missing' || each === 'empty'
      const stretches = fate.filter((each, at) => isGap(each) && !isGap(fate[at - 1])).length
      const rows = fate.filter((each) => ['text', 'negative', 'twice'].includes(each)).length
      const { faults = [] } = outcome(fileOf(fate), { stamps: 'start' })
      const hidden = faults.length === 51 ? Number.parseInt(faults[50]!.came) - 1 : 0
      expect(faults.length + hidden).toBe(stretches + rows)
      for (const { code, file, line } of faults.slice(0, 50)) {
        expect([code, file, Number(line) > 0]).toEqual(['metering', 'm.csv', true])
      }
    }),
    { numRuns: 200 },
  )
})

describe('gaps', () => {
  const file = (skip: (quarter: number) => boolean) =>
    [
      'time,kw',
      ...Array.from({ length: 288 }, (_, at) => (skip(at) ? [] : [`${stampAt(at)},${at}`])).flat(),
    ].join('\n')

  test('interpolate draws a straight line, at the ends of the run it keeps the neighbour', () => {
    const { values } = outcome(
      file((at) => at < 2 || at === 100 || at === 101 || at > 285),
      {
        stamps: 'start',
        repairs: { gaps: 'interpolate' },
      },
    )
    expect(values?.slice(0, 3)).toEqual([2, 2, 2])
    expect(values?.slice(99, 103)).toEqual([99, 100, 101, 102])
    expect(values?.slice(284)).toEqual([284, 285, 285, 285])
  })

  test('previous-day takes the day before, also over two days, and needs one', () => {
    const repairs = { gaps: 'previous-day' } as const
    const { values, repairs: made } = outcome(
      file((at) => at >= 100),
      { stamps: 'start', repairs },
    )
    expect(values?.[287]).toBe(287 - 192)
    expect(values?.[192]).toBe(96)
    expect(made).toEqual([{ kind: 'gap', count: 188, firstRow: 101 }])
    const { faults } = outcome(
      file((at) => at === 5),
      { stamps: 'start', repairs },
    )
    expect(faults).toMatchObject([{ line: 6, path: 'gap', wanted: 'a day before to take values from' }])
  })

  test('text counted as missing is still refused where gaps are not repaired', () => {
    const text = file(() => false).replace(',7\n', ',--\n')
    expect(outcome(text, { repairs: { text: 'gap' } }).faults).toMatchObject([{ line: 9, path: 'gap' }])
  })
})

describe('mapYear', () => {
  const wholeYear = (number: number, skip = '') => {
    const first = Date.UTC(number, 0, 1) / 60_000
    const stamps = Array.from({ length: year(number).intervals }, (_, at) => stampAt(at, first))
    return `time,kw\n${stamps
      .filter((stamp) => skip === '' || !stamp.startsWith(skip))
      .map((stamp) => `${stamp},${stamp.slice(5, 10).replace('-', '')}`)
      .join('\n')}`
  }

  test('lays by month and day, leaves a 29 February out or fills it from the 28th', () => {
    const fromLeap = outcome(wholeYear(2024), { mapYear: true }, year(2027))
    expect(fromLeap.values?.[59 * 96]).toBe(301)
    expect(fromLeap.findings).toContain('96 values lie outside the run and were not used')
    const toLeap = outcome(wholeYear(2027), { mapYear: true }, year(2028))
    expect(toLeap.values?.slice(58 * 96, 61 * 96).filter((_, at) => at % 96 === 0)).toEqual([228, 228, 301])
    expect(toLeap.findings?.join()).toMatch(/laid by month and day, weekdays shift by 1/)
  })

  test('a file of two years is refused, one of another year needs the option', () => {
    const two = `${wholeYear(2025)}\n${wholeYear(2026).slice('time,kw\n'.length)}`
    expect(outcome(two, { mapYear: true }, year(2027)).faults).toMatchObject([
      { path: 'mapYear', came: '2025-01-01 to 2026-12-31' },
    ])
    expect(outcome(wholeYear(2025), {}, year(2027)).faults).toMatchObject([
      { path: 'time', wanted: 'rows of 2027-01-01 to 2027-12-31, or the option mapYear' },
    ])
    expect(outcome(two, {}, year(2026)).values).toHaveLength(35_040)
  })
})

describe('clocks', () => {
  test('ZoneClock finds the hours that are skipped and that come twice', () => {
    const berlin = new ZoneClock('Europe/Berlin', Date.UTC(2018, 0, 1) / 60_000)
    const at = (text: string) => Date.parse(`${text}Z`) / 60_000
    expect(berlin.standardOffset).toBe(60)
    expect(berlin.offsetsOf(at('2018-03-25T01:59'))).toEqual([60])
    expect(berlin.offsetsOf(at('2018-03-25T02:00'))).toEqual([])
    expect(berlin.offsetsOf(at('2018-03-25T03:00'))).toEqual([120])
    expect(berlin.offsetsOf(at('2018-10-28T02:59'))).toEqual([120, 60])
    expect(berlin.offsetsOf(at('2018-10-28T03:00'))).toEqual([60])
    const days = ['2018-03-24', '2018-03-25', '2018-03-26', '2018-10-28'].map((day) => at(`${day}T12:00`))
    expect(days.map((day) => berlin.quartersOfDay(day))).toEqual([96, 92, 96, 100])
    const china = new ZoneClock('Asia/Shanghai', at('2027-06-01T00:00'))
    expect(china.offsetsOf(at('2027-06-01T00:00'))).toEqual([480])
  })

  const stamped = (offset: string, shift = 0) =>
    `time,kw\n${Array.from({ length: 288 }, (_, at) => `${stampAt(at, firstMinute + shift)}${offset},${at}`).join('\n')}`

  test('offsets of the zone and UTC are read, others are refused', () => {
    const quarters = Array.from({ length: 288 }, (_, at) => at)
    const stamps = 'start'
    expect(outcome(stamped('+08:00'), { stamps })).toMatchObject({ values: quarters })
    const utc = outcome(stamped('Z', -480), { stamps })
    expect(utc).toMatchObject({ values: quarters })
    expect(utc.findings).toContain('288 stamps in UTC were laid on Asia/Shanghai')
    expect(outcome(stamped('+09:00'), { stamps }).faults).toMatchObject([
      {
        line: 2,
        wanted: 'the offset +08:00 of Asia/Shanghai, or the option timeZone',
        came: '+09:00 in 288 rows',
      },
    ])
    expect(outcome(stamped('+09:00'), { stamps, timeZone: 'Asia/Tokyo' })).toMatchObject({ values: quarters })
    expect(outcome(stamped(''), { stamps, timeZone: 'Asia/Jinhua' }).faults).toMatchObject([
      { path: 'timeZone' },
    ])
  })

  test('a time that the zone skips is refused', () => {
    const spring = makeCalendar({ from: '2016-03-27', to: '2016-03-27' })
    const first = Date.UTC(2016, 2, 27) / 60_000
    const text = `time,kw\n${Array.from({ length: 96 }, (_, at) => `${stampAt(at, first)},${at}`).join('\n')}`
    const { faults } = outcome(
      text,
      { timeZone: 'Europe/Berlin', repairs: { dayLength: 'by-offset' } },
      spring,
    )
    expect(faults?.filter(({ wanted }) => wanted === 'a time that exists in Europe/Berlin')).toHaveLength(4)
  })
})

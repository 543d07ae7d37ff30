import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomStream } from '../../src/base/random.ts'
import { forecast, type ForecastMode, type ForecastTask } from '../../src/strategy/forecast/index.ts'
import { dayAheadLeads, intradayLeads } from '../../src/strategy/forecast/leads.ts'
import { noisy } from '../../src/strategy/forecast/noisy.ts'
import { persistent } from '../../src/strategy/forecast/persistence.ts'

const daysMax = 12
/** Some days of meters, their kinds, and how long before a quarter-hour its forecast is made [min]. */
const days = fc.integer({ min: 1, max: daysMax }).chain((count) =>
  fc.record({
    meteredWh: fc
      .array(fc.nat({ max: 1_000_000 }), { minLength: 96 * count, maxLength: 96 * count })
      .map((each) => Int32Array.from(each)),
    dayKinds: fc
      .array(fc.constantFrom(0, 1), { minLength: count, maxLength: count })
      .map((each) => Uint8Array.from(each)),
    leadHours: fc.oneof(
      fc.integer({ min: 0, max: 180 }).map(intradayLeads),
      fc.integer({ min: 0, max: 95 }).map((quarter) => dayAheadLeads(quarter / 4)),
    ),
  }),
)

test('dayAheadLeads(closing) and intradayLeads(minutes) count from the closing of the gate', () => {
  expect(dayAheadLeads(12)[0]).toBe(12)
  expect(dayAheadLeads(12)[95]).toBe(35.75)
  expect([...new Set(intradayLeads(15))]).toEqual([0.25])
})

test('persistent() is the last metered quarter-hour of the same time and kind, looked for one by one', () => {
  fc.assert(
    fc.property(days, ({ meteredWh, dayKinds, leadHours }) => {
      const forecastWh = persistent(meteredWh, leadHours, dayKinds)
      for (let interval = 0; interval < meteredWh.length; interval++) {
        const madeAt = interval - leadHours[interval % 96]! * 4
        const known = [...meteredWh.keys()].filter((at) => at % 96 === interval % 96 && at + 1 <= madeAt)
        const kindOf = (at: number) => dayKinds[Math.floor(at / 96)]
        const alike = known.filter((at) => kindOf(at) === kindOf(interval))
        const last = alike.at(-1) ?? known.at(-1)
        expect(forecastWh[interval]).toBe(last === undefined ? 0 : meteredWh[last])
      }
    }),
    { numRuns: 40 },
  )
})

test('persistent() never looks ahead: meters that come later leave a forecast as it was', () => {
  fc.assert(
    fc.property(days, fc.nat(), fc.nat({ max: 999 }), (given, pick, newWh) => {
      const { meteredWh, dayKinds, leadHours } = given
      const before = persistent(meteredWh, leadHours, dayKinds)
      const changed = meteredWh.slice()
      const from = pick % meteredWh.length
      changed.fill(newWh, from)
      const after = persistent(changed, leadHours, dayKinds)
      for (let interval = 0; interval < meteredWh.length; interval++) {
        // The meter of `from` is read a quarter-hour after it begins.
        const isMadeBefore = interval - leadHours[interval % 96]! * 4 < from + 1
        if (isMadeBefore) expect(after[interval]).toBe(before[interval])
      }
    }),
    { numRuns: 100 },
  )
})

test('persistent() takes Friday for Monday, Saturday for Sunday, and yesterday for the sun', () => {
  const byDay = [1, 2, 3, 4, 5, 6, 7, 8]
  const meteredWh = Int32Array.from({ length: 96 * byDay.length }, (_, at) => byDay[Math.floor(at / 96)]!)
  const weekFromMonday = Uint8Array.of(1, 1, 1, 1, 1, 0, 0, 1)
  const noon = (column: Int32Array) => byDay.map((_, day) => column[96 * day + 48])
  expect(noon(persistent(meteredWh, intradayLeads(15), weekFromMonday))).toEqual([0, 1, 2, 3, 4, 5, 6, 5])
  expect(noon(persistent(meteredWh, intradayLeads(15), null))).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  // At noon of the day before, its second half is still to come.
  expect(noon(persistent(meteredWh, dayAheadLeads(12), null))).toEqual([0, 0, 1, 2, 3, 4, 5, 6])
})

const steadyWh = new Int32Array(96 * 300).fill(100_000_000)
const noisyMode = { kind: 'noisy', errorShare: 0.08, atLeadHours: 24, neighbourCorrelation: 0 } as const
const leads = [intradayLeads(360), dayAheadLeads(12)]
const streams = () => [randomStream(5, 'near'), randomStream(5, 'far')]

/** Relative errors, each over the standard deviation that the equation gives it. */
function standardErrors(forecastWh: Int32Array, leadHours: Float64Array): number[] {
  return Array.from(forecastWh, (energyWh, at) => {
    const spread = noisyMode.errorShare * Math.sqrt(leadHours[at % 96]! / noisyMode.atLeadHours)
    return (energyWh / steadyWh[at]! - 1) / spread
  })
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Of values whose mean is 0. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const moment = (x: readonly number[], y: readonly number[]) => mean(x.map((value, at) => value * y[at]!))
  return moment(a, b) / Math.sqrt(moment(a, a) * moment(b, b))
}

test('noisy() errs by share · √(lead / reference) at every lead, and on average not at all', () => {
  noisy(steadyWh, noisyMode, leads, streams()).forEach((forecastWh, row) => {
    const errors = standardErrors(forecastWh, leads[row]!)
    // 28,800 draws: a standard deviation is known to 0.4 %, a mean to 0.6 % of it.
    expect(Math.sqrt(mean(errors.map((error) => error ** 2)))).toBeCloseTo(1, 1.6)
    expect(Math.abs(mean(errors))).toBeLessThan(0.025)
    // Also for the first and the last hours of the day by themselves, whose leads differ.
    for (const half of [0, 1]) {
      const part = errors.filter((_, at) => Math.floor((at % 96) / 48) === half)
      expect(Math.sqrt(mean(part.map((error) => error ** 2))), `half ${half}`).toBeCloseTo(1, 1.3)
    }
  })
})

test('noisy() revises without knowing where: the revision does not depend on the later forecast’s error', () => {
  const [lateWh, earlyWh] = noisy(steadyWh, noisyMode, leads, streams())
  const error = (column: Int32Array) => Array.from(column, (energyWh, at) => energyWh / steadyWh[at]! - 1)
  const late = error(lateWh!)
  const revision = error(earlyWh!).map((each, at) => each - late[at]!)
  expect(Math.abs(correlation(late, revision))).toBeLessThan(0.025)
})

test('noisy() errs alike in neighbouring quarter-hours, as much as it is told', () => {
  for (const neighbourCorrelation of [0, 0.5, 0.9]) {
    const [lateWh] = noisy(steadyWh, { ...noisyMode, neighbourCorrelation }, leads, streams())
    const errors = standardErrors(lateWh!, leads[0]!)
    expect(correlation(errors.slice(1), errors.slice(0, -1))).toBeCloseTo(neighbourCorrelation, 1.3)
    expect(Math.sqrt(mean(errors.map((error) => error ** 2)))).toBeCloseTo(1, 1)
  }
})

const modes: readonly ForecastMode[] = [
  { kind: 'perfect' },
  { kind: 'persistence' },
  { ...noisyMode, neighbourCorrelation: 0.8 },
  { kind: 'independent', errorShare: 0.05 },
]
const meteredWh = Int32Array.from({ length: 96 * 20 }, (_, at) => 1000 + ((at * 7919) % 5000))
const task: ForecastTask = {
  meteredWh,
  leads: { intraday: intradayLeads(15), dayAhead: dayAheadLeads(12) },
  dayKinds: null,
  seed: 3,
  id: 'plant',
}

test.each(modes)(
  'forecast($kind) hours ahead is the same whether somebody asked a day ahead or not',
  (mode) => {
    const late = forecast(mode, { ...task, leads: { ...task.leads, dayAhead: null } })
    expect(late.dayAheadWh).toBeNull()
    expect(late.intradayWh).toEqual(forecast(mode, task).intradayWh)
  },
)

test('forecast() of a zone without error is the meter, early and late', () => {
  const exact = forecast({ kind: 'perfect' }, task)
  expect(exact.intradayWh).toBe(meteredWh)
  expect(exact.dayAheadWh).toBe(meteredWh)
  const noiseless = forecast({ ...noisyMode, errorShare: 0 }, task)
  expect(noiseless).toEqual(exact)
})

test('forecast() draws for each participant by itself, and for each quarter-hour from its own meter', () => {
  for (const mode of modes.slice(2)) {
    const own = forecast(mode, task)
    expect(forecast(mode, { ...task, id: 'other' }).intradayWh).not.toEqual(own.intradayWh)
    expect(forecast(mode, { ...task, seed: 4 }).intradayWh).not.toEqual(own.intradayWh)
    const changed = meteredWh.slice()
    changed.fill(9, 500)
    const other = forecast(mode, { ...task, meteredWh: changed })
    expect(other.dayAheadWh!.subarray(0, 500)).toEqual(own.dayAheadWh!.subarray(0, 500))
  }
})

test('forecast(independent) is what load_error_share and pv_error_share have always meant', () => {
  const { intradayWh, dayAheadWh } = forecast({ kind: 'independent', errorShare: 0.08 }, task)
  expect(dayAheadWh).toBe(intradayWh)
  expect([...intradayWh.subarray(0, 6)]).toEqual([985, 3598, 1703, 4493, 3111, 5351])
})

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeCalendar, type CalendarDay } from '../../src/base/calendar.ts'
import { InputFaults } from '../../src/base/errors.ts'
import { isWorkday } from '../../src/assets/holidays.ts'
import { parseLoadArchetypes } from '../../src/assets/load/archetype.ts'
import { dayProfile, workdayProfile } from '../../src/assets/load/day-profile.ts'
import { bendAndScale } from '../../src/assets/load/load-factor.ts'
import { referenceTempC } from '../../src/assets/load/reference-year.ts'
import { dayShares } from '../../src/assets/load/year-shares.ts'
import {
  annualKwh,
  archetypes,
  archetypeNames as names,
  drawLoad as draw,
  holidays,
  loadFactor,
  readSeed,
} from '../verification/physics/load-factor.ts'
import { calendar, pilotSeed, synthesizeYear } from '../verification/physics/synthetic-year.ts'

const factories = names.filter((name) => /factory|processing/.test(name))
const { airTempC } = synthesizeYear(pilotSeed).weather
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]) => sum(values) / values.length

/** Mean energy of the days that are picked. [kWh] */
function dayMean(load: Float64Array, isPicked: (day: CalendarDay) => boolean): number {
  return mean(
    calendar.days.flatMap((day, index) =>
      isPicked(day) ? [sum(load.subarray(index * 96, index * 96 + 96)) / 4] : [],
    ),
  )
}
/** Ten draws of a kind, since one enterprise differs from another. */
const meanOver = (name: string, figure: (load: Float64Array) => number) =>
  mean(Array.from({ length: 10 }, (_, seed) => figure(draw(name, seed))))
const isOrdinary = (day: CalendarDay) => day.month > 2 && isWorkday(holidays, day)
const isFreeWeekend = ({ month, date, weekday }: CalendarDay) =>
  month > 2 && weekday > 5 && !holidays.isHoliday(date) && !holidays.isWorkingWeekend(date)

test('the seed holds the kinds of the facts file and one more, each figure with source and confidence', () => {
  expect(names).toEqual([
    'one-shift-factory',
    'two-shift-factory',
    'three-shift-factory',
    'cold-storage',
    'logistics-warehouse',
    'office',
    'bonded-processing',
  ])
})

describe.each(names)('%s', (name) => {
  const archetype = archetypes.get(name)!

  test('no load is below zero, whatever the seed', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        expect(draw(name, seed).every((kw) => kw >= 0)).toBe(true)
      }),
      { numRuns: 6 },
    )
  })

  test('nights and weekends stand to workdays as the facts file says, to a tenth', () => {
    const night = meanOver(name, (load) => {
      const ratios = calendar.days.flatMap((day, index) => {
        if (!isOrdinary(day)) return []
        const quarters = load.subarray(index * 96, index * 96 + 96)
        return [mean([...quarters.subarray(4, 16)]) / mean([...quarters.toSorted().subarray(72)])]
      })
      return mean(ratios)
    })
    expect(Math.abs(night - archetype.nightShare.value)).toBeLessThan(0.1)
    const weekend = meanOver(name, (load) => dayMean(load, isFreeWeekend) / dayMean(load, isOrdinary))
    expect(Math.abs(weekend - archetype.weekendShare.value)).toBeLessThan(0.1)
  })

  test('the same seed gives the same year, another seed another', () => {
    expect(draw(name, 7)).toEqual(draw(name, 7))
    expect(draw(name, 7)).not.toEqual(draw(name, 8))
  })
})

describe.each(factories)('%s', (name) => {
  test('pauses for 10 to 14 days on end around Spring Festival', () => {
    const archetype = archetypes.get(name)!
    const habits = fc.record({
      shiftQuarters: fc.constant(0),
      saturdayShare: fc.constant(0.9),
      sundayShare: fc.constant(0.8),
      pauseDays: fc.integer({ min: 10, max: 14 }),
      pauseDaysBefore: fc.integer({ min: 2, max: 7 }),
    })
    fc.assert(
      fc.property(habits, (given) => {
        const shares = [...dayShares(archetype, given, holidays, calendar)]
        const quiet = shares.flatMap((share, at) => (share === archetype.springPauseShare.value ? [at] : []))
        // 除夕 is 5 February, day 35 counted from 0.
        const first = 35 - given.pauseDaysBefore
        expect(quiet).toEqual(Array.from({ length: given.pauseDays }, (_, at) => first + at))
        expect(shares[first - 1]).toBeLessThan(0.7)
        expect(shares[first - 3]).toBeGreaterThan(0.7)
      }),
    )
  })

  test('from 除夕 to 正月初四 it takes what its kind takes in the pause, less than on a weekend', () => {
    const { springPauseShare } = archetypes.get(name)!
    const share = meanOver(name, (load) => {
      const festival = dayMean(load, ({ date }) => date >= '2027-02-05' && date <= '2027-02-09')
      expect(festival).toBeLessThan(dayMean(load, isFreeWeekend))
      return festival / dayMean(load, isOrdinary)
    })
    expect(Math.abs(share - springPauseShare.value)).toBeLessThan(0.1)
  })

  test('works on working weekends (调休) and rests on public holidays', () => {
    const work = meanOver(name, (load) => dayMean(load, isOrdinary))
    const moved = meanOver(name, (load) =>
      dayMean(load, ({ date, month }) => month > 3 && holidays.isWorkingWeekend(date)),
    )
    expect(moved / work).toBeGreaterThan(0.9)
    const off = meanOver(name, (load) =>
      dayMean(load, ({ date, month }) => month > 3 && holidays.isHoliday(date)),
    )
    expect(Math.abs(off / work - archetypes.get(name)!.holidayShare.value)).toBeLessThan(0.1)
  })
})

test('cold storage takes 20 to 40 % more in July and August, an office more in the heat of a day than on a mild one', () => {
  const ratio = meanOver(
    'cold-storage',
    (load) =>
      dayMean(load, ({ month }) => month === 7 || month === 8) /
      dayMean(load, ({ month }) => month < 7 || month > 8),
  )
  expect(ratio).toBeGreaterThan(1.2)
  expect(ratio).toBeLessThan(1.4)
  const office = draw('office')
  const dayTemp = (day: CalendarDay) =>
    mean([...airTempC.subarray((day.dayOfYear - 1) * 96, day.dayOfYear * 96)])
  const hot = dayMean(office, (day) => isOrdinary(day) && dayTemp(day) > 29)
  const mild = dayMean(office, (day) => isOrdinary(day) && dayTemp(day) > 14 && dayTemp(day) < 20)
  expect(hot / mild).toBeGreaterThan(1.1)
})

test('a load factor that is asked for is met to a thousandth', () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0.3, max: 0.4, noNaN: true }), (seed, asked) => {
      const load = draw('one-shift-factory', seed, { loadFactor: asked })
      expect(Math.abs(loadFactor(load) - asked)).toBeLessThan(0.001)
    }),
    { numRuns: 12 },
  )
})

describe('a run over part of a year', () => {
  const parts = [
    { from: '2027-01-01', to: '2027-06-30' },
    { from: '2027-02-01', to: '2027-02-14' },
    { from: '2027-07-05', to: '2027-07-11' },
    { from: '2027-11-24', to: '2027-12-31' },
  ].map(makeCalendar)

  test.each(names)('%s: has that part of the same year, but for the temperature of the rest', (name) => {
    for (const part of parts) {
      const start = (part.days[0]!.dayOfYear - 1) * 96
      const end = start + part.intervals
      const load = draw(name, 3, { calendar: part, airTempC: airTempC.slice(start, end) })
      const whole = draw(name, 3).subarray(start, end)
      expect(Math.abs(sum(load) / sum(whole) - 1), part.from).toBeLessThan(0.06)
      const ratios = [...load].map((kw, at) => kw / whole[at]!).toSorted((a, b) => a - b)
      expect(ratios[Math.floor(ratios.length * 0.02)], part.from).toBeGreaterThan(0.9)
      expect(ratios[Math.floor(ratios.length * 0.98)], part.from).toBeLessThan(1.1)
    }
  })

  test('two years have the energy of two, each with its own load factor', () => {
    const two = makeCalendar({ from: '2026-01-01', to: '2027-12-31' })
    const load = draw('office', 1, { calendar: two, airTempC: new Float64Array(two.intervals).fill(20) })
    expect(sum(load.subarray(0, 35_040)) / 4).toBeCloseTo(annualKwh, 3)
    expect(sum(load.subarray(35_040)) / 4).toBeCloseTo(annualKwh, 3)
  })

  test('referenceTempC() keeps the monthly means and daily ranges of its table to 1.5 K', () => {
    const { referenceYear } = archetypes.get('office')!
    const tempC = referenceTempC(referenceYear, calendar)
    for (const [month, { firstInterval, endInterval }] of calendar.months.entries()) {
      const wanted = referenceYear.months[month]!
      const own = tempC.subarray(firstInterval, endInterval)
      expect(Math.abs(mean([...own]) - wanted.meanC)).toBeLessThan(1.5)
      const hottest = Array.from({ length: own.length / 96 }, (_, day) =>
        Math.max(...own.subarray(day * 96, day * 96 + 96)),
      )
      expect(Math.abs(mean(hottest) - wanted.meanDailyMaxC)).toBeLessThan(1.5)
    }
  })
})

describe('the parts', () => {
  test('dayProfile() has the share it was asked for and is nowhere negative', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.double({ min: 0, max: 1, noNaN: true }), (name, share) => {
        const archetype = archetypes.get(name)!
        const workday = workdayProfile(archetype, 0)
        const day = dayProfile(workday, archetype.nightShare.value, share)
        expect(sum(day)).toBeCloseTo(share * sum(workday), 9)
        expect(day.every((level) => level >= 0)).toBe(true)
        if (share === 1) day.forEach((level, at) => expect(level).toBeCloseTo(workday[at]!, 12))
      }),
    )
  })

  test('workdayProfile() turns round midnight', () => {
    const archetype = archetypes.get('two-shift-factory')!
    const later = workdayProfile(archetype, 2)
    const plain = workdayProfile(archetype, 0)
    expect([later[0], later[1], later[34]]).toEqual([plain[94], plain[95], plain[32]])
  })

  test('bendAndScale() meets any load factor that a shape allows', () => {
    const levels = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 200, maxLength: 400 })
    fc.assert(
      fc.property(levels, fc.double({ min: 0.6, max: 1.6, noNaN: true }), (given, exponent) => {
        const shape = Float64Array.from(given)
        const wanted = loadFactor(shape.map((level) => level ** exponent))
        fc.pre(wanted < 0.999)
        bendAndScale(shape, wanted, 5000)
        expect(Math.abs(loadFactor(shape) - wanted)).toBeLessThan(0.002)
        expect(sum(shape) / 4).toBeCloseTo(5000, 6)
      }),
    )
  })
})

test('parseLoadArchetypes() names every fault with its place and value', () => {
  const seed = readSeed('load-archetypes') as { archetypes: Record<string, Record<string, unknown>> }
  const faultsOf = (changed: unknown) => {
    try {
      parseLoadArchetypes(changed, 'a.json')
    } catch (error) {
      if (error instanceof InputFaults) return error.faults.map(({ path, came }) => [path, came])
      throw error
    }
    return []
  }
  const figure = { value: 2, unit: '', source: '', confidence: 'unverified' }
  const office = { ...seed.archetypes['office']!, nightShare: figure, shape: 3 }
  expect(faultsOf({ ...seed, archetypes: { office } })).toEqual([
    ['archetypes.office.nightShare.value', '2'],
    ['archetypes.office.shape', '3'],
  ])
  const turned = { low: { ...figure, value: 0.5 }, high: { ...figure, value: 0.4 } }
  expect(
    faultsOf({ ...seed, archetypes: { office: { ...seed.archetypes['office']!, loadFactor: turned } } }),
  ).toEqual([['archetypes.office.loadFactor', '0.5 and 0.4']])
})

const measured = path.resolve('../shared/data/load-cni-germany')
test('quarter-hours of working time jump as those of measured customers do, within a factor of two', (context) => {
  if (!existsSync(measured)) context.skip(`${measured} is missing`)
  const jumps = (load: Float64Array, isWork: (at: number) => boolean) => {
    const highest = load.reduce((a, b) => Math.max(a, b), 0)
    const steps = Array.from(load, (kw, at) =>
      at > 0 && isWork(at) ? Math.abs(kw - load[at - 1]!) / highest : -1,
    )
    const sorted = steps.filter((step) => step >= 0).toSorted((a, b) => a - b)
    return [0.5, 0.9].map((share) => sorted[Math.floor(share * sorted.length)]!)
  }
  const files = ['LP_G_MV', 'LP_G_G', 'LP_G_MH', 'LP_Oe_Buero_m'].map((name) => {
    const rows = readFileSync(path.join(measured, `${name}.csv`), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
    const isWork = (at: number) => {
      const [stamp] = rows[at]!.split(',')
      const weekday = new Date(`${stamp!.slice(0, 10)}T00:00:00Z`).getUTCDay()
      return weekday > 0 && weekday < 6 && stamp!.slice(11, 13) >= '09' && stamp!.slice(11, 13) < '16'
    }
    return jumps(
      Float64Array.from(rows, (row) => Number(row.split(',')[1])),
      isWork,
    )
  })
  const isWork = (at: number) =>
    isWorkday(holidays, calendar.days[Math.floor(at / 96)]!) && at % 96 >= 36 && at % 96 < 64
  for (const name of ['one-shift-factory', 'two-shift-factory', 'office', 'bonded-processing']) {
    for (const [at, jump] of jumps(draw(name), isWork).entries()) {
      expect(jump, name).toBeGreaterThan(Math.min(...files.map((file) => file[at]!)) / 2)
      expect(jump, name).toBeLessThan(Math.max(...files.map((file) => file[at]!)) * 2)
    }
  }
})

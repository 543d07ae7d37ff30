import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeCalendar } from '../../src/base/calendar.ts'
import { InputFaults } from '../../src/base/errors.ts'
import { rateE8 } from '../../src/base/units.ts'
import { bandSeries } from '../../src/tariff/bands.ts'
import { billMonth, powerFactorAdjustment } from '../../src/tariff/bill.ts'
import type { BookData as Book } from '../../src/tariff/book-schema.ts'
import { bands, parseTariffBook, type Band, type Rates } from '../../src/tariff/book.ts'
import { withCapacityTd } from '../../src/tariff/capacity-td.ts'
import { agencyComponentsE8, agencyPriceE8, retailPriceE8 } from '../../src/tariff/prices.ts'
import { segments } from '../../src/tariff/segments.ts'

const json = JSON.parse(readFileSync('seeds/tariffs/zhejiang.json', 'utf8'))
const book = parseTariffBook(json, 'zhejiang.json')
const rates = book.ratesOn('2027-05-10')
const none = () => undefined

test('agencyPriceE8() gives the 10 kV two-part prices that the facts derive: 112号 on 2025-11 components, 1077号 T&D', () => {
  const expected: Record<Band, number> = {
    sharp: 1.2309,
    peak: 1.1259,
    flat: 0.6794,
    valley: 0.3643,
    'deep-valley': 0.2593,
  }
  for (const band of bands)
    expect(agencyPriceE8(rates, '10kV', 'two', band, 5) / 1e8, band).toBe(expected[band])
})

test('the quoted 2025-11 prices 0.3653 / 0.6803 / 1.1267 follow from B = 0.5252 and third-period T&D to 0.0001', () => {
  const third = { ...rates, tdEnergyE8: book.ratesOn('2026-07-15').tdEnergyE8 }
  const quoted = { valley: 0.3653, flat: 0.6803, peak: 1.1267 } as const
  for (const [band, price] of Object.entries(quoted)) {
    expect(Math.abs(agencyPriceE8(third, '10kV', 'two', band as Band, 5) / 1e8 - price)).toBeLessThanOrEqual(
      0.00011,
    )
  }
})

test('agencyPriceE8() of the 2024 rule scales the whole price', () => {
  const old = book.ratesOn('2026-05-10')
  const whole = agencyPriceE8(old, '10kV', 'two', 'flat', 5)
  expect(agencyPriceE8(old, '10kV', 'two', 'deep-valley', 5) / whole).toBeCloseTo(0.2, 3)
  expect(agencyPriceE8(old, '10kV', 'two', 'valley', 1) / whole).toBeCloseTo(0.38, 3)
})

test('the parts of an agency price sum to it, in every band, level, part and month', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...bands),
      fc.constantFrom('0.4kV', '10kV', '35kV', '110kV'),
      fc.boolean(),
      fc.integer({ min: 1, max: 12 }),
      (band, level, two, month) => {
        const part = two && level !== '0.4kV' ? 'two' : 'single'
        for (const each of [rates, book.ratesOn('2026-05-10')]) {
          const parts = Object.values(agencyComponentsE8(each, level, part, band, month))
          expect(parts.reduce((sum, value) => sum + value, 0)).toBe(
            agencyPriceE8(each, level, part, band, month),
          )
        }
      },
    ),
    { seed: 1 },
  )
})

test('bandSeries() knows the noon valley, the winter sharp hours and the deep valley of Labour Day', () => {
  const calendar = makeCalendar({ from: '2027-01-01', to: '2027-12-31' })
  const labour = (date: string) =>
    date >= '2027-05-01' && date <= '2027-05-05'
      ? { name: 'labour-day', day: Number(date.slice(-2)) }
      : undefined
  const series = bandSeries(book, calendar, labour)
  const at = (dayOfYear: number, hour: number) => bands[series[(dayOfYear - 1) * 96 + hour * 4]!]
  expect([
    at(10, 3),
    at(10, 8),
    at(10, 12),
    at(10, 15),
    at(10, 17),
    at(10, 19),
    at(10, 22),
    at(10, 23),
  ]).toEqual(['valley', 'flat', 'valley', 'flat', 'peak', 'sharp', 'peak', 'flat'])
  expect(at(100, 19)).toBe('peak')
  expect([at(121, 8), at(121, 12), at(123, 14), at(124, 12)]).toEqual([
    'valley',
    'deep-valley',
    'deep-valley',
    'valley',
  ])
})

test('segments() switch on the day the rules change: 112号 on 2026-07-01, 1077号 on 2026-08-01', () => {
  const calendar = makeCalendar({ from: '2026-06-29', to: '2026-08-02' })
  const found = segments(book, calendar)
  expect(found.map((segment) => segment.firstInterval / 96)).toEqual([0, 2, 33])
  expect(found.map((segment) => segment.rates.timeOfUse.scales)).toEqual([
    'whole-price',
    'floating-base',
    'floating-base',
  ])
  expect(bands[bandSeries(book, calendar, none)[96 * 1 + 40]!]).toBe('peak')
  expect(bands[bandSeries(book, calendar, none)[96 * 2 + 40]!]).toBe('flat')
})

const meter = (energyWhByBand: number[], extra = 0n) => ({
  segments: [{ rates, month: 5, energyWhByBand }],
  totalEnergyWh: energyWhByBand.reduce((sum, energy) => sum + energy, 0),
  maxDemandKw: 1000,
  extraAdjustedE11: extra,
  fractionOfMonth: 1,
})
const connection = {
  level: '10kV',
  part: 'two',
  billing: 'demand',
  transformerKva: 2000,
  powerFactor: 0.97,
} as const

test('billMonth() of a month worked by hand: 100 MWh flat, retail 0.43, 10 kV two-part, 1,000 kW demand', () => {
  const contract = { kind: 'retail-flat', energyE8: rateE8(43_000_000) } as const
  const lines = Object.fromEntries(
    billMonth(meter([0, 0, 100_000_000, 0, 0]), contract, connection).map((line) => [
      line.key,
      Number(line.amountE11) / 1e11,
    ]),
  )
  expect(lines).toMatchObject({
    'energy-flat': 43_000,
    'line-loss': 1360,
    'td-energy': 12_500,
    'demand-charge': 47_200,
    'system-operation': 8160,
    funds: 2923.875,
    // −0.75 % of 43,000 + 1,360 + 12,500 + 47,200 + 8,160
    'power-factor': -841.65,
  })
})

test('billMonth() grants the demand discount from 260 kWh per kVA on, and never before', () => {
  const demand = (kwh: number) =>
    billMonth(meter([0, 0, kwh * 1000, 0, 0]), { kind: 'agency' }, connection).find(
      (line) => line.key === 'demand-charge',
    )!.amountE11
  expect(Number(demand(519_999)) / 1e11).toBe(47_200)
  expect(Number(demand(520_000)) / 1e11).toBe(42_480)
})

test('billMonth() with T&D by capacity: 29.5 and 0.1250 · 0.6 · 730 on 2,000 kVA at 10 kV are 168,500 CNY (1192号)', () => {
  const byCapacity = { ...connection, billing: 'capacity' } as const
  const segment = { rates: withCapacityTd(rates, 6000), month: 5, energyWhByBand: [0, 0, 100_000_000, 0, 0] }
  const lines = billMonth({ ...meter([]), segments: [segment] }, { kind: 'agency' }, byCapacity)
  const amount = (key: string) => Number(lines.find((line) => line.key === key)?.amountE11) / 1e11
  expect([amount('capacity-charge'), amount('td-capacity'), amount('td-energy')]).toEqual([
    59_000, 109_500, 0,
  ])
})

test('T&D by capacity leaves the bill of a single-part customer alone', () => {
  const single = { ...connection, level: '0.4kV', part: 'single', billing: 'none' } as const
  const energyWhByBand = [1, 2, 3, 4, 5].map((share) => share * 1e6)
  const bill = (each: Rates) =>
    billMonth(
      { ...meter([]), segments: [{ rates: each, month: 5, energyWhByBand }] },
      { kind: 'agency' },
      single,
    )
  expect(bill(withCapacityTd(rates, 6000))).toEqual(bill(rates))
})

test('energy lines of billMonth() are additive and equal energy times the published price', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 5, maxLength: 5 }), (energyWh) => {
      const lines = billMonth(meter(energyWh), { kind: 'agency' }, connection).filter((line) => !line.monthly)
      const total = lines.reduce((sum, line) => sum + line.amountE11, 0n)
      expect(total).toBe(
        bands.reduce(
          (sum, band, code) =>
            sum + BigInt(energyWh[code]!) * BigInt(agencyPriceE8(rates, '10kV', 'two', band, 5)),
          0n,
        ),
      )
    }),
    { seed: 2 },
  )
  expect(retailPriceE8(rates, '0.4kV', 'single', 43_000_000)).toBe(
    43_000_000 + 1_360_000 + 8_160_000 + 24_120_000 + 2_923_875,
  )
})

test('powerFactorAdjustment() never rises with the power factor and meets the bill seen: 0.97 gives −0.75 %', () => {
  const shares = Array.from({ length: 100 }, (_, at) => Number(powerFactorAdjustment((at + 1) / 100, rates)))
  shares.reduce((before, share) => {
    expect(share).toBeLessThanOrEqual(before)
    return share
  }, Infinity)
  expect(powerFactorAdjustment(0.97, rates)).toBe('-0.0075')
  expect(powerFactorAdjustment(0.9, rates)).toBe('0')
})

test('parseTariffBook() answers a faulty book with every fault', () => {
  const faulty = structuredClone(json)
  faulty.td[0].validTo = '2026-07-30'
  faulty.mechanism[0].validTo = '2020-01-01'
  expect(() => parseTariffBook(faulty, 'x.json')).toThrow(InputFaults)
  try {
    parseTariffBook(faulty, 'x.json')
  } catch (error) {
    expect((error as InputFaults).faults.map((fault) => fault.path)).toEqual(['td.0', 'mechanism.0'])
  }
  expect(() => parseTariffBook({ ...json, rules: [{}], extra: 1 }, 'x.json')).toThrow(/rules\.0\.vatRate/)
})

test('parseTariffBook() refuses a day with a gap in its bands, and a month without a season', () => {
  const faulty = structuredClone(json) as {
    timeOfUse: { seasons: { months: number[]; bands: unknown[] }[] }[]
  }
  faulty.timeOfUse[0]!.seasons[0]!.bands.splice(1, 1)
  faulty.timeOfUse[0]!.seasons[0]!.months.pop()
  try {
    parseTariffBook(faulty, 'x.json')
    expect.unreachable()
  } catch (error) {
    const paths = (error as InputFaults).faults.map((fault) => fault.path)
    expect(paths).toEqual(['timeOfUse.0.seasons.0.bands', 'timeOfUse.0.seasons'])
  }
})

test.each([
  ['no edition', (faulty: Book) => (faulty.td = []), 'td: wanted array >=1 items'],
  [
    'a band without a multiplier',
    ({ timeOfUse }: Book) => delete timeOfUse[1]!.multipliers.default.sharp,
    'timeOfUse.1.multipliers.default.sharp: wanted a figure, as the band is in use',
  ],
  [
    'a holiday that runs backwards',
    ({ timeOfUse }: Book) => (timeOfUse[1]!.holidays[0]!.bands[1]!.to = '08:00'),
    'holidays.0.bands.1: wanted an end after the start',
  ],
  [
    'a clock beyond the day',
    ({ timeOfUse }: Book) => (timeOfUse[1]!.holidays[0]!.bands[1]!.to = '24:15'),
    'holidays.0.bands.1.to: wanted a quarter of an hour as HH:MM',
  ],
  [
    'power-factor steps the wrong way round',
    ({ powerFactorTable }: Book) => powerFactorTable.steps.reverse(),
    'powerFactorTable.steps: wanted steps that fall to 0',
  ],
  [
    'no demand charge',
    ({ td }: Book) => delete td[1]!.demandCharge['10kV'],
    'td.1.demandCharge.10kV: wanted a figure',
  ],
  [
    'a T&D price that rises with the voltage',
    ({ td }: Book) => (td[1]!.twoPartEnergy['110kV']!.value = '0.2'),
    'td.1.twoPartEnergy.110kV.value: wanted not more than at 35kV, 0.0895, came 0.2',
  ],
  [
    'a T&D price finer than a tick',
    ({ td }: Book) => (td[1]!.twoPartEnergy['10kV']!.value = '0.12503'),
    'td.1.twoPartEnergy.10kV.value: wanted a price as text, at most 4 places',
  ],
])('parseTariffBook() refuses %s', (_, spoil, told) => {
  const faulty: Book = structuredClone(json)
  spoil(faulty)
  expect(() => parseTariffBook(faulty, 'x.json')).toThrow(told)
})

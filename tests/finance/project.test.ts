import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Decimal, sumOf } from '../../src/finance/money.ts'
import { assess, cashFlow, type Project } from '../../src/finance/project.ts'
import { profitTaxes } from '../../src/finance/tax.ts'
import { levels, risen } from '../../src/finance/years.ts'

const cny = (amount: number | string) => new Decimal(amount)
const list = (amounts: readonly Decimal[], places = 2) => amounts.map((amount) => amount.toFixed(places))

/** 25 %, three years free and three at half (三免三减半), ten years of depreciation, losses for five years. */
const chinese = {
  rate: cny('0.25'),
  exemptYears: 3,
  halfYears: 3,
  depreciationYears: 10,
  lossYears: 5,
}

function project(
  given: Partial<Omit<Project, 'years'>> & { investment: Decimal; surplus: number[] },
): Project {
  const years = given.surplus.map((income) => ({
    income: cny(income),
    operation: cny(0),
    replacement: cny(0),
    quantity: cny(1),
  }))
  return { discountRate: cny('0.1'), tax: null, ...given, years }
}

test('assess() of 1,000 paid for 500, 450 and 405, worked by hand', () => {
  // 1,355 comes back. At 10 %: 500/1.1 = 454.5455, 450/1.21 = 371.9008, 405/1.331 = 304.2825; together 1,130.7288.
  // Simple: 50 are missing after two years, 50/405 = 0.1235. Discounted: 173.5537 are, 173.5537/304.2825 = 0.5704.
  const found = assess(project({ investment: cny(1000), surplus: [500, 450, 405] }))
  expect(found.npv.toFixed(4)).toBe('130.7288')
  expect(found.payback?.firstYears.toFixed(4)).toBe('2.1235')
  expect(found.discountedPayback?.lastingYears.toFixed(4)).toBe('2.5704')
  // Per unit: 1,000 over 1/1.1 + 1/1.21 + 1/1.331 = 2.486852.
  expect(found.levelisedCost?.toFixed(4)).toBe('402.1148')
  // At 17 % it is worth 427.3504 + 328.7311 + 252.8700 − 1,000 = 8.9515, at 18 % −6.5648; at 17.5735 % nothing.
  expect(found.irr).toEqual({ kind: 'one', rate: expect.anything() })
  expect(found.irr.kind === 'one' && found.irr.rate.toFixed(4)).toBe('0.1757')
  expect(list(found.flows.map((each) => each.cumulative))).toEqual([
    '-1000.00',
    '-500.00',
    '-50.00',
    '355.00',
  ])
})

test('profitTaxes() with depreciation, a holiday and losses, worked by hand', () => {
  const surplus = [150, 150, 150, 150, 150, 80, 150, 150, 150, 150, 150, 150]
  // Depreciation of 100 for ten years leaves 50 of profit; year 6 loses 20, so that year 7 is taxed on 30 at 25 %.
  const taxes = profitTaxes(
    surplus.map((each) => ({ surplus: cny(each) })),
    cny(1000),
    chinese,
  )
  const expected = [0, 0, 0, 6.25, 6.25, 0, 7.5, 12.5, 12.5, 12.5, 37.5, 37.5]
  expect(list(taxes, 4)).toEqual(expected.map((each) => each.toFixed(4)))
})

test('profitTaxes() forgets a loss after its years, and uses the oldest first', () => {
  const tax = { ...chinese, exemptYears: 0, halfYears: 0, depreciationYears: 1, lossYears: 2 }
  const of = (...surplus: number[]) =>
    list(
      profitTaxes(
        surplus.map((each) => ({ surplus: cny(each) })),
        cny(0),
        tax,
      ),
    ).map(Number)
  expect(of(-100, 0, 0, 100)).toEqual([0, 0, 0, 25])
  expect(of(-100, 0, 100)).toEqual([0, 0, 0])
  // 60 of the first loss and, a year later, what is left of it and then of the second.
  expect(of(-100, -50, 60, 60)).toEqual([0, 0, 0, 2.5])
})

test('a taxed project pays its rate of what it earns, over a life long enough for its losses', () => {
  const plain = { ...chinese, exemptYears: 0, halfYears: 0, lossYears: 50 }
  const surplus = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 12, maxLength: 30 })
  fc.assert(
    fc.property(surplus, fc.integer({ min: 0, max: 400_000 }), (earned, investment) => {
      const years = [...earned, 1_000_000]
      const taxes = profitTaxes(
        years.map((each) => ({ surplus: cny(each) })),
        cny(investment),
        plain,
      )
      const profit = years.reduce((sum, each) => sum + each, 0) - investment
      expect(sumOf(taxes).toFixed(6)).toBe(cny(profit).times('0.25').toFixed(6))
      expect(taxes.every((each) => each.gte(0))).toBe(true)
    }),
  )
})

test('cashFlow() is whole fen, adds up, and a tax only lowers it', () => {
  const amount = fc.double({ min: 0, max: 1e6, noNaN: true }).map((each) => cny(each))
  const year = fc.record({ income: amount, operation: amount, replacement: amount, quantity: amount })
  const projects = fc.record({
    investment: amount,
    years: fc.array(year, { minLength: 1, maxLength: 25 }),
    discountRate: fc.constantFrom(cny('0.06'), cny(0), cny('0.12')),
    tax: fc.constantFrom(null, chinese),
  })
  fc.assert(
    fc.property(projects, (given) => {
      const flows = cashFlow(given)
      const cells = flows.flatMap((each) => [
        each.income,
        each.operation,
        each.replacement,
        each.tax,
        each.net,
      ])
      expect(cells.every((each) => each.decimalPlaces() <= 2)).toBe(true)
      for (const { income, investment, operation, replacement, tax, net } of flows) {
        expect(income.minus(sumOf([investment, operation, replacement, tax])).eq(net)).toBe(true)
      }
      const last = flows.at(-1)!
      expect(last.cumulative.eq(sumOf(flows.map((each) => each.net)))).toBe(true)
      const found = assess(given)
      expect(Number(last.cumulativeDiscounted.minus(found.npv))).toBeCloseTo(0, 12)
      expect(found.npv.lte(assess({ ...given, tax: null }).npv)).toBe(true)
    }),
    { numRuns: 60 },
  )
})

test('levels() keep what is known, change evenly between, and follow the asset', () => {
  const remaining = [1, 0.9, 0.8, 0.7, 0.6, 0.5].map(cny)
  const at = (year: number, amount: number) => ({ year, amount: cny(amount) })
  const texts = (amounts: readonly number[]) => amounts.map((amount) => amount.toFixed(2))
  expect(list(levels([at(1, 100)], remaining))).toEqual(texts([100, 90, 80, 70, 60, 50]))
  // Over what is left, year 2 brings 100 and year 4 brings 120; year 3 is half-way, 110 · 0.8.
  expect(list(levels([at(2, 90), at(4, 84)], remaining))).toEqual(texts([100, 90, 88, 84, 72, 60]))
  expect(list(risen([cny(100), cny(100), cny(100)], cny('0.02')))).toEqual(texts([100, 102, 104.04]))
})

const knownYears = fc.uniqueArray(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 6 })
const aged = Array.from({ length: 25 }, (_, at) => cny('0.98').pow(at))

test('levels() of an income that ages as its asset does are that income in every year', () => {
  fc.assert(
    fc.property(knownYears, fc.integer({ min: -1000, max: 1000 }), (years, full) => {
      const seen = years
        .toSorted((a, b) => a - b)
        .map((year) => ({ year, amount: aged[year - 1]!.times(full) }))
      levels(seen, aged).forEach((amount, at) => {
        expect(amount.toFixed(20)).toBe(aged[at]!.times(full).toFixed(20))
      })
    }),
  )
})

test('levels() keep every known year, and between two of them never leave what they bring', () => {
  const amounts = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 6, maxLength: 6 })
  fc.assert(
    fc.property(knownYears, amounts, (years, wanted) => {
      const seen = years.toSorted((a, b) => a - b).map((year, at) => ({ year, amount: cny(wanted[at]!) }))
      const found = levels(seen, aged)
      for (const { year, amount } of seen) expect(found[year - 1]!.eq(amount)).toBe(true)
      const full = (year: number) => Number(found[year - 1]!.div(aged[year - 1]!))
      seen.slice(1).forEach((after, at) => {
        const ends = [full(seen[at]!.year), full(after.year)]
        for (let year = seen[at]!.year; year <= after.year; year++) {
          expect(full(year)).toBeGreaterThanOrEqual(Math.min(...ends) - 1e-9)
          expect(full(year)).toBeLessThanOrEqual(Math.max(...ends) + 1e-9)
        }
      })
    }),
  )
})

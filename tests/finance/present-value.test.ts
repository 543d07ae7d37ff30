import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Decimal, sumOf } from '../../src/finance/money.ts'
import { discounted, levelisedCost, presentValue } from '../../src/finance/present-value.ts'
import { payback } from '../../src/finance/payback.ts'

const money = (flows: readonly number[]) => flows.map((flow) => new Decimal(flow))
const fen = fc.integer({ min: -100_000_000, max: 100_000_000 }).map((each) => new Decimal(each).div(100))
const flows = fc.array(fen, { minLength: 1, maxLength: 30 })
const rate = fc.integer({ min: -50, max: 200 }).map((percent) => new Decimal(percent).div(100))

test('presentValue() is the sum of discounted(), the first amount plus the discounted value of the rest', () => {
  fc.assert(
    fc.property(flows, rate, (amounts, at) => {
      const value = presentValue(amounts, at)
      expect(Number(value.minus(sumOf(discounted(amounts, at))))).toBeCloseTo(0, 15)
      const rest = presentValue(amounts.slice(1), at).div(at.plus(1))
      expect(Number(value.minus(amounts[0]!).minus(rest))).toBeCloseTo(0, 15)
    }),
  )
})

test('presentValue() at rate 0 is the sum, exactly, and adds up over projects', () => {
  fc.assert(
    fc.property(flows, rate, (amounts, at) => {
      expect(presentValue(amounts, new Decimal(0)).eq(sumOf(amounts))).toBe(true)
      const twice = presentValue(
        amounts.map((amount) => amount.times(2)),
        at,
      )
      expect(Number(twice.minus(presentValue(amounts, at).times(2)))).toBeCloseTo(0, 15)
    }),
  )
})

test.each([
  // numpy.npv, reference manual
  { flows: [-100, 39, 59, 55, 20], rate: 0.281, value: '-0.0085' },
  { flows: [-40_000, 5000, 8000, 12_000, 30_000], rate: 0.08, value: '3065.2227' },
  // Excel's NPV, whose first amount falls due at the end of year 1
  { flows: [0, -10_000, 3000, 4200, 6800], rate: 0.1, value: '1188.4434' },
])('presentValue($flows, $rate) is $value', ({ flows, rate, value }) => {
  expect(presentValue(money(flows), new Decimal(rate)).toFixed(4)).toBe(value)
})

test('levelisedCost() is the price at which the present value of the project is nothing', () => {
  const quantities = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 2, maxLength: 25 })
  fc.assert(
    fc.property(quantities, fc.integer({ min: 1, max: 10_000_000 }), rate, (made, investment, at) => {
      const costs = made.map((_, year) => new Decimal(year === 0 ? investment : 17.35 * year))
      const price = levelisedCost(costs, money(made), at)!
      const net = made.map((quantity, year) => price.times(quantity).minus(costs[year]!))
      expect(Number(presentValue(net, at).div(investment))).toBeCloseTo(0, 15)
    }),
  )
  expect(levelisedCost(money([100, 5]), money([0, 0]), new Decimal(0.06))).toBeNull()
})

test('levelisedCost() agrees with the closed form of the capital recovery factor', () => {
  // NREL/TP-462-5173: investment · r(1+r)^n / ((1+r)^n − 1) over the yearly energy, plus the yearly cost of a unit.
  const [rate, life] = [new Decimal('0.06'), 25]
  const growth = rate.plus(1).pow(life)
  const recovery = rate.times(growth).div(growth.minus(1))
  const closed = recovery.times(270_000).plus(4600).div(105_000)
  const costs = money([270_000, ...Array<number>(life).fill(4600)])
  const price = levelisedCost(costs, money([0, ...Array<number>(life).fill(105_000)]), rate)!
  expect(price.toFixed(20)).toBe(closed.toFixed(20))
})

test('levelisedCost() gives the published 0.03455442190262982 of the Python package lcoe 0.3', () => {
  // 500 million invested, 25 million a year, 2 TWh a year, 7 %, 20 years; its years count from 0 to 19.
  const costs = money([525e6, ...Array<number>(19).fill(25e6)])
  const price = levelisedCost(costs, money(Array<number>(20).fill(2e9)), new Decimal('0.07'))!
  expect(Number(price)).toBeCloseTo(0.03455442190262982, 16)
})

/** A year walked in a thousand steps, as an independent look at the same rule. */
function walkedPayback(flows: readonly number[]): { first: number; lasting: number } | null {
  const steps = 1000
  let sum = flows[0]!
  let first = sum >= 0 ? 0 : null
  let lasting = first
  flows.slice(1).forEach((flow, year) => {
    for (let step = 1; step <= steps; step++) {
      const next = flows.slice(0, year + 1).reduce((a, b) => a + b, 0) + (flow * step) / steps
      if (sum < -1e-9 && next >= -1e-9) {
        lasting = year + step / steps
        first ??= lasting
      }
      sum = next
    }
  })
  return sum < -1e-9 || first === null || lasting === null ? null : { first, lasting }
}

test('payback() is where a walk through the years sees the sum reach 0, first and to stay', () => {
  const whole = fc.array(fc.integer({ min: -50, max: 100 }), { minLength: 2, maxLength: 12 })
  fc.assert(
    fc.property(whole, (flows) => {
      const walked = walkedPayback(flows)
      const found = payback(money(flows))
      if (!walked || !found) {
        expect(found).toBe(walked)
        return
      }
      expect(Math.abs(Number(found.firstYears) - walked.first)).toBeLessThanOrEqual(0.001 + 1e-9)
      expect(Math.abs(Number(found.lastingYears) - walked.lasting)).toBeLessThanOrEqual(0.001 + 1e-9)
    }),
    { numRuns: 200 },
  )
})

const years = (flows: readonly Decimal[]) => {
  const found = payback(flows)
  return found && [found.firstYears.toFixed(2), found.lastingYears.toFixed(2)]
}

test.each([
  // A. Horvath, CE 167 Engineering Economy, assignment 5 (2008): 4.7 years, and 7.2 discounted at 5 %
  {
    flows: [-180, -90, 0, 100, 100, 100, -90, 100, 100],
    rate: 0.05,
    simple: ['4.70', '6.60'],
    late: ['7.22', '7.22'],
  },
  // Ross, Westerfield, Jordan, Fundamentals of Corporate Finance, discounted payback at 14 %
  { flows: [-5200, 2800, 3700, 5100, 4300], rate: 0.14, simple: ['1.65', '1.65'], late: ['1.96', '1.96'] },
  { flows: [-10_400, 2800, 3700, 5100, 4300], rate: 0.14, simple: ['2.76', '2.76'], late: ['3.65', '3.65'] },
  { flows: [-100, 40, 40], rate: 0.1, simple: null, late: null },
])('payback($flows) is $simple, and $late at $rate', ({ flows, rate, simple, late }) => {
  expect(years(money(flows))).toEqual(simple)
  expect(years(discounted(money(flows), new Decimal(rate)))).toEqual(late)
})

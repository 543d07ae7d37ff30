import fc from 'fast-check'
import { expect, test } from 'vitest'
import { internalRate } from '../../src/finance/internal-rate.ts'
import { Decimal } from '../../src/finance/money.ts'
import { presentValue } from '../../src/finance/present-value.ts'

const money = (flows: readonly number[]) => flows.map((flow) => new Decimal(flow))

/** All rates found, as plain numbers. */
function ratesOf(flows: readonly Decimal[]): number[] {
  const found = internalRate(flows)
  if (found.kind === 'none') return []
  return (found.kind === 'one' ? [found.rate] : found.rates).map(Number)
}

function times(a: readonly bigint[], b: readonly bigint[]): bigint[] {
  const product = Array.from({ length: a.length + b.length - 1 }, () => 0n)
  a.forEach((left, i) => b.forEach((right, j) => (product[i + j]! += left * right)))
  return product
}

const signChanges = (flows: readonly Decimal[]) => {
  const signs = flows.filter((flow) => !flow.isZero()).map((flow) => flow.isNegative())
  return signs.filter((sign, at) => at > 0 && sign !== signs[at - 1]).length
}

test('internalRate() finds every rate that flows were made from, and no other', () => {
  // 100·v − (100 + per cent) has the rate as its root; v² + a·v + b with a² < 4b has none.
  const percents = fc.uniqueArray(fc.integer({ min: -99, max: 900 }), { minLength: 1, maxLength: 5 })
  const repeats = fc.integer({ min: 1, max: 3 })
  const rootless = fc.array(
    fc.record({ a: fc.integer({ min: -6, max: 6 }), b: fc.integer({ min: 10, max: 40 }) }),
    { maxLength: 4 },
  )
  fc.assert(
    fc.property(percents, repeats, rootless, (wanted, repeat, others) => {
      let fen: bigint[] = [1n]
      for (const percent of wanted) fen = times(fen, [100n, -BigInt(100 + percent)])
      for (let again = 1; again < repeat; again++) fen = times(fen, [100n, -BigInt(100 + wanted[0]!)])
      for (const { a, b } of others) fen = times(fen, [1n, BigInt(a), BigInt(b)])
      const flows = fen.map((each) => new Decimal(each.toString()).div(100))
      expect(ratesOf(flows)).toEqual(wanted.toSorted((x, y) => x - y).map((percent) => percent / 100))
    }),
    { numRuns: 150 },
  )
})

const someFlows = fc.array(fc.integer({ min: -5_000_000, max: 5_000_000 }), { minLength: 2, maxLength: 26 })

test('internalRate() is where the present value is nothing, and is there as often as Descartes allows', () => {
  fc.assert(
    fc.property(someFlows, (fen) => {
      const flows = fen.map((each) => new Decimal(each).div(100))
      const rates = ratesOf(flows)
      const most = signChanges(flows)
      expect(rates.length).toBeLessThanOrEqual(most)
      expect((most - rates.length) % 2).toBe(0)
      for (const rate of rates) {
        const step = new Decimal('1e-9')
        const [below, above] = [-1, 1].map((side) => presentValue(flows, step.times(side).plus(rate)))
        expect(below!.isNegative()).not.toBe(above!.isNegative())
      }
    }),
    { numRuns: 150 },
  )
})

test('internalRate() misses no change of sign that a walk over the rates sees', () => {
  fc.assert(
    fc.property(someFlows, (fen) => {
      const flows = fen.map((each) => new Decimal(each).div(100))
      const rates = ratesOf(flows)
      // An independent look, in floating point: present values at rates from −90 to 900 %, a percent apart.
      const valueAt = (rate: number) =>
        fen.reduceRight((later, flow) => later / (1 + rate) + flow, 0) /
        fen.reduce((a, b) => a + Math.abs(b), 1)
      for (let percent = -90; percent < 900; percent++) {
        const [low, high] = [percent / 100, (percent + 1) / 100]
        const [atLow, atHigh] = [valueAt(low), valueAt(high)]
        if (Math.min(Math.abs(atLow), Math.abs(atHigh)) < 1e-9 || atLow > 0 === atHigh > 0) continue
        expect(rates.filter((rate) => rate >= low - 1e-9 && rate <= high + 1e-9).length % 2).toBe(1)
      }
    }),
    { numRuns: 100 },
  )
})

test('a payment followed by receipts has one rate, above 0 just where more comes back than was paid', () => {
  const receipts = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), receipts, (investment, later) => {
      const back = later.reduce((sum, each) => sum + each, 0)
      fc.pre(back > 0)
      const found = internalRate(money([-investment, ...later]))
      if (found.kind !== 'one') throw new Error(`expected one rate, found ${found.kind}`)
      expect(found.rate.comparedTo(0)).toBe(Math.sign(back - investment))
    }),
    { numRuns: 100 },
  )
})

test.each([
  // numpy.irr, reference manual, after L. J. Gitman, Principles of Managerial Finance, Brief, 3rd ed. (2003), p. 348
  { flows: [-100, 39, 59, 55, 20], rates: ['0.28095'] },
  { flows: [-100, 0, 0, 74], rates: ['-0.0955'] },
  { flows: [-100, 100, 0, 7], rates: ['0.06206'] },
  // the manual names the second of these two only
  { flows: [-100, 100, 0, -7], rates: ['-0.6789', '-0.0833'] },
  // Excel's IRR after five, four and two years
  { flows: [-70_000, 12_000, 15_000, 18_000, 21_000, 26_000], rates: ['0.0866'] },
  { flows: [-70_000, 12_000, 15_000, 18_000, 21_000], rates: ['-0.0212'] },
  { flows: [-70_000, 12_000, 15_000], rates: ['-0.4435'] },
  // J. H. Lorie, L. J. Savage, Three Problems in Rationing Capital, Journal of Business 28 (1955): the oil pump
  { flows: [-1600, 10_000, -10_000], rates: ['0.25', '4'] },
  // S. A. Ross, R. W. Westerfield, B. D. Jordan, Fundamentals of Corporate Finance: four rates
  { flows: [-252, 1431, -3035, 2850, -1000], rates: ['0.25', '0.3333', '0.4286', '0.6667'] },
])('internalRate($flows) is $rates', ({ flows, rates }) => {
  const places = (rate: string) => rate.split('.')[1]?.length ?? 0
  const found = ratesOf(money(flows)).map((rate, at) => Number(rate.toFixed(places(rates[at] ?? '0'))))
  expect(found).toEqual(rates.map(Number))
})

test.each([[[]], [[0, 0]], [[100]], [[100, 50]], [[-100, -50, 0]], [[100, -200, 150]]])(
  'internalRate(%j) says that there is none',
  (flows) => {
    expect(internalRate(money(flows))).toEqual({ kind: 'none' })
  },
)

/** The worked example of docs/concepts/project-economics.md; OVERWALL_UPDATE=1 npx vitest run tests/finance writes it anew. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Decimal, zero } from '../../src/finance/money.ts'
import { assess, type Assessment } from '../../src/finance/project.ts'
import { levels } from '../../src/finance/years.ts'
import { remainingShare } from '../../src/assets/ageing.ts'
import { paybackText, rateText } from '../../src/report/html/projects.ts'
import { holdTable } from '../hold-table.ts'

const page = 'docs/concepts/project-economics.md'

interface Example {
  readonly life: number
  readonly investment: number
  readonly discountRate: number
  readonly operation: number
  readonly replacement: { readonly year: number; readonly cny: number }
  readonly kwhOfYear1: number
  readonly firstYearLoss: number
  readonly yearlyLoss: number
  readonly pricePerKwh: { readonly without: number; readonly with: number }
}

function assessExample(example: Example, pricePerKwh: number): Assessment {
  const remaining = Array.from(
    { length: example.life },
    (_, at) => new Decimal(remainingShare(example, at + 1)),
  )
  const kwh = levels([{ year: 1, amount: new Decimal(example.kwhOfYear1) }], remaining)
  return assess({
    investment: new Decimal(example.investment),
    years: kwh.map((quantity, at) => ({
      income: quantity.times(pricePerKwh),
      operation: new Decimal(example.operation),
      replacement: at + 1 === example.replacement.year ? new Decimal(example.replacement.cny) : zero,
      quantity,
    })),
    discountRate: new Decimal(example.discountRate),
    tax: null,
  })
}

const [, json] = /```json\n([\s\S]*?)```/.exec(readFileSync(page, 'utf8'))!
const example = JSON.parse(json!) as Example
const without = assessExample(example, example.pricePerKwh.without)
const withMarket = assessExample(example, example.pricePerKwh.with)

test('the cash flow of the worked example', () => {
  const cells = (year: number) => {
    const flow = without.flows[year]!
    const amounts = [
      flow.income,
      flow.operation,
      flow.replacement,
      flow.net,
      flow.discounted,
      flow.cumulative,
    ]
    return [String(year), flow.quantity.toFixed(0), ...amounts.map((amount) => amount.toFixed(2))]
  }
  holdTable(page, 2, [
    ['year', 'kWh', 'income', 'operation', 'replacement', 'net', 'discounted', 'sum of net'],
    ...[1, 2, 3, 12, 25].map(cells),
  ])
})

test('the indicators of the worked example', () => {
  const row = (name: string, show: (found: Assessment) => string) => [name, show(without), show(withMarket)]
  holdTable(page, 3, [
    ['', 'without the market', 'with the market'],
    row('net present value (净现值), CNY', (found) => found.npv.toFixed(2)),
    row('internal rate of return (内部收益率)', (found) => rateText(found.irr)),
    row('payback (静态回收期), years', (found) => paybackText(found.payback)),
    row('discounted payback (动态回收期), years', (found) => paybackText(found.discountedPayback)),
    row('levelised cost (平准化成本), CNY/kWh', (found) => found.levelisedCost!.toFixed(4)),
  ])
})

test('the numbers in the text of the worked example', () => {
  const text = readFileSync(page, 'utf8')
  expect(without.flows[1]!.income.toFixed(2)).toBe('43606.50')
  expect(without.flows[1]!.net.toFixed(2)).toBe('39006.50')
  expect(text).toContain('105,000 · 0.4153 = 43,606.50')
  expect(text).toContain('39,006.50')
})

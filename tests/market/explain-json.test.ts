import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ClearFault } from '../../src/market/book-json.ts'
import { clearJson } from '../../src/market/book-json.ts'
import { decimalsOf } from '../../src/market/explain/decimals.ts'
import {
  explainJson,
  mostExplained,
  type Asked,
  type Explained,
} from '../../src/market/explain/explain-json.ts'

function jsonBlocks(file: string): unknown[] {
  const blocks = readFileSync(file, 'utf8').matchAll(/```json\n([\s\S]*?)```/g)
  return [...blocks].map(([, text]) => JSON.parse(text!) as unknown)
}

const noon = jsonBlocks('docs/concepts/clearing.md')[0]
const told = (book: unknown, asked?: Asked) => explainJson(book, asked) as Explained
const part = (orders: readonly string[], buses: readonly string[] = []) => ({ orders, buses })

test('the worked example of docs/concepts/clearing.md is explained as it is told there', () => {
  const { explanation, result } = told(noon)
  expect(result).toEqual(clearJson(noon))
  const { proof, orders, buses, rule } = decimalsOf(explanation)
  expect(rule).toBe('high-low')
  // 3 · (0.45 − 0.39) + 5 · (0.50 − 0.42) and 6 · (0.42 − 0.01 − 0.39), together 0.70
  expect(proof).toEqual({ welfareCny: '0.7000000', ordersCny: '0.5800000', arcsCny: '0.1200000' })
  expect(buses.map(({ bus, price, flowUp }) => [bus, price, flowUp])).toEqual([
    ['busbar', '0.4200', '0.000'],
    ['feeder', '0.3900', '6.000'],
  ])
  expect(buses[1]!.arc).toMatchObject({
    parent: 'busbar',
    capacityUp: '6.000',
    capacityDown: null,
    fullUp: true,
    fullDown: false,
    cutUp: '4.000',
    rentUp: '0.0200',
    rentCny: '0.1200000',
  })
  expect(
    buses[0]!.steps.map(({ price, side, from, to, accepted }) => [price, side, from, to, accepted]),
  ).toEqual([
    ['0.3700', 'sell', '-12.000', '-9.000', '3.000'],
    ['0.4000', 'sell', '-9.000', '-3.000', '6.000'],
    ['0.4200', 'buy', '-3.000', '1.000', '1.000'],
    ['0.5000', 'buy', '1.000', '6.000', '5.000'],
  ])
  const [pv, workshop, coldStore, office] = orders
  // One kWh of PV stays unsold: the office would take it, the arc is full.
  expect(pv).toMatchObject({
    accepted: '9.000',
    reason: { code: 'marginal' },
    rest: {
      because: 'arc-full',
      counterpart: 'office',
      worth: '0.4200',
      pathFee: '0.0100',
      gain: '0.0200',
      arcs: [{ arc: 'feeder', direction: 'up', capacity: '6.000', rent: '0.0200' }],
    },
  })
  expect(workshop).toMatchObject({
    accepted: '3.000',
    reason: { code: 'in-the-money', gain: '0.0600' },
    rest: null,
  })
  expect(coldStore).toMatchObject({
    reason: { code: 'in-the-money', gain: '0.0800' },
    trades: [{ counterpart: 'pv', quantity: '5.000', price: '0.4500', pathFee: '0.0100' }],
  })
  expect(office).toMatchObject({
    accepted: '1.000',
    rest: { because: 'arc-full', counterpart: 'pv', open: true },
  })
})

test('decimals of an explanation are those of the result beside it, and survive JSON', () => {
  for (const book of [noon, jsonBlocks('docs/concepts/price-rules/compare.md')[0]]) {
    const { explanation, result } = told(book)
    const decimals = decimalsOf(explanation)
    expect(JSON.parse(JSON.stringify(decimals))).toEqual(decimals)
    decimals.buses.forEach(({ bus: id, price, priceLow, priceHigh, flowUp, traded }, at) =>
      expect({ id, price, priceLow, priceHigh, flowUp, traded }).toEqual(result.buses[at]),
    )
    decimals.orders.forEach(({ order: id, accepted }, at) =>
      expect(result.orders[at]).toMatchObject({ id, accepted }),
    )
    expect(decimals.proof.welfareCny).toBe(result.dualBound)
  }
})

test('what owners net against themselves is told apart from the market', () => {
  const { explanation } = told(jsonBlocks('docs/concepts/self-trade.md')[0])
  const [plant, roof, bakery] = decimalsOf(explanation).orders
  expect(plant).toMatchObject({ quantity: '3.000', netted: '5.000', reason: { code: 'in-the-money' } })
  expect(roof).toMatchObject({ quantity: '0.000', netted: '5.000', reason: { code: 'netted' }, rest: null })
  expect(bakery).toMatchObject({ netted: '0.000' })
})

test('orders and buses that are asked for come with each other, in the sequence of the book', () => {
  const ids = ({ explanation: { orders, buses } }: Explained) => [
    buses.map(({ bus }) => bus),
    orders.map(({ order }) => order),
  ]
  expect(ids(told(noon))).toEqual([
    ['busbar', 'feeder'],
    ['pv', 'workshop', 'cold-store', 'office'],
  ])
  expect(ids(told(noon, part(['office'])))).toEqual([['busbar'], ['office']])
  expect(ids(told(noon, part([], ['feeder'])))).toEqual([['feeder'], ['pv', 'workshop']])
  expect(ids(told(noon, part(['office', 'pv'], ['feeder'])))).toEqual([
    ['busbar', 'feeder'],
    ['pv', 'workshop', 'office'],
  ])
  const whole = told(noon).explanation
  expect(told(noon, part(['office'])).explanation).toEqual({
    ...whole,
    buses: [whole.buses[0]],
    orders: [whole.orders[3]],
  })
})

test('what is not in the book, and a book too large to draw, are faults that say what would do', () => {
  const fault = (book: unknown, asked?: Asked) => (explainJson(book, asked) as ClearFault).error
  expect(fault(noon, part(['pw'], ['feeders']))).toEqual({
    code: 'unknown-id',
    path: 'explain.orders',
    message: 'explain.orders: wanted the id of an order, came "pw"',
  })
  const rows = (count: number) => Array.from({ length: count }, (_, row) => row)
  const bookOf = (orders: number, buses: number) => ({
    network: { buses: rows(buses).map((id) => ({ id, parent: id === 0 ? null : id - 1 })) },
    orders: rows(orders).map((id) => ({
      id,
      bus: buses - 1,
      side: id % 2 ? 'buy' : 'sell',
      price: 1,
      quantity: 1,
    })),
  })
  const { orders, buses } = mostExplained
  expect(explainJson(bookOf(orders, buses))).toHaveProperty('explanation')
  expect(fault(bookOf(orders + 1, 2)).message).toBe(
    'explain: wanted at most 200 orders and 50 buses at once, or some of them by name, came 201 of 201 orders on 2 of 2 buses',
  )
  expect(fault(bookOf(1, buses + 1)).code).toBe('too-much-to-explain')
  expect(told(bookOf(orders + 1, buses + 1), part(['7'])).explanation.orders).toHaveLength(1)
  expect(fault(bookOf(orders + 1, 2), part([], ['1'])).code).toBe('too-much-to-explain')
  expect(fault(bookOf(10_000, 101), part(['7'])).message).toContain('came 1010000')
  expect(fault({ network: { buses: [] }, orders: [] }).code).toBe('no-root')
})

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { clearJson, type ClearFault, type ClearResult } from '../../src/market/book-json.ts'

test('the worked example of docs/concepts/clearing.md is what clearJson() answers', () => {
  const blocks = [...readFileSync('docs/concepts/clearing.md', 'utf8').matchAll(/```json\n([\s\S]*?)```/g)]
  expect(clearJson(JSON.parse(blocks[0]![1]!))).toEqual(JSON.parse(blocks[1]![1]!))
})

const bus = { id: 'a', parent: null, feeUp: 0, feeDown: 0, capacityUp: null, capacityDown: null }
const order = { id: 1, bus: 'a', side: 'buy', price: '0.5', quantity: '10' }
const book = (changes: object = {}) => ({ id: 'b', network: { buses: [bus] }, orders: [order], ...changes })

test.each([
  [
    'a negative fee',
    { network: { buses: [bus, { ...bus, id: 'c', parent: 'a', feeUp: '-0.1' }] } },
    'negative',
  ],
  [
    'a negative capacity',
    { network: { buses: [bus, { ...bus, id: 'c', parent: 'a', capacityUp: -1 }] } },
    'negative',
  ],
  ['a quantity of zero', { orders: [{ ...order, quantity: 0 }] }, 'quantity-not-positive'],
  ['a negative quantity', { orders: [{ ...order, quantity: '-3' }] }, 'quantity-not-positive'],
  ['a price off the tick', { orders: [{ ...order, price: '0.50001' }] }, 'invalid-number'],
  ['a price above the cap', { orders: [{ ...order, price: '2.5' }] }, 'price-out-of-range'],
  ['a price below the floor', { orders: [{ ...order, price: '-0.1' }] }, 'price-out-of-range'],
  ['a price that is no number', { orders: [{ ...order, price: Number.NaN }] }, 'invalid-shape'],
  ['an endless price', { orders: [{ ...order, price: 'Infinity' }] }, 'invalid-number'],
  ['a quantity of 1e300', { orders: [{ ...order, quantity: 1e300 }] }, 'invalid-number'],
  ['an order id used twice', { orders: [order, order] }, 'duplicate-id'],
  ['a bus id used twice', { network: { buses: [bus, { ...bus, parent: 'a' }] } }, 'duplicate-id'],
  ['an unknown bus', { orders: [{ ...order, bus: 'z' }] }, 'unknown-bus'],
  ['an unknown parent', { network: { buses: [bus, { ...bus, id: 'c', parent: 'z' }] } }, 'unknown-bus'],
  ['two roots', { network: { buses: [bus, { ...bus, id: 'c' }] } }, 'two-roots'],
  ['no root', { network: { buses: [{ ...bus, parent: 'a' }] } }, 'no-root'],
  [
    'a cycle',
    { network: { buses: [bus, { ...bus, id: 'c', parent: 'd' }, { ...bus, id: 'd', parent: 'c' }] } },
    'cycle',
  ],
  ['an unknown side', { orders: [{ ...order, side: 'hold' }] }, 'invalid-shape'],
  ['an unknown rule', { pricing: { rule: 'fair' } }, 'invalid-shape'],
  [
    'trade-reduction on a tree',
    {
      network: { buses: [bus, { ...bus, id: 'c', parent: 'a' }] },
      pricing: { rule: 'trade-reduction' },
    },
    'single-bus-only',
  ],
  [
    'an owner on both sides',
    {
      orders: [
        { ...order, owner: 'w' },
        { ...order, id: 2, side: 'sell', owner: 'w' },
      ],
    },
    'self-trade',
  ],
  ['an unknown way with self-trade', { selfTrade: 'fee' }, 'invalid-shape'],
  ['k above 1', { pricing: { rule: 'high-low', k: 1.1 } }, 'k-out-of-range'],
  ['k with five decimals', { pricing: { rule: 'high-low', k: '0.12345' } }, 'invalid-number'],
  ['a floor above the cap', { priceFloor: 3 }, 'floor-above-cap'],
  ['an unknown key', { colour: 'green' }, 'unknown-key'],
  [
    'totals beyond 2^53',
    {
      orders: [
        { ...order, quantity: '9000000000000' },
        { ...order, id: 2, quantity: '9000000000000' },
      ],
    },
    'total-too-large',
  ],
])('clearJson() refuses %s and names the place', (_, changes, code) => {
  const answer = clearJson(book(changes)) as ClearFault
  expect(answer.id).toBe('b')
  expect([answer.error.code, ...(answer.errors ?? []).map((error) => error.code)]).toContain(code)
  expect(answer.error.message).toMatch(/wanted .*came/)
})

test('clearJson() refuses what is no book at all, and prototype keys', () => {
  for (const value of [
    null,
    3,
    'book',
    [],
    {},
    JSON.parse('{"__proto__":{"a":1},"network":{"buses":[]},"orders":[]}'),
  ]) {
    expect(clearJson(value)).toHaveProperty('error.code')
  }
})

test('clearJson() refuses ten million orders without reading them', () => {
  const answer = clearJson({ id: 'huge', orders: Array.from({ length: 10_000_000 }) }) as ClearFault
  expect(answer.error.code).toBe('too-many-orders')
  expect(answer.error.message).toBe('orders: wanted at most 2000000 orders, came 10000000')
})

test('clearJson() names the rule and the place where trade-reduction meets a tree', () => {
  const buses = [bus, { ...bus, id: 'c', parent: 'a' }]
  const { error } = clearJson(
    book({ network: { buses }, pricing: { rule: 'trade-reduction' } }),
  ) as ClearFault
  expect(error.message).toBe('pricing.rule: wanted a book with one bus under trade-reduction, came 2')
})

test('clearJson() under trade-reduction proves the optimum and lists what is left of it', () => {
  const orders = [order, { ...order, id: 2, side: 'sell', price: '0.2' }]
  const one = clearJson(book({ orders, pricing: { rule: 'trade-reduction' } }))
  expect(one).toMatchObject({
    welfare: '3.0000000',
    dualBound: '3.0000000',
    reduction: { welfare: '0.0000000', budgetSurplus: '0.0000000', buyOrder: '1', sellOrder: '2' },
    volume: '0.000',
    congestionRent: '0.0000000',
    buses: [{ traded: false, price: '0.3500' }],
    trades: [],
  })
  const none = clearJson(book({ pricing: { rule: 'trade-reduction' } }))
  expect(none).toMatchObject({ reduction: { buyOrder: null, sellOrder: null } })
})

test('clearJson() answers a chain of 100,000 buses', () => {
  const buses = Array.from({ length: 100_000 }, (_, at) => ({
    ...bus,
    id: `b${at}`,
    parent: at === 0 ? null : `b${at - 1}`,
    feeUp: at % 2 ? '0' : '0.0001',
  }))
  const answer = clearJson({
    network: { buses: buses.toReversed() },
    orders: [
      { id: 's', bus: 'b3', side: 'sell', price: '0.1', quantity: '1.001' },
      { id: 'd', bus: 'b99999', side: 'buy', price: '0.2', quantity: 2 },
    ],
  }) as ClearResult
  expect(answer.volume).toBe('1.001')
  expect(answer.buses[0]!.id).toBe('b99999')
})

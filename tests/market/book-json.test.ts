import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { formatScaled } from '../../src/base/decimal.ts'
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
  ['a price one tick above the cap', { orders: [{ ...order, price: '2.0001' }] }, 'price-out-of-range'],
  ['a price of 1e300', { orders: [{ ...order, price: 1e300 }] }, 'invalid-number'],
  ['a price in digits of another script', { orders: [{ ...order, price: '０.5' }] }, 'invalid-number'],
  ['a price of a million digits', { orders: [{ ...order, price: '1'.repeat(1e6) }] }, 'invalid-number'],
  ['a quantity below a Wh', { orders: [{ ...order, quantity: 0.0004 }] }, 'invalid-number'],
  ['a quantity that is nothing', { orders: [{ ...order, quantity: null }] }, 'invalid-shape'],
  ['a quantity of −0', { orders: [{ ...order, quantity: '-0' }] }, 'quantity-not-positive'],
  ['a quantity of 2^53 Wh', { orders: [{ ...order, quantity: '9007199254740.992' }] }, 'invalid-number'],
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
  ['a bus that is its own parent', { network: { buses: [bus, { ...bus, id: 'c', parent: 'c' }] } }, 'cycle'],
  ['a book without buses', { network: { buses: [] } }, 'no-root'],
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
    'fees too large to be summed',
    { network: { buses: [bus, { ...bus, id: 'c', parent: 'a', feeUp: '900719925474.0991' }] } },
    'fee-too-high',
  ],
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

test('what clearJson() refuses it names: the order or the bus beside the place', () => {
  const messages = (changes: object) => (clearJson(book(changes)) as ClearFault).error.message
  expect(messages({ orders: [order, { ...order, id: 'pv', quantity: 0 }] })).toBe(
    'orders.1.quantity: wanted a quantity above 0, came 0 (order "pv")',
  )
  expect(messages({ orders: [{ ...order, price: null }] })).toBe(
    'orders.0.price: wanted a number, came null (order 1)',
  )
  const buses = (change: object) => ({
    network: { buses: [bus, { ...bus, id: 'c', parent: 'a', ...change }] },
  })
  expect(messages(buses({ feeUp: '-0.1' }))).toBe(
    'network.buses.1.feeUp: wanted a fee not below 0, came "-0.1" (bus "c")',
  )
  expect(messages(buses({ parent: 'c' }))).toBe(
    'network.buses.1.parent: wanted a tree, came parents that lead in a circle (bus "c")',
  )
  expect(messages(buses({ parent: null }))).toBe(
    'network.buses.1.parent: wanted one bus with parent null, came a second (bus "c")',
  )
})

test('fees are refused where their sum on the way to the root grows too large, and cleared exactly before', () => {
  const chain = (fees: readonly string[]) => ({
    network: { buses: [bus, ...fees.map((feeUp, at) => ({ id: at, parent: at ? at - 1 : 'a', feeUp }))] },
    orders: [order, { id: 's', bus: fees.length - 1, side: 'sell', price: 0, quantity: 1 }],
  })
  const half = '56294995342.1312'
  expect(clearJson(chain([half, '0', half, '0']))).toMatchObject({ volume: '0.000', welfare: '0.0000000' })
  expect(clearJson(chain([half, '0', half, '0.0001', half]))).toMatchObject({
    error: { code: 'fee-too-high', path: 'network.buses.4.feeUp' },
  })
  expect(clearJson(chain([half, '0', half, '0.0001', half]))).not.toHaveProperty('errors')
})

test('energy of 2^53 − 1 Wh is cleared to the last Wh and money beyond 2^53 to the last 1e-7 CNY', () => {
  const answer = clearJson({
    network: { buses: [bus, { ...bus, id: 'c', parent: 'a', feeUp: '0.0001' }] },
    orders: [
      { ...order, id: 'b', price: '107374.1823', quantity: '4503599627370.495' },
      { ...order, id: 's', bus: 'c', side: 'sell', price: '0.1', quantity: '4503599627370.496' },
    ],
    priceCap: '107374.1823',
  }) as ClearResult
  const welfare = formatScaled(4_503_599_627_370_495n * (1_073_741_823n - 1000n - 1n), 7)
  expect([answer.volume, answer.welfare, answer.dualBound]).toEqual(['4503599627370.495', welfare, welfare])
  expect(answer.wheelingFees).toBe(formatScaled(4_503_599_627_370_495n, 7))
})

test('two million orders that are none, or a million with the same id, are answered with a hundred faults', () => {
  const none = clearJson({
    network: { buses: [bus] },
    orders: Array.from({ length: 2_000_000 }, () => ({})),
  }) as ClearFault
  expect(none.error).toMatchObject({ code: 'invalid-shape', path: 'orders.0.id' })
  const buses = clearJson({ network: { buses: Array(1_000_000).fill(1) }, orders: [] }) as ClearFault
  expect(buses.error).toMatchObject({ code: 'invalid-shape', path: 'network.buses.0' })
  const twins = clearJson(book({ orders: Array.from({ length: 100_000 }, () => order) })) as ClearFault
  expect(twins.error).toMatchObject({ code: 'duplicate-id', path: 'orders.1.id' })
  for (const answer of [none, buses, twins]) expect(answer.errors).toHaveLength(100)
})

test('faults are found in every row, and counted as the book counts', () => {
  const orders = Array.from({ length: 2500 }, (_, id) => ({ ...order, id }))
  const broken = orders
    .with(2400, { ...order, id: 2400, side: 'hold' })
    .with(17, { ...order, id: 17, bus: '' })
  const { errors } = clearJson(book({ orders: broken, colour: 'green' })) as ClearFault
  expect(errors!.map(({ path }) => path)).toEqual(['', 'orders.17.bus', 'orders.2400.side'])
})

test('a chain of 100,000 buses that closes to a ring is refused', () => {
  const ring = (first: string | null) =>
    Array.from({ length: 100_000 }, (_, at) => ({ id: `b${at}`, parent: at ? `b${at - 1}` : first }))
  expect(clearJson({ network: { buses: ring('b99999') }, orders: [] })).toHaveProperty(
    'error.code',
    'no-root',
  )
  const buses = [...ring('b99999'), { id: 'root', parent: null }]
  expect(clearJson({ network: { buses }, orders: [] })).toMatchObject({
    error: { code: 'cycle', path: 'network.buses.0.parent' },
  })
})

test('every code of a fault stands in the guide, and what the guide says is too many is', () => {
  const guide = readFileSync('docs/guides/clear.md', 'utf8')
  const sources = [
    'src/market/read-book.ts',
    'src/market/explain/explain-json.ts',
    'src/cli/clear.ts',
    'src/cli/text-lines.ts',
  ]
  const codes = sources.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:code: |#fault\(\s*|faulty\(\s*)'([a-z-]+)'/g)].map(
      ([, code]) => code!,
    ),
  )
  expect(codes.length).toBeGreaterThan(15)
  for (const code of [...codes, 'invalid-shape', 'unknown-key']) expect(guide).toContain(`\`${code}\``)
  const most = Number(/above ([\d,]+) orders/.exec(guide)![1]!.replaceAll(',', ''))
  const rows = (length: number) => clearJson({ network: { buses: [bus] }, orders: Array(length).fill(0) })
  expect(rows(most)).toHaveProperty('error.code', 'invalid-shape')
  expect(rows(most + 1)).toHaveProperty('error.code', 'too-many-orders')
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

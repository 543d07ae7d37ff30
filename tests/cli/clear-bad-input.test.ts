/** Bad books as a user hands them in: each is answered on its line by what is wrong and where, and the stream goes on. */
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

const root = { id: 'busbar', parent: null }
const feeder = { id: 'f12', parent: 'busbar' }
const pv = { id: 'pv-7', bus: 'f12', side: 'sell', price: '0.39', quantity: '10' }
const shop = { id: 'shop', bus: 'busbar', side: 'buy', price: '0.50', quantity: '4' }

const line = (buses: readonly object[], orders: readonly object[]) =>
  JSON.stringify({ network: { buses }, orders })
const tree = [root, feeder]
const withBus = (change: object) => line([root, { ...feeder, ...change }], [pv, shop])
const withOrder = (change: object) => line(tree, [{ ...pv, ...change }, shop])

const deep = Array.from({ length: 100_000 }, (_, at) => ({ id: at, parent: at ? at - 1 : 'busbar' }))

const books: readonly (readonly [book: string, code: string | null, says: RegExp])[] = [
  [line(tree, [pv, shop]), null, /./],
  [withBus({ feeUp: '-0.01' }), 'negative', /"f12"/],
  [withBus({ capacityDown: '-1' }), 'negative', /"f12"/],
  [withOrder({ quantity: 0 }), 'quantity-not-positive', /"pv-7"/],
  [withOrder({ quantity: '-4' }), 'quantity-not-positive', /"pv-7"/],
  [withOrder({ price: '0.39005' }), 'invalid-number', /at most 4 decimals.*"pv-7"/],
  [withOrder({ price: '2.0001' }), 'price-out-of-range', /from 0 to 2.*"pv-7"/],
  [withOrder({ price: '-0.0001' }), 'price-out-of-range', /from 0 to 2.*"pv-7"/],
  [withOrder({ price: 'NaN' }), 'invalid-number', /"NaN".*"pv-7"/],
  [withOrder({ price: 0 }).replace('"price":0', '"price":NaN'), 'invalid-json', /NaN/],
  [withOrder({ price: 1e300 }), 'invalid-number', /1e\+300.*"pv-7"/],
  [withOrder({ quantity: 1e300 }), 'invalid-number', /1e\+300.*"pv-7"/],
  [withOrder({ price: 0 }).replace('"price":0', '"price":1e999'), 'invalid-shape', /Infinity.*"pv-7"/],
  [line(tree, [pv, shop, { ...shop, quantity: '1' }]), 'duplicate-id', /"shop"/],
  [line([root, feeder, feeder], []), 'duplicate-id', /"f12"/],
  [withOrder({ bus: 'f13' }), 'unknown-bus', /"f13".*"pv-7"/],
  [withBus({ parent: 'section-b' }), 'unknown-bus', /"section-b".*"f12"/],
  [line([root, { ...feeder, parent: 'f13' }, { id: 'f13', parent: 'f12' }], []), 'cycle', /"f12"/],
  [
    line(
      [
        { ...feeder, parent: 'f13' },
        { id: 'f13', parent: 'f12' },
      ],
      [],
    ),
    'no-root',
    /one bus with parent null/,
  ],
  [withBus({ parent: null }), 'two-roots', /"f12"/],
  [
    `{"network":{"buses":[${JSON.stringify(root)}]},"orders":[${'0,'.repeat(9_999_999)}0]}`,
    'too-many-orders',
    /10000000/,
  ],
  [line([root, ...deep.with(0, { id: 0, parent: 99_999 })], []), 'cycle', /\(bus 0\)/],
  [withOrder({ quantity: '9007199254740.991' }), 'total-too-large', /2\^53 Wh/],
  [withBus({ feeUp: '900719925474.0991' }), 'fee-too-high', /"f12"/],
  ['{"network":', 'invalid-json', /JSON/],
  [`{"id":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'invalid-shape', /id: wanted text or a number/],
  [
    line(
      [root, ...deep],
      [
        { ...shop, bus: 99_999 },
        { ...pv, bus: 'busbar' },
      ],
    ),
    null,
    /./,
  ],
]

test('overwall clear - answers every bad book with its fault, names the order or bus, and goes on', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/main.ts', 'clear', '-'], {
    encoding: 'utf8',
    input: books.map(([book]) => `${book}\n`).join(''),
    maxBuffer: 2 ** 28,
  })
  expect([status, stderr]).toEqual([1, ''])
  const answers = stdout
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as { error?: { code: string; message: string }; volume?: string })
  expect(answers.map(({ error }) => error?.code ?? null)).toEqual(books.map(([, code]) => code))
  answers.forEach(({ error }, at) => {
    if (error) expect(error.message).toMatch(books[at]![2])
  })
  expect(answers.at(-1)!.volume).toBe('4.000')
})

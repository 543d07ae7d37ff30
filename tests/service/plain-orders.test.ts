/** The reader of plain orders against JSON and the schema: it reads the same, or leaves it to them. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newOrders } from '../../src/contract/routes/orders.ts'
import { askedOf, canonicalText, type AskedOrders } from '../../src/service/market/asked-orders.ts'
import { readPlainOrders } from '../../src/service/market/plain-orders.ts'
import { readJson } from '../../src/service/plugins/json.ts'

const two = (value: number) => String(value).padStart(2, '0')
const digits = (most: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${most}}$`))
const decimal = (before: number, places: number) =>
  fc
    .tuple(digits(before), fc.option(digits(places)))
    .map(([whole, part]) => (part === null ? whole : `${whole}.${part}`))

/** Names of quarter-hours: of every calendar day, and now and then of a 30th of February. */
const interval = fc
  .record({
    year: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(2024, 2027, 2028) },
      fc.integer({ min: 0, max: 9999 }),
    ),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 28 }) },
      fc.integer({ min: 29, max: 31 }),
    ),
    hour: fc.nat(23),
    quarter: fc.nat(3),
  })
  .map(
    ({ year, month, day, hour, quarter }) =>
      `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(quarter * 15)}`,
  )
const price = fc.tuple(fc.constantFrom('', '-'), decimal(4, 4)).map(([sign, text]) => sign + text)
const order = fc.record({ interval, side: fc.constantFrom('buy', 'sell'), price, quantity: decimal(6, 3) })

const space = fc.stringMatching(/^[ \t\n\r]{0,2}$/)

/** JSON of an object with its keys in any sequence and space wherever it may stand. */
const objectText = (value: object) =>
  fc
    .tuple(
      fc.shuffledSubarray(Object.entries(value), { minLength: Object.keys(value).length }),
      fc.infiniteStream(space),
    )
    .map(([entries, spaces]) => {
      const gap = () => spaces.next().value as string
      const fields = entries.map(
        ([key, text]) => `${gap()}${JSON.stringify(key)}${gap()}:${gap()}${JSON.stringify(text)}${gap()}`,
      )
      return `${gap()}{${fields.join(',')}}${gap()}`
    })

const listText = fc
  .array(order.chain(objectText), { minLength: 1, maxLength: 5 })
  .map((orders) => `[${orders.join(',')}]`)
const text = fc.oneof(listText, order.chain(objectText))

/** What JSON and the schema make of bytes; nothing where either refuses. */
function bySchema(bytes: Buffer): AskedOrders | undefined {
  try {
    return askedOf(newOrders.parse(readJson(bytes)))
  } catch {
    return undefined
  }
}

describe('plain orders', () => {
  test('property: whatever is plain is read as JSON and the schema read it', () => {
    let read = 0
    const seen = fc.property(text, (json) => {
      const bytes = Buffer.from(json)
      const wanted = bySchema(bytes)
      const found = readPlainOrders(bytes)
      expect(found, json).toEqual(wanted)
      if (found) read++
    })
    fc.assert(seen, { numRuns: 3000 })
    expect(read).toBeGreaterThan(1000)
  })

  test('property: with bytes replaced, added or lost it reads what the schema reads, or nothing', () => {
    const change = fc.record({ at: fc.nat(), lose: fc.nat(2), add: fc.uint8Array({ maxLength: 2 }) })
    const piece = fc.constantFrom(
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '\\u0032',
      '.',
      '-',
      '0',
      'e1',
      '\u00a0',
      '"bus":"f1",',
    )
    const changed = fc.tuple(text, fc.oneof(change, fc.record({ at: fc.nat(), lose: fc.nat(2), add: piece })))
    const seen = fc.property(changed, ([json, { at, lose, add }]) => {
      const bytes = Buffer.from(json)
      const from = at % (bytes.length + 1)
      const bent = Buffer.concat([
        bytes.subarray(0, from),
        Buffer.from(add as string),
        bytes.subarray(from + lose),
      ])
      const found = readPlainOrders(bent)
      if (found) expect(found, bent.toString()).toEqual(bySchema(bent))
    })
    fc.assert(seen, { numRuns: 10_000 })
  })

  const plain = '{"interval":"2027-05-10T12:15","side":"buy","price":"0.42","quantity":"12.5"}'
  const quarter = (Date.parse('2027-05-10T12:15:00+08:00') / 900_000) | 0

  test("a list and a single order, in the market's units", () => {
    const one = { interval: quarter, side: 0, grossTicks: 4200, quantityWh: 12_500 }
    expect(readPlainOrders(Buffer.from(plain))).toEqual({ orders: [one], isList: false })
    expect(readPlainOrders(Buffer.from(` [${plain} , ${plain}]\n`))).toEqual({
      orders: [one, one],
      isList: true,
    })
  })

  test.each([
    ['nothing', ''],
    ['an empty list', '[]'],
    ['a list in a list', `[[${plain}]]`],
    ['two values', `${plain}${plain}`],
    ['a comma at the end', `[${plain},]`],
    ['a field twice', plain.replace('}', ',"side":"sell"}')],
    ['a field too few', plain.replace('"side":"buy",', '')],
    ['a bus, which the schema knows', plain.replace('}', ',"bus":"f1"}')],
    ['a number for text', plain.replace('"0.42"', '0.42')],
    ['five places', plain.replace('0.42', '0.42001')],
    ['no energy', plain.replace('12.5', '000.000')],
    ['energy below 0', plain.replace('12.5', '-12.5')],
    ['a 30th of February', plain.replace('05-10', '02-30')],
    ['an hour of 24', plain.replace('T12', 'T24')],
    ['a twentieth minute', plain.replace(':15', ':20')],
    ['an escape', plain.replace('buy', '\\u0062uy')],
    ['a mark of byte order', `\ufeff${plain}`],
    ['more than a request may hold', `[${Array.from({ length: 1001 }, () => plain).join(',')}]`],
  ])('%s is left to JSON and the schema', (_, json) => {
    expect(readPlainOrders(Buffer.from(json))).toBeUndefined()
  })

  test('one request has one canonical text, however its JSON was written', () => {
    const spaced = JSON.stringify(JSON.parse(plain), null, 2).replace('0.42', '0.4200')
    const [a, b] = [plain, spaced].map((json) => readPlainOrders(Buffer.from(json))!)
    expect(canonicalText(a!)).toBe(canonicalText(b!))
    expect(canonicalText(a!)).toBe(`${quarter},0,4200,12500`)
  })
})

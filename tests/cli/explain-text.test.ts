import fc from 'fast-check'
import widthOf from 'string-width'
import { expect, test } from 'vitest'
import { bookOf, caseOf, network, type Case } from '../market/books.ts'
import { clearRead } from '../../src/market/clear-read.ts'
import { resultOf } from '../../src/market/book-json.ts'
import { decimalsOf } from '../../src/market/explain/decimals.ts'
import { explain } from '../../src/market/explain/explain.ts'
import type { BusExplanation, Explanation } from '../../src/market/explain/explanation.ts'
import { describeArc, describeOrder, describePrice } from '../../src/market/explain/sentences.ts'
import { priceRuleNames, type PriceRuleName } from '../../src/market/pricing/index.ts'
import { drawCurve } from '../../src/cli/curve-drawing.ts'
import { explanationText } from '../../src/cli/explain-text.ts'
import { cutTo, visible, wrap } from '../../src/cli/text-width.ts'

const rule = fc.constantFrom(...priceRuleNames.filter((name) => name !== 'trade-reduction'))

function explained(
  { network, book }: Case,
  of: PriceRuleName,
  names: (row: number) => string = (row) => `o${row}`,
) {
  const rows = (count: number) => Array.from({ length: count }, (_, row) => row)
  const cleared = clearRead('a random book', {
    network,
    book,
    busIds: rows(network.busCount).map((row) => `${names(row)} bus`),
    orderIds: rows(book.count).map((row) => `${names(row)} order`),
    listedRows: rows(network.busCount),
    nettedWh: null,
    rule: of,
    range: { floorTicks: -1000, capTicks: 1000, kNumerator: 5000 },
  })
  return { result: resultOf('random', cleared), explanation: explain(cleared) }
}

const unseen = /[^\P{C}\n]/u
/** Names as somebody may hand them in: Chinese, emoji, escapes, line breaks, directions, without end. */
const name = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('\u001B[31m', 'a\nb', '\u202Eabc', '园区一号光伏电站'.repeat(20), 'x'.repeat(200)),
)

test('explanationText() has no line wider than 78 columns and no character that acts on a terminal, whatever the names', () => {
  fc.assert(
    fc.property(
      caseOf({ orders: 10, buses: 4, quantities: 2 ** 47 }),
      rule,
      fc.array(name, { minLength: 10, maxLength: 10 }),
      (each, of, names) => {
        const text = explanationText(explained(each, of, (row) => names[row]!))
        expect(text).not.toMatch(unseen)
        expect(Math.max(...text.split('\n').map(widthOf))).toBeLessThanOrEqual(78)
      },
    ),
    { numRuns: 150, seed: 61 },
  )
})

/** Decimals in a text, as the sentences print them. */
const decimalsIn = (text: string) => text.match(/\d+\.\d{3,7}/g) ?? []

test('every number of a sentence is one of the data it tells', () => {
  fc.assert(
    fc.property(caseOf(), rule, (each, of) => {
      const { explanation } = explained(each, of)
      const { buses, orders } = decimalsOf(explanation)
      const told = (value: unknown) => new Set(decimalsIn(JSON.stringify(value)))
      const hold = (text: string, numbers: ReadonlySet<string>) =>
        expect(decimalsIn(text).filter((number) => !numbers.has(number))).toEqual([])
      explanation.orders.forEach((order, at) => hold(describeOrder(order, of), told(orders[at])))
      explanation.buses.forEach((bus, at) => {
        hold(describePrice(bus), told(buses[at]))
        if (bus.arc) hold(describeArc(bus.arc, bus.flowUpWh), told(buses[at]))
      })
    }),
    { numRuns: 300, seed: 62 },
  )
})

interface DrawnRow {
  readonly isAtPrice: boolean
  readonly price: string
  /** left and right of the crossing */
  readonly before: string
  readonly behind: string
  readonly label: string
}

/** Reads a drawing back; `bar` begins two columns after the price and is 28 wide. */
function readRows(lines: readonly string[]): DrawnRow[] {
  const start = 4 + Math.max(...lines.map((line) => /^..\s*(\S+)/.exec(line)![0].length - 2))
  return lines.map((line) => {
    const [before, behind] = line
      .slice(start, start + 28)
      .replace(':', '')
      .split('|')
    const price = /^..\s*(\S+)/.exec(line)![1]!
    return {
      isAtPrice: line.startsWith('>'),
      price,
      before: before!,
      behind: behind!,
      label: line.slice(start + 30),
    }
  })
}

type Check = (bus: BusExplanation, rows: DrawnRow[]) => void

function drawings(cases: fc.Arbitrary<Case>, check: Check, seed: number): void {
  fc.assert(
    fc.property(cases, (each) => {
      for (const bus of explained(each, 'nodal-uniform').explanation.buses)
        if (bus.steps.length > 0) check(bus, readRows(drawCurve(bus)))
    }),
    { numRuns: 150, seed },
  )
}

const marksIn = (text: string) => new Set(text.replaceAll(' ', ''))
const ticks = (price: string) => Math.round(Number(price) * 10_000)

test('drawCurve() draws each step once, by falling price, what trades and what does not on their sides of the crossing', () => {
  drawings(
    caseOf({ orders: 14, buses: 4 }),
    ({ steps, priceTicks, flowUpWh }, all) => {
      const rows = all.filter(({ label }) => label !== '').toReversed()
      expect(rows.map(({ price }) => ticks(price))).toEqual(steps.map((step) => step.priceTicks))
      expect(all.map(({ price }) => ticks(price))).toEqual(
        all.map(({ price }) => ticks(price)).toSorted((a, b) => b - a),
      )
      expect(all.filter(({ isAtPrice }) => isAtPrice).map(({ price }) => ticks(price))).toContain(priceTicks)
      expect(all.every(({ isAtPrice, price }) => isAtPrice === (ticks(price) === priceTicks))).toBe(true)
      rows.forEach(({ before, behind, label }, at) => {
        const { side, fromWh, toWh, acceptedWh, energyWh } = steps[at]!
        const [on, off] = side === 'sell' ? [before, behind] : [behind, before]
        expect(marksIn(on)).toEqual(new Set(acceptedWh > 0 ? '#' : ''))
        expect(marksIn(off)).toEqual(new Set(acceptedWh < energyWh ? '-' : ''))
        expect([before.trim() !== '', behind.trim() !== '']).toEqual([fromWh < flowUpWh, toWh > flowUpWh])
        expect(label.startsWith(side)).toBe(true)
      })
    },
    63,
  )
})

test('drawCurve() folds what lies far from the crossing and says how many steps it folded', () => {
  const order = fc.record({
    bus: fc.nat(2),
    side: fc.integer({ min: 0, max: 1 }),
    limit: fc.integer({ min: -300, max: 300 }),
    quantity: fc.integer({ min: 1, max: 30 }),
  })
  const long = fc
    .tuple(network(2), fc.array(order, { minLength: 40, maxLength: 80 }))
    .map(([net, list]): Case => ({ network: net, book: bookOf(list, net.busCount) }))
  let folded = 0
  drawings(
    long,
    ({ steps, flowUpWh }, all) => {
      const hidden = all.map(({ label }) => Number(/^(\d+) steps, /.exec(label)?.[1] ?? 0))
      const rows = all.filter(({ label }, at) => label !== '' && hidden[at] === 0)
      expect(rows.length).toBeLessThanOrEqual(22)
      expect(rows.length + hidden.reduce((sum, some) => sum + some, 0)).toBe(steps.length)
      const shown = rows.map(({ price }) => ticks(price))
      const at = steps.findIndex(({ toWh }) => toWh > flowUpWh)
      if (at >= 0) expect(shown).toContain(steps[at]!.priceTicks)
      if (at > 0) expect(shown).toContain(steps[at - 1]!.priceTicks)
      folded += hidden.filter((some) => some > 0).length
    },
    64,
  )
  expect(folded).toBeGreaterThan(100)
})

test('one-sided and empty books are told too', () => {
  const text = (each: Case) => explanationText(explained(each, 'nodal-uniform'))
  const [empty] = fc.sample(caseOf({ orders: 0, buses: 1 }), { numRuns: 1, seed: 65 })
  expect(text(empty!)).toContain('nobody asks or offers here or below')
  const sided = caseOf({ buses: 3 }).map(({ network, book }): Case => ({
    network,
    book: { ...book, side: book.side.fill(0) },
  }))
  fc.assert(
    fc.property(sided, (each) => {
      const found = text(each).match(/There is no seller/g) ?? []
      expect(found).toHaveLength(each.book.count)
    }),
    { numRuns: 50, seed: 66 },
  )
})

test('wrap() loses no word, keeps to its width and indents', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.integer({ min: 12, max: 40 }),
      (raw, width) => {
        const text = visible(raw)
        const lines = wrap(text, width, { first: '  ', rest: '    ' })
        expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width)
        expect(lines.every((line, at) => line.startsWith(at === 0 ? '  ' : '    '))).toBe(true)
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
      },
    ),
    { numRuns: 500, seed: 67 },
  )
  expect(wrap('one two three', 9, { rest: '  ' })).toEqual(['one two', '  three'])
})

test('a Chinese character counts two columns, and nothing is cut through the middle of one', () => {
  expect(cutTo('馈线甲 section', 9)).toBe('馈线甲 ..')
  expect(cutTo('馈线甲', 6)).toBe('馈线甲')
  expect(cutTo('馈线甲', 5)).toBe('馈..')
  expect(visible('a\u001B[2J\nb\u202E')).toBe('a\\u{1b}[2J\\u{a}b\\u{202e}')
})

/** Held so that the types of a JSON answer stay those of the data. */
test('an explanation in decimals has the names of the data without their units', () => {
  const each: Explanation = explained(
    fc.sample(caseOf({ orders: 6 }), { numRuns: 1, seed: 68 })[0]!,
    'high-low',
  ).explanation
  const decimals = decimalsOf(each)
  const price: string | undefined = decimals.buses[0]?.price
  const capacity: string | null | undefined = decimals.buses[0]?.arc?.capacityUp
  expect([typeof price, capacity]).toEqual(['string', undefined])
  expect(JSON.stringify(decimals)).not.toMatch(/(Ticks|Wh)":/)
})

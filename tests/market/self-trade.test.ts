import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clearJson, type ClearFault, type ClearResult } from '../../src/market/book-json.ts'
import { holdsOnTrees, priceRuleNames, type PriceRuleName } from '../../src/market/pricing/index.ts'
import { caseOf, type Case } from './books.ts'

interface OrderJson {
  readonly id: string
  readonly bus: string
  readonly side: 'buy' | 'sell'
  readonly price: number
  readonly quantity: string
  readonly owner?: string
}
interface BookJson {
  readonly network: { readonly buses: object[] }
  readonly orders: readonly OrderJson[]
  readonly selfTrade?: string
  readonly pricing?: object
  readonly priceFloor?: string
}

const kWh = (wh: number) => (wh / 1000).toFixed(3)
const whOf = (text: string) => Math.round(Number(text) * 1000)

function jsonOf({ network, book }: Case, owners: readonly number[], rule: PriceRuleName): BookJson {
  const room = (capacityWh: number) => (Number.isFinite(capacityWh) ? kWh(capacityWh) : null)
  return {
    priceFloor: '-1',
    pricing: { rule, k: '0.5' },
    network: {
      buses: Array.from(network.parent, (parent, bus) => ({
        id: `b${bus}`,
        parent: parent < 0 ? null : `b${parent}`,
        feeUp: network.feeUpTicks[bus]! / 10_000,
        feeDown: network.feeDownTicks[bus]! / 10_000,
        capacityUp: room(network.capacityUpWh[bus]!),
        capacityDown: room(network.capacityDownWh[bus]!),
      })),
    },
    orders: Array.from({ length: book.count }, (_, row) => ({
      id: `o${row}`,
      bus: `b${book.bus[row]}`,
      side: book.side[row] === 0 ? ('buy' as const) : ('sell' as const),
      price: book.limitTicks[row]! / 10_000,
      quantity: kWh(book.quantityWh[row]!),
      // One number in three stands for an order without an owner.
      ...(owners[row]! > 1 ? { owner: `w${owners[row]! - 1}` } : {}),
    })),
  }
}

function ownedBooks(rule: PriceRuleName, buses = 3) {
  return fc
    .tuple(
      caseOf({ buses: holdsOnTrees(rule) ? buses : 1, orders: 12, prices: 6 }),
      fc.array(fc.nat(5), { minLength: 12, maxLength: 12 }),
    )
    .map(([each, owners]) => jsonOf(each, owners, rule))
}

const both = (orders: readonly OrderJson[], owner: string) =>
  new Set(orders.filter((order) => order.owner === owner).map(({ side }) => side)).size === 2
const ownersOf = (orders: readonly OrderJson[]) =>
  [...new Set(orders.map(({ owner }) => owner))].filter((owner) => owner !== undefined)

/** The market's own answer: all of it but what was netted. */
function withoutNetted(result: ClearResult, ids: readonly string[]) {
  const orders = result.orders
    .filter(({ id }) => ids.includes(id))
    .map(({ id, accepted, price }) => ({ id, accepted, price }))
  return { ...result, orders }
}

test('by default an owner on both sides of a book is refused by name, and nobody else is', () => {
  fc.assert(
    fc.property(ownedBooks('high-low'), (book) => {
      const answer = clearJson(book)
      const wrong = ownersOf(book.orders).filter((owner) => both(book.orders, owner))
      if (wrong.length === 0) expect(answer).not.toHaveProperty('error')
      else {
        const { error, errors = [error] } = answer as ClearFault
        expect(errors.map(({ code }) => code)).toEqual(wrong.map(() => 'self-trade'))
        for (const owner of wrong)
          expect(
            errors.filter(({ message }) => message.includes(`owner "${owner}" buying with`)),
          ).toHaveLength(1)
      }
      expect(clearJson({ ...book, selfTrade: 'refuse' })).toEqual(answer)
    }),
    { numRuns: 1000, seed: 41 },
  )
})

describe.each(priceRuleNames)('a book that nets owners against themselves, under %s', (rule) => {
  const books = ownedBooks(rule).map((book) => ({ ...book, selfTrade: 'net' }))

  test('never pairs an owner with itself', () => {
    fc.assert(
      fc.property(books, (book) => {
        const answer = clearJson(book)
        if ('error' in answer) return
        const ownerOf = new Map(book.orders.map(({ id, owner }) => [id, owner]))
        for (const { sellOrder, buyOrder } of answer.trades) {
          const owner = ownerOf.get(sellOrder)
          if (owner !== undefined) expect(ownerOf.get(buyOrder)).not.toBe(owner)
        }
      }),
      { numRuns: 1000, seed: 42 },
    )
  })

  test('answers as a book with what is left does, so what was netted bears no fee and uses no room', () => {
    fc.assert(
      fc.property(books, (book) => {
        const answer = clearJson(book)
        if ('error' in answer) return
        const left = book.orders.flatMap((order, row) => {
          const wh = whOf(order.quantity) - whOf(answer.orders[row]!.netted!)
          const { owner: _, ...anybody } = order
          return wh > 0 ? [{ ...anybody, quantity: kWh(wh) }] : []
        })
        const { selfTrade: _, ...plain } = book
        expect(
          withoutNetted(
            answer,
            left.map(({ id }) => id),
          ),
        ).toEqual(clearJson({ ...plain, orders: left }))
      }),
      { numRuns: 1000, seed: 43 },
    )
  })

  test('nets an owner’s highest buys with its lowest sells of one bus, until the rest does not cross', () => {
    fc.assert(
      fc.property(books, (book) => {
        const answer = clearJson(book)
        if ('error' in answer) {
          expect(answer.error.code).toBe('self-trade-across-buses')
          return
        }
        const netted = new Map(answer.orders.map(({ id, netted: energy }) => [id, whOf(energy!)]))
        for (const { id, owner } of book.orders) if (owner === undefined) expect(netted.get(id)).toBe(0)
        for (const owner of ownersOf(book.orders)) {
          for (const bus of new Set(book.orders.map((order) => order.bus))) {
            const own = book.orders.filter((order) => order.owner === owner && order.bus === bus)
            expectNetted(own, (id) => netted.get(id)!)
          }
        }
      }),
      { numRuns: 1000, seed: 44 },
    )
  })
})

/** One Wh after the other: the same netting, said so slowly that nothing can hide in it. */
function expectNetted(own: readonly OrderJson[], nettedWh: (id: string) => number): void {
  const singles = (side: string, sign: number) =>
    own
      .filter((order) => order.side === side)
      .toSorted((a, b) => sign * (a.price - b.price))
      .flatMap((order) => Array.from({ length: whOf(order.quantity) }, () => order))
  const expected = new Map(own.map(({ id }) => [id, 0]))
  const sells = singles('sell', 1)
  singles('buy', -1).forEach((buy, at) => {
    const sell = sells[at]
    if (!sell || buy.price < sell.price) return
    expected.set(buy.id, expected.get(buy.id)! + 1)
    expected.set(sell.id, expected.get(sell.id)! + 1)
  })
  expect(own.map(({ id }) => nettedWh(id))).toEqual(own.map(({ id }) => expected.get(id)!))
}

const buses = [
  { id: 'root', parent: null },
  { id: 'feeder', parent: 'root', feeUp: '0.01' },
]
const order = (id: string, bus: string, side: string, price: string, owner?: string) => ({
  id,
  bus,
  side,
  price,
  quantity: '5',
  owner,
})

test('own orders of two buses that cross are refused, as netting there would dodge the fee; apart they stay', () => {
  const book = (price: string) => ({
    network: { buses },
    selfTrade: 'net',
    orders: [order('pv', 'feeder', 'sell', '0.3', 'park'), order('plant', 'root', 'buy', price, 'park')],
  })
  const answer = clearJson(book('0.3')) as ClearFault
  expect(answer.error).toEqual({
    code: 'self-trade-across-buses',
    path: 'orders.1.owner',
    message:
      "orders.1.owner: wanted own buys below the owner's own sells at other buses, as only one bus is netted, " +
      'came owner "park" buying with "plant" on bus "root" and selling with "pv" on bus "feeder"',
  })
  expect(clearJson(book('0.2999'))).toMatchObject({ volume: '0.000', orders: [{ netted: '0.000' }, {}] })
})

test('a refusal names the owner and its orders, the first three of each side', () => {
  const orders = [1, 2, 3, 4, 5].map((at) => order(`b${at}`, 'root', 'buy', '0.4', 'park'))
  const answer = clearJson({
    network: { buses },
    orders: [...orders, order('s', 'root', 'sell', '0.5', 'park')],
  })
  expect((answer as ClearFault).error).toEqual({
    code: 'self-trade',
    path: 'orders.5.owner',
    message:
      'orders.5.owner: wanted an owner on one side of the book, or selfTrade "net", ' +
      'came owner "park" buying with "b1", "b2", "b3", 2 more and selling with "s"',
  })
})

test('an owner written as a number is the owner of that name, and an empty one is none', () => {
  const orders = [order('b', 'root', 'buy', '0.4', '7'), { ...order('s', 'root', 'sell', '0.5'), owner: 7 }]
  expect(clearJson({ network: { buses }, orders })).toHaveProperty('error.code', 'self-trade')
  expect(clearJson({ network: { buses }, orders: [order('b', 'root', 'buy', '0.4', '')] })).toHaveProperty(
    'error.code',
    'invalid-shape',
  )
})

test('a book without selfTrade "net" answers without netted quantities', () => {
  const answer = clearJson({ network: { buses }, orders: [order('b', 'root', 'buy', '0.4', 'park')] })
  expect((answer as ClearResult).orders[0]).toEqual({ id: 'b', accepted: '0.000', price: null })
})

test('the worked example of docs/concepts/self-trade.md is what clearJson() answers', () => {
  const blocks = [...readFileSync('docs/concepts/self-trade.md', 'utf8').matchAll(/```json\n([\s\S]*?)```/g)]
  const [book, orders] = blocks.map(([, text]) => JSON.parse(text!) as unknown)
  expect(clearJson(book)).toMatchObject({ orders, volume: '7.000', wheelingFees: '0.0000000' })
})

/** What the auction found, published once an interval is cleared, and never with a name. */
import { z } from 'zod'
import { kwh, money, price } from '../decimals.ts'
import { instant, intervalName, next, page, roles } from '../names.ts'
import { defineRoutes } from '../route.ts'
import { busPrice, range } from './zones.ts'

export const clearing = z
  .strictObject({
    interval: intervalName,
    cleared: instant,
    rule: z.string(),
    volume: kwh,
    orders: z.int(),
    prices: z.array(busPrice),
    flows: z
      .array(z.strictObject({ bus: z.string(), up: kwh }))
      .meta({ description: 'net export of each bus to its parent' }),
    wheelingFees: money.meta({
      description: 'of the arcs that carry flow; what trades pay on own connections comes on top',
    }),
    certificate: z
      .strictObject({ welfare: money, dualBound: money })
      .meta({ description: 'equal, which proves that no other exchange is worth more' }),
  })
  .meta({ id: 'Clearing' })
export type ClearingAnswer = z.infer<typeof clearing>

const steps = z.array(z.strictObject({ price, quantity: kwh }))
export const curve = z
  .strictObject({
    interval: intervalName,
    bus: z.string().nullable().meta({ description: 'null: all buses together' }),
    buy: steps.meta({ description: 'highest price first, orders of one price together' }),
    sell: steps.meta({ description: 'lowest price first' }),
  })
  .meta({
    id: 'Curve',
    description: 'the book of a cleared interval, limits net of the fee on the own connection',
  })
export type CurveAnswer = z.infer<typeof curve>

export const trade = z
  .strictObject({
    id: z.string(),
    interval: intervalName,
    seller: z.string().nullable().meta({ description: 'null: the other side, whose name is not told' }),
    buyer: z.string().nullable(),
    sellOrder: z.string().nullable(),
    buyOrder: z.string().nullable(),
    quantity: kwh,
    sellerPrice: price.meta({ description: 'what the seller receives' }),
    buyerPrice: price.meta({ description: 'what the buyer pays, wheeling fees included' }),
    wheelingFee: price.meta({ description: 'path and own connection' }),
    settled: kwh.nullable().meta({ description: 'what the meters supported; null before settlement' }),
  })
  .meta({ id: 'Trade' })
export type TradeAnswer = z.infer<typeof trade>

const trades = z.strictObject({ trades: z.array(trade), next })

export const clearingRoutes = defineRoutes({
  listClearings: {
    method: 'GET',
    path: '/v1/zones/{zone}/clearings',
    roles,
    tag: 'clearings',
    summary: 'Clearings from one interval to another, both included',
    description: 'Without `from`, the list begins with the first interval of the market.',
    query: z.strictObject({ ...range, ...page }),
    answer: { status: 200, schema: z.strictObject({ clearings: z.array(clearing), next }) },
    problems: ['zone-unknown', 'invalid-cursor'],
  },
  getClearing: {
    method: 'GET',
    path: '/v1/zones/{zone}/clearings/{interval}',
    roles,
    tag: 'clearings',
    summary: 'Prices, volumes, flows and proof of one interval',
    answer: { status: 200, schema: clearing, cached: true },
    problems: ['zone-unknown', 'interval-unknown', 'not-cleared'],
  },
  getCurve: {
    method: 'GET',
    path: '/v1/zones/{zone}/clearings/{interval}/curve',
    roles,
    tag: 'clearings',
    summary: 'The book of a cleared interval as two stairs',
    query: z.strictObject({ bus: z.string().min(1).max(64).optional() }),
    answer: { status: 200, schema: curve, cached: true },
    problems: ['zone-unknown', 'interval-unknown', 'not-cleared'],
  },
  getTrades: {
    method: 'GET',
    path: '/v1/zones/{zone}/clearings/{interval}/trades',
    roles: ['participant', 'operator'],
    tag: 'clearings',
    summary: "Own trades of one interval; everybody's for the operator",
    query: z.strictObject(page),
    answer: { status: 200, schema: trades },
    problems: ['zone-unknown', 'interval-unknown', 'not-cleared', 'invalid-cursor'],
  },
  listTrades: {
    method: 'GET',
    path: '/v1/zones/{zone}/trades',
    roles: ['participant', 'operator'],
    tag: 'clearings',
    summary: "Own trades from one interval to another; everybody's for the operator",
    query: z.strictObject({ ...range, ...page }),
    answer: { status: 200, schema: trades },
    problems: ['zone-unknown', 'invalid-cursor'],
  },
  publishAgain: {
    method: 'POST',
    path: '/v1/zones/{zone}/clearings/{interval}/publications',
    roles: ['operator'],
    tag: 'operator',
    summary: 'Tell the stream of a clearing once more',
    answer: { status: 201, schema: z.strictObject({ interval: intervalName, event: z.string() }) },
    problems: ['zone-unknown', 'interval-unknown', 'not-cleared', 'store-refuses'],
  },
})

/** Orders: placed, read, changed and cancelled by their owner alone until the gate closes. */
import { z } from 'zod'
import { kwh, limitPrice, orderKwh } from '../decimals.ts'
import { intervalName, next, page, side } from '../names.ts'
import { defineRoutes } from '../route.ts'

/** Orders in one request. */
export const mostOrdersAtOnce = 1000
/** Orders of one participant in one interval, cancelled ones too. */
export const mostOrdersInInterval = 10_000

const limits = {
  price: limitPrice.meta({
    description:
      'buys: the most that energy and wheeling may cost together; sells: the least that is wanted [CNY/kWh]',
  }),
  quantity: orderKwh,
}

export const newOrder = z
  .strictObject({
    interval: intervalName,
    side,
    ...limits,
    bus: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .meta({ description: 'the bus of the own connection; may be left out' }),
  })
  .meta({ id: 'NewOrder' })
export type NewOrder = z.infer<typeof newOrder>

export const newOrders = z.union([newOrder, z.array(newOrder).min(1).max(mostOrdersAtOnce)])
export type NewOrders = z.infer<typeof newOrders>

export const changedOrder = z.strictObject(limits).meta({ id: 'ChangedOrder' })
export type ChangedOrder = z.infer<typeof changedOrder>

export const outcomes = ['accepted', 'partly-accepted', 'not-accepted', 'cancelled'] as const
/** Why an order ended as it did. Records hold the position in this list, so it only grows at its end. */
export const reasons = [
  'within-price',
  'at-the-margin',
  'outside-price',
  'no-counterpart',
  'replaced-by-own-order',
  'self-trade',
  'cancelled-by-owner',
] as const
export type Reason = (typeof reasons)[number]

export const meanPrice = z
  .string()
  .regex(/^-?\d{1,16}\.\d{4,7}$/)
  .nullable()
  .meta({
    description: 'mean over its trades [CNY/kWh]; a buyer pays wheeling inside it; null: nothing accepted',
  })

export const outcome = z
  .strictObject({
    outcome: z.enum(outcomes),
    reason: z.enum(reasons),
    accepted: kwh,
    price: meanPrice,
  })
  .meta({ id: 'Outcome' })
export type Outcome = z.infer<typeof outcome>

export const orderStates = ['open', 'cancelled', 'closed', 'cleared'] as const

export const order = z
  .strictObject({
    id: z.string(),
    interval: intervalName,
    side,
    price: limitPrice,
    quantity: kwh,
    bus: z.string(),
    origin: z.enum(['own', 'strategy']),
    state: z.enum(orderStates),
    revision: z.int().min(1),
    outcome: outcome.nullable().meta({ description: 'null before the clearing' }),
  })
  .meta({ id: 'Order' })
export type OrderAnswer = z.infer<typeof order>

export const acknowledged = z
  .strictObject({
    orders: z.array(z.strictObject({ id: z.string(), interval: intervalName })),
  })
  .meta({ id: 'Acknowledged', description: 'ids in the sequence of the request; the orders are on disk' })
export type Acknowledged = z.infer<typeof acknowledged>

const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,64}$/, 'up to 64 printable characters without spaces')
  .meta({ description: 'the same key and body again is answered again and placed once' })
const ifMatch = z.string().max(64).meta({ description: 'ETag of the order that is meant' })

export const orderRoutes = defineRoutes({
  placeOrders: {
    method: 'POST',
    path: '/v1/zones/{zone}/orders',
    roles: ['participant'],
    tag: 'orders',
    summary: 'Place one order, or up to 1,000 at once: all of them or none',
    headers: z.object({ 'idempotency-key': idempotencyKey.optional() }),
    body: newOrders,
    bodyLimit: 256 * 1024,
    answer: { status: 201, schema: acknowledged },
    problems: [
      'zone-unknown',
      'interval-unknown',
      'gate-closed',
      'self-trade',
      'idempotency-conflict',
      'price-out-of-range',
      'other-bus',
      'other-side',
      'beyond-connection',
      'too-many-orders',
      'not-ready',
      'clock-behind',
      'store-refuses',
    ],
  },
  listOrders: {
    method: 'GET',
    path: '/v1/zones/{zone}/orders',
    roles: ['participant'],
    tag: 'orders',
    summary: 'Own orders of one interval',
    query: z.strictObject({ interval: intervalName, ...page }),
    answer: { status: 200, schema: z.strictObject({ orders: z.array(order), next }) },
    problems: ['zone-unknown', 'interval-unknown', 'invalid-cursor'],
  },
  getOrder: {
    method: 'GET',
    path: '/v1/zones/{zone}/orders/{order}',
    roles: ['participant'],
    tag: 'orders',
    summary: 'An own order, with its outcome once cleared',
    answer: { status: 200, schema: order, cached: true },
    problems: ['zone-unknown', 'order-unknown'],
  },
  changeOrder: {
    method: 'PUT',
    path: '/v1/zones/{zone}/orders/{order}',
    roles: ['participant'],
    tag: 'orders',
    summary: 'Change price and quantity of an own order before its gate closes',
    headers: z.object({ 'if-match': ifMatch.optional() }),
    body: changedOrder,
    answer: { status: 200, schema: order, cached: true },
    problems: [
      'zone-unknown',
      'order-unknown',
      'gate-closed',
      'order-final',
      'order-changed',
      'if-match-missing',
      'price-out-of-range',
      'beyond-connection',
      'not-ready',
      'clock-behind',
      'store-refuses',
    ],
  },
  cancelOrder: {
    method: 'DELETE',
    path: '/v1/zones/{zone}/orders/{order}',
    roles: ['participant'],
    tag: 'orders',
    summary: 'Cancel an own order before its gate closes',
    description: 'With the clearing of its interval a cancelled order is forgotten.',
    headers: z.object({ 'if-match': ifMatch.optional() }),
    answer: { status: 200, schema: order, cached: true },
    problems: [
      'zone-unknown',
      'order-unknown',
      'gate-closed',
      'order-final',
      'order-changed',
      'not-ready',
      'clock-behind',
      'store-refuses',
    ],
  },
})

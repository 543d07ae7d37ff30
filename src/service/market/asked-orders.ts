/** Orders as they are asked for, in the market's own units. */
import { ticksOf, whOf } from '../../contract/decimals.ts'
import type { NewOrders } from '../../contract/routes/orders.ts'
import { Refusal } from '../refusal.ts'
import { intervalOf } from './timeline.ts'

export interface AskedOrder {
  readonly interval: number
  /** 0 buy, 1 sell */
  readonly side: 0 | 1
  /** the member's own limit, its connection's fee included [ticks] */
  readonly grossTicks: number
  readonly quantityWh: number
  readonly bus?: string
}

/** The orders of one request. */
export interface AskedOrders {
  readonly orders: readonly AskedOrder[]
  /** whether they came as a list, which is how places in it are named */
  readonly isList: boolean
}

/** @throws Refusal `interval-unknown` for a name that no calendar has */
export function askedOf(body: NewOrders): AskedOrders {
  const isList = Array.isArray(body)
  const list = isList ? body : [body]
  const orders = list.map(({ interval: name, side, price, quantity, bus }, at): AskedOrder => {
    const interval = intervalOf(name)
    if (interval === undefined)
      throw new Refusal('interval-unknown', { came: name, path: `${placeOf(isList, at)}interval` })
    return {
      interval,
      side: side === 'buy' ? 0 : 1,
      grossTicks: ticksOf(price),
      quantityWh: whOf(quantity),
      ...(bus === undefined ? {} : { bus }),
    }
  })
  return { orders, isList }
}

/** Where an order stands in its request: `body.3.` */
export function placeOf(isList: boolean, at: number): string {
  return isList ? `body.${at}.` : 'body.'
}

/** One text for requests that ask for the same, however their JSON was written. */
export function canonicalText({ orders }: AskedOrders): string {
  return orders
    .map(({ interval, side, grossTicks, quantityWh }) => `${interval},${side},${grossTicks},${quantityWh}`)
    .join(';')
}

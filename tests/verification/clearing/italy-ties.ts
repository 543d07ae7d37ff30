/**
 * Energy offered or wanted at exactly the published price of its zone: how it is shared is no matter of welfare, so here
 * results may differ. Two explanations are tried on an hour.
 */
import { marketOf, parentOf, zones, type MarketHour } from './italy-data.ts'
import type { Order, Outcome } from './market.ts'

/** Net sales of a zone at its published price: with none of the tied energy, and what is tied. [MWh] */
interface ZoneTie {
  readonly sure: number
  readonly sells: number
  readonly buys: number
}

function tieOf(orders: readonly Order[], zone: string, price: number): ZoneTie {
  const own = orders.filter(({ bus }) => bus === zone)
  const sum = (pick: (order: Order) => boolean) =>
    own.filter(pick).reduce((total, { quantity }) => total + quantity, 0)
  return {
    sure:
      sum((order) => order.side === 'sell' && order.price < price) -
      sum((order) => order.side === 'buy' && order.price > price),
    sells: sum((order) => order.side === 'sell' && order.price === price),
    buys: sum((order) => order.side === 'buy' && order.price === price),
  }
}

function below(zone: string): string[] {
  return [zone, ...zones.filter((child) => parentOf[child] === zone).flatMap(below)]
}

/** Arcs between zones of one price that could not carry all tied energy behind them, and how much they could not. [MWh] */
export function cutTies(hour: MarketHour): { readonly zone: string; readonly mwh: number }[] {
  const { buses, orders } = marketOf(hour)
  const { price } = hour.published
  const inside = buses.filter(({ id, parent }) => parent !== undefined && price[id] === price[parent])
  return inside.flatMap(({ id, capacityUp, capacityDown }) => {
    const ties = below(id).map((zone) => tieOf(orders, zone, price[zone]!))
    const total = (of: (tie: ZoneTie) => number) => ties.reduce((sum, tie) => sum + of(tie), 0)
    const most = total(({ sure, sells }) => sure + sells) - capacityUp!
    const least = -capacityDown! - total(({ sure, buys }) => sure - buys)
    return [most, least].filter((mwh) => mwh > 1e-6).map((mwh) => ({ zone: id, mwh }))
  })
}

/**
 * How far each zone's published net sales are from sharing the tied energy of all zones of one price in plain proportion,
 * at most. [MWh]
 */
export function apartFromProRata(hour: MarketHour, outcome: Outcome): number {
  const { orders } = marketOf(hour)
  const { price, flowUp } = hour.published
  const ratio = (zone: string, side: Order['side']) => {
    const tied = orders.filter(
      (order) => order.side === side && price[order.bus] === price[zone] && order.price === price[zone],
    )
    const asked = tied.reduce((sum, { quantity }) => sum + quantity, 0)
    const accepted = tied.reduce((sum, { id }) => sum + outcome.accepted[id]!, 0)
    return asked === 0 ? 0 : accepted / asked
  }
  const apart = netSales(flowUp).map((net, at) => {
    const zone = zones[at]!
    const { sure, sells, buys } = tieOf(orders, zone, price[zone]!)
    return net - (sure + ratio(zone, 'sell') * sells - ratio(zone, 'buy') * buys)
  })
  return apart.reduce((most, each) => Math.max(most, Math.abs(each)), 0)
}

/** What each zone exports of its own: its arc's flow less those of its children. [MWh] */
export function netSales(flowUp: Readonly<Record<string, number>>): number[] {
  return zones.map((zone) =>
    zones
      .filter((child) => parentOf[child] === zone)
      .reduce((net, child) => net - flowUp[child]!, flowUp[zone] ?? 0),
  )
}

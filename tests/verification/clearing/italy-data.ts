/**
 * Two days of the Italian day-ahead market (MGP): complete bid curves of seven zones, the limits of the six links between
 * them, exchange with other countries, and what was published as the result.
 *
 * Source: publications of GME (mercatoelettrico.org), as collected by rebase-energy/OpenEUPHEMIA, data/italy/2025-04,
 * commit 4ceadd28. Blocks are fixed in the curves as they were published.
 */
import { readRows } from '../data.ts'
import type { Bus, Market, Order, PriceLimits, Scale } from './market.ts'

export const italyFolder = 'market-italy-mgp-2025-04'

/** Prices are published with up to five places, energy with three. */
export const italyScale: Scale = { ticksPerPrice: 100_000, whPerQuantity: 1000 }

const [floor, cap] = [-500, 4000]
/** Exchange is bought and sold at any price: one step beyond what bids may ask. */
export const beyond: PriceLimits = {
  floor: floor - 1 / italyScale.ticksPerPrice,
  cap: cap + 1 / italyScale.ticksPerPrice,
}

/** The seven zones as a tree; the published links are its arcs. */
export const parentOf: Readonly<Record<string, string | undefined>> = {
  CSUD: undefined,
  CNOR: 'CSUD',
  SARD: 'CSUD',
  SUD: 'CSUD',
  NORD: 'CNOR',
  CALA: 'SUD',
  SICI: 'CALA',
}
export const zones = Object.keys(parentOf)

export interface MarketHour {
  readonly day: string
  /** 1 to 24 */
  readonly hour: number
  readonly orders: readonly Order[]
  readonly buses: readonly Bus[]
  /** positive out of the zone [MWh] */
  readonly exchanges: readonly { readonly zone: string; readonly abroad: string; readonly mwh: number }[]
  readonly published: {
    /** of zones and of places abroad [EUR/MWh] */
    readonly price: Readonly<Record<string, number>>
    /** of each zone's arc to its parent, positive upward [MWh] */
    readonly flowUp: Readonly<Record<string, number>>
  }
}

type Row = Record<string, string>

export function readItaly(): MarketHour[] {
  const read = (name: string) => byHour(readRows(`${italyFolder}/${name}.csv`))
  const curves = read('bid-curves')
  const capacities = read('internal-transfer-capacities')
  const exchanges = read('published-exchanges')
  const flows = read('published-flows')
  const prices = read('published-prices')
  return [...curves].map(([key, bids]) => ({
    day: bids[0]!['delivery_day']!,
    hour: Number(bids[0]!['period']),
    orders: bids.map(orderOf),
    buses: zones.map((zone) => busOf(zone, capacities.get(key)!)),
    exchanges: exchanges.get(key)!.map((row) => ({
      zone: row['zone']!,
      abroad: row['external_zone']!,
      mwh: Number(row['exchange_mwh']),
    })),
    published: {
      price: Object.fromEntries(
        prices.get(key)!.map((row) => [row['zone']!, Number(row['price_eur_per_mwh'])]),
      ),
      flowUp: Object.fromEntries(zones.slice(1).map((zone) => [zone, flowUpOf(zone, flows.get(key)!)])),
    },
  }))
}

/** The market with exchange as it was published, bought and sold at any price. */
export function marketOf({ buses, orders, exchanges }: MarketHour): Market {
  const abroad = exchanges
    .filter(({ mwh }) => mwh !== 0)
    .map(({ zone, abroad, mwh }) => ({
      id: `${zone}-${abroad}`,
      bus: zone,
      side: mwh > 0 ? ('buy' as const) : ('sell' as const),
      price: mwh > 0 ? beyond.cap : beyond.floor,
      quantity: Math.abs(mwh),
    }))
  return { buses, orders: [...orders, ...abroad] }
}

function byHour(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, (row) => `${row['delivery_day']} ${row['period']}`)
}

function orderOf(row: Row, at: number): Order {
  return {
    id: String(at),
    bus: row['zone']!,
    side: row['side'] === 'demand' ? 'buy' : 'sell',
    price: Number(row['price_eur_per_mwh']),
    quantity: Number(row['quantity_mwh']),
  }
}

/** Links are listed once, from either end. */
function between<T>(rows: readonly Row[], zone: string, value: (row: Row, isForward: boolean) => T): T {
  const forward = rows.find((row) => row['from_zone'] === zone && row['to_zone'] === parentOf[zone])
  const backward = rows.find((row) => row['to_zone'] === zone && row['from_zone'] === parentOf[zone])
  return forward ? value(forward, true) : value(backward!, false)
}

function busOf(zone: string, capacities: readonly Row[]): Bus {
  const parent = parentOf[zone]
  if (parent === undefined) return { id: zone }
  const [capacityUp, capacityDown] = between(capacities, zone, (row, isForward) => {
    const [forward, reverse] = [Number(row['forward_capacity_mwh']), Number(row['reverse_capacity_mwh'])]
    return isForward ? [forward, reverse] : [reverse, forward]
  })
  return { id: zone, parent, capacityUp: capacityUp!, capacityDown: capacityDown! }
}

function flowUpOf(zone: string, flows: readonly Row[]): number {
  return between(flows, zone, (row, isForward) => Number(row['flow_mwh']) * (isForward ? 1 : -1))
}

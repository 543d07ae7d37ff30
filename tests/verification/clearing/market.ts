/**
 * A market in the units of its source, and its clearing by the engine on a scale of its own: the engine counts whole numbers
 * and knows nothing of what one of them is worth, so the scale is an argument.
 */
import { certify } from '../../../src/market/certificate.ts'
import { ClearingEngine } from '../../../src/market/clear.ts'
import { busPrices } from '../../../src/market/prices.ts'
import { bookOf, type Case } from '../../market/books.ts'

export interface Market {
  /** parents before their children */
  readonly buses: readonly Bus[]
  readonly orders: readonly Order[]
}

/** Fees are 0 and capacities missing where nothing is said. */
export interface Bus {
  readonly id: string
  readonly parent?: string
  readonly feeUp?: number
  readonly feeDown?: number
  readonly capacityUp?: number
  readonly capacityDown?: number
}

export interface Order {
  readonly id: string
  readonly bus: string
  readonly side: 'buy' | 'sell'
  readonly price: number
  readonly quantity: number
}

export interface Scale {
  /** whole prices in one unit of price */
  readonly ticksPerPrice: number
  /** whole energies in one unit of quantity */
  readonly whPerQuantity: number
}

/** k = 0.5 where nothing is said. */
export interface PriceLimits {
  readonly floor: number
  readonly cap: number
  readonly k?: number
}

export interface Outcome {
  /** by id of the order */
  readonly accepted: Readonly<Record<string, number>>
  readonly buses: Readonly<Record<string, BusOutcome>>
  readonly welfare: number
  /** whether the engine proved it, dual bound against welfare */
  readonly proved: boolean
}

export interface BusOutcome {
  readonly low: number
  readonly high: number
  readonly price: number
  /** net export to the parent */
  readonly flowUp: number
}

export function caseOfMarket({ buses, orders }: Market, scale: Scale): Case {
  const row = new Map(buses.map(({ id }, at) => [id, at]))
  const fee = (value = 0) => whole(value * scale.ticksPerPrice)
  const room = (value = Infinity) => whole(value * scale.whPerQuantity)
  const network = {
    busCount: buses.length,
    parent: Int32Array.from(buses, ({ parent }) => (parent === undefined ? -1 : row.get(parent)!)),
    feeUpTicks: Float64Array.from(buses, ({ feeUp }) => fee(feeUp)),
    feeDownTicks: Float64Array.from(buses, ({ feeDown }) => fee(feeDown)),
    capacityUpWh: Float64Array.from(buses, ({ capacityUp }) => room(capacityUp)),
    capacityDownWh: Float64Array.from(buses, ({ capacityDown }) => room(capacityDown)),
  }
  const rows = orders.map(({ bus, side, price, quantity }) => ({
    bus: row.get(bus)!,
    side: side === 'buy' ? 0 : 1,
    limit: whole(price * scale.ticksPerPrice),
    quantity: whole(quantity * scale.whPerQuantity),
  }))
  return { network, book: bookOf(rows, buses.length) }
}

export function clearMarket(market: Market, scale: Scale, { floor, cap, k = 0.5 }: PriceLimits): Outcome {
  const { network, book } = caseOfMarket(market, scale)
  const engine = new ClearingEngine(network)
  const clearing = engine.clear(book)
  const prices = new Float64Array(network.busCount)
  const [floorTicks, capTicks] = [floor * scale.ticksPerPrice, cap * scale.ticksPerPrice]
  busPrices(network, clearing, { floorTicks, capTicks, kNumerator: k * 10_000 }, prices)
  const money = scale.ticksPerPrice * scale.whPerQuantity
  return {
    accepted: Object.fromEntries(
      market.orders.map(({ id }, row) => [id, clearing.acceptedWh[row]! / scale.whPerQuantity]),
    ),
    buses: Object.fromEntries(
      market.buses.map(({ id }, bus) => [
        id,
        {
          low: clearing.priceLowTicks[bus]! / scale.ticksPerPrice,
          high: clearing.priceHighTicks[bus]! / scale.ticksPerPrice,
          price: prices[bus]! / scale.ticksPerPrice,
          flowUp: clearing.flowUpWh[bus]! / scale.whPerQuantity,
        },
      ]),
    ),
    welfare: Number(engine.certificate(prices).welfare) / money,
    proved: engine.isProved(prices),
  }
}

/** The welfare of quantities that somebody else accepted; what a bus has left over goes up its arc. */
export function welfareOfAccepted(
  market: Market,
  scale: Scale,
  accepted: Readonly<Record<string, number>>,
): number {
  const { network, book } = caseOfMarket(market, scale)
  const acceptedWh = Float64Array.from(market.orders, ({ id }) =>
    whole((accepted[id] ?? 0) * scale.whPerQuantity),
  )
  const flowUpWh = new Float64Array(network.busCount)
  for (let row = 0; row < book.count; row++) {
    flowUpWh[book.bus[row]!]! += acceptedWh[row]! * (book.side[row] === 1 ? 1 : -1)
  }
  for (let bus = network.busCount - 1; bus > 0; bus--) flowUpWh[network.parent[bus]!]! += flowUpWh[bus]!
  if (flowUpWh[0] !== 0) throw new Error(`the quantities do not balance: ${flowUpWh[0]} are left at the root`)
  // Only the welfare is read, which no prices enter.
  const { welfare } = certify(network, book, { acceptedWh, flowUpWh }, new Float64Array(network.busCount))
  return Number(welfare) / (scale.ticksPerPrice * scale.whPerQuantity)
}

/** @throws where a number of the source is finer than the scale */
export function whole(value: number): number {
  if (value === Infinity) return value
  const rounded = Math.round(value)
  if (Math.abs(value - rounded) > 1e-3) throw new Error(`${value} is finer than the scale`)
  return rounded + 0
}

/**
 * `overwall clear`: one JSON book in, its clearing as exact decimal strings out, or the faults of the book.
 *
 * Prices and fees are CNY/kWh with 4 decimals, quantities kWh with 3, money CNY with 7. Under a pair rule an order's
 * price is the mean over its trades with 7 decimals, rounded half-even; the exact prices stand in the trades. A trade's
 * price is what its seller receives; the buyer pays the wheeling fee on top and, under `nodal-uniform`, what congestion
 * adds to the price of its bus. An order of which nothing was accepted has no price.
 *
 * `welfare` and `dualBound` are the optimum and its proof. Under `trade-reduction` trades are given up after that; what is
 * left stands in `reduction`, and volume, orders and trades are those after it.
 */
import { divideHalfEven, formatScaled } from '../base/decimal.ts'
import { describeFault, type Fault } from '../base/errors.ts'
import type { Certificate } from './certificate.ts'
import type { Clearing } from './clear.ts'
import { clearRead, type ClearedBook } from './clear-read.ts'
import type { Pairs } from './pairs.ts'
import { clip } from './prices.ts'
import { gapOf, welfareOf, type Settled } from './pricing/apply-rule.ts'
import { readBook, type ReadBook } from './read-book.ts'

export interface ClearResult {
  readonly id: string | number | null
  readonly welfare: string
  readonly dualBound: string
  /** under `trade-reduction` */
  readonly reduction?: {
    /** of the trades that are left */
    readonly welfare: string
    /** what buyers pay beyond what sellers receive; it stays with the market */
    readonly budgetSurplus: string
    /** the orders given up, null where nothing was traded in the first place */
    readonly buyOrder: string | null
    readonly sellOrder: string | null
  }
  readonly volume: string
  readonly wheelingFees: string
  readonly congestionRent: string
  readonly buses: readonly {
    id: string
    price: string
    priceLow: string
    priceHigh: string
    flowUp: string
    traded: boolean
  }[]
  readonly orders: readonly {
    id: string
    accepted: string
    price: string | null
    /** under `selfTrade: "net"`: settled against the owner's own orders, outside the market and without fee */
    netted?: string
  }[]
  readonly trades: readonly {
    sellOrder: string
    buyOrder: string
    quantity: string
    price: string
    wheelingFee: string
  }[]
}

export interface ClearFault {
  readonly id: string | number | null
  /** the first fault; `errors` lists all, up to a hundred */
  readonly error: { readonly code: string; readonly message: string; readonly path: string }
  readonly errors?: readonly { readonly code: string; readonly message: string; readonly path: string }[]
}

const price = (ticks: number | bigint) => formatScaled(ticks, 4)
const energy = (wh: number) => formatScaled(wh + 0, 3)
const money = (tickWh: bigint) => formatScaled(tickWh, 7)

/** @throws BrokenProof when the clearing cannot be proved optimal, which is our own mistake */
export function clearJson(value: unknown): ClearResult | ClearFault {
  const id = idOf(value)
  const outcome = readBook(value)
  return 'faults' in outcome
    ? faultsOf(id, outcome.faults)
    : resultOf(id, clearRead(bookName(id), outcome.read))
}

export function idOf(value: unknown): ClearResult['id'] {
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : null
  return typeof id === 'string' || typeof id === 'number' ? id : null
}

/** What a book is called for people. */
export function bookName(id: ClearResult['id']): string {
  return id === null ? 'the book' : `book ${id}`
}

export function faultsOf(id: ClearFault['id'], faults: readonly Fault[]): ClearFault {
  const errors = faults.slice(0, 100).map((fault) => ({
    code: fault.code,
    message: describeFault(fault),
    path: fault.path,
  }))
  return { id, error: errors[0]!, ...(errors.length > 1 ? { errors } : {}) }
}

export function resultOf(id: ClearResult['id'], cleared: ClearedBook): ClearResult {
  const { read, busTicks, proof, settled } = cleared
  return {
    id,
    ...totals(read, proof, settled),
    buses: listBuses(read, settled.clearing, busTicks),
    orders: listOrders(read, busTicks, settled),
    trades: listTrades(read, settled.pairs, settled.sellerTicks),
  }
}

function totals(read: ReadBook, proof: Certificate, settled: Settled) {
  return {
    welfare: money(proof.welfare),
    dualBound: money(proof.dualBound),
    ...reductionOf(read, settled),
    volume: energy(settled.clearing.volumeWh),
    wheelingFees: money(proof.wheelingFees),
    congestionRent: money(settled.reduction ? 0n : gapOf(settled)),
  }
}

function reductionOf({ book, orderIds }: ReadBook, settled: Settled): Pick<ClearResult, 'reduction'> {
  if (!settled.reduction) return {}
  const { buy, sell } = settled.reduction
  return {
    reduction: {
      welfare: money(welfareOf(book, settled)),
      budgetSurplus: money(gapOf(settled)),
      buyOrder: orderIds[buy] ?? null,
      sellOrder: orderIds[sell] ?? null,
    },
  }
}

function listBuses(read: ReadBook, clearing: Clearing, busTicks: Float64Array): ClearResult['buses'] {
  return read.listedRows.map((row) => ({
    id: read.busIds[row]!,
    price: price(busTicks[row]!),
    priceLow: price(clip(clearing.priceLowTicks[row]!, read.range)),
    priceHigh: price(clip(clearing.priceHighTicks[row]!, read.range)),
    flowUp: energy(clearing.flowUpWh[row]!),
    traded: clearing.traded[row] === 1,
  }))
}

function listOrders(
  read: ReadBook,
  busTicks: Float64Array,
  { clearing, pairs, sellerTicks, buyerTicks }: Settled,
): ClearResult['orders'] {
  const { book, orderIds, rule, nettedWh } = read
  const paid = orderIds.map(() => 0n)
  for (let pair = 0; pair < pairs.count; pair++) {
    const quantity = BigInt(pairs.quantityWh[pair]!)
    paid[pairs.sell[pair]!]! += quantity * BigInt(sellerTicks[pair]!)
    paid[pairs.buy[pair]!]! += quantity * BigInt(buyerTicks[pair]!)
  }
  const meanPrice = (row: number) =>
    formatScaled(divideHalfEven(paid[row]! * 1000n, BigInt(clearing.acceptedWh[row]!)), 7)
  return orderIds.map((id, row) => {
    const acceptedWh = clearing.acceptedWh[row]!
    const own =
      rule === 'nodal-uniform' ? price(busTicks[book.bus[row]!]!) : acceptedWh > 0 ? meanPrice(row) : null
    const netted = nettedWh ? { netted: energy(nettedWh[row]!) } : {}
    return { id, accepted: energy(acceptedWh), price: acceptedWh > 0 ? own : null, ...netted }
  })
}

function listTrades(read: ReadBook, pairs: Pairs, sellerTicks: Float64Array): ClearResult['trades'] {
  return Array.from({ length: pairs.count }, (_, pair) => ({
    sellOrder: read.orderIds[pairs.sell[pair]!]!,
    buyOrder: read.orderIds[pairs.buy[pair]!]!,
    quantity: energy(pairs.quantityWh[pair]!),
    price: price(sellerTicks[pair]!),
    wheelingFee: money(BigInt(pairs.pathFeeTicks[pair]!) * BigInt(pairs.quantityWh[pair]!)),
  }))
}

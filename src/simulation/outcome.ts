/**
 * What an auction decided: orders with their accepted quantities, prices by bus, pairs and what each pays. It stands by
 * itself: settlement needs it and the meters, and those may come much later.
 */
import type { Clearing } from '../market/clear.ts'
import type { Pairs } from '../market/pairs.ts'
import type { OrderRows } from './order-rows.ts'

export interface Outcome {
  readonly rows: OrderRows
  /** false where nothing was offered, so that there was nothing to clear and nothing to prove */
  readonly isHeld: boolean
  readonly clearing: Clearing
  /** proved to be the most that the book allows [1e-7 CNY] */
  readonly welfareTickWh: bigint
  /** one price per bus where it was held [ticks] */
  readonly busTicks: Float64Array
  readonly pairs: Pairs
  /** per pair: what the seller gets, and what the buyer pays including the fees of the path [ticks] */
  readonly sellerTicks: Float64Array
  readonly buyerTicks: Float64Array
}

/** A copy that later auctions leave as it is, with no more rows than there are. */
export function keepOutcome({ rows, pairs, clearing, ...outcome }: Outcome): Outcome {
  const { count } = rows.book
  return {
    isHeld: outcome.isHeld,
    welfareTickWh: outcome.welfareTickWh,
    rows: {
      book: {
        count,
        bus: rows.book.bus.slice(0, count),
        side: rows.book.side.slice(0, count),
        limitTicks: rows.book.limitTicks.slice(0, count),
        quantityWh: rows.book.quantityWh.slice(0, count),
        sequence: rows.book.sequence.slice(0, count),
      },
      kind: rows.kind.slice(0, count),
      who: rows.who.slice(0, count),
      valueE8: rows.valueE8.slice(0, count),
      sells: rows.sells,
    },
    clearing: {
      acceptedWh: clearing.acceptedWh.slice(0, count),
      flowUpWh: clearing.flowUpWh.slice(),
      priceLowTicks: clearing.priceLowTicks.slice(),
      priceHighTicks: clearing.priceHighTicks.slice(),
      traded: clearing.traded.slice(),
      volumeWh: clearing.volumeWh,
    },
    busTicks: outcome.busTicks.slice(),
    pairs: {
      count: pairs.count,
      sell: pairs.sell.slice(0, pairs.count),
      buy: pairs.buy.slice(0, pairs.count),
      quantityWh: pairs.quantityWh.slice(0, pairs.count),
      pathFeeTicks: pairs.pathFeeTicks.slice(0, pairs.count),
    },
    sellerTicks: outcome.sellerTicks.slice(0, pairs.count),
    buyerTicks: outcome.buyerTicks.slice(0, pairs.count),
  }
}

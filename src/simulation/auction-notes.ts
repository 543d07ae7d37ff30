/**
 * What forecasts made of the market, for the report: by auction what was traded at which price, by group what was expected,
 * ordered, accepted, delivered and missed. Kept where an interval is traded twice, or where forecasts know a lead or the past.
 */
import { chargedShortfallWh } from '../settlement/deviation.ts'
import { enterpriseRow, sellerRow, storageRow, type OrderRows } from './order-rows.ts'
import type { Outcome } from './outcome.ts'
import type { Settled } from './pair-settlement.ts'
import type { Readings } from './readings.ts'
import type {
  AuctionName,
  AuctionResult,
  AuctionsResult,
  BuyerGroup,
  ForecastGroupResult,
  ForecastTurn,
  Source,
} from './result.ts'
import { sources, type RunState } from './run-state.ts'
import type { Buyer, Seller, World } from './world.ts'

const buyerGroups: readonly BuyerGroup[] = ['agency', 'retail-flat', 'retail-by-period', 'storage']
/** Groups of buyers first, then groups of sellers. */
const groups: readonly { readonly side: 'buy' | 'sell'; readonly group: BuyerGroup | Source }[] = [
  ...buyerGroups.map((group) => ({ side: 'buy' as const, group })),
  ...sources.map((group) => ({ side: 'sell' as const, group })),
]
const storageBuying = buyerGroups.indexOf('storage')
const storageSelling = buyerGroups.length + sources.indexOf('storage')

/** An auction's outcome and what became of its pairs. */
export interface Decided {
  readonly outcome: Outcome
  readonly settled: Settled
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

class AuctionBooks {
  readonly result: Mutable<AuctionResult>
  readonly orderedWh = new Float64Array(groups.length)
  readonly acceptedWh = new Float64Array(groups.length)
  readonly settledWh = new Float64Array(groups.length)

  constructor(auction: AuctionName) {
    this.result = {
      auction,
      heldIntervals: 0,
      tradedIntervals: 0,
      acceptedWh: 0,
      settledWh: 0,
      valueTickWh: 0,
    }
  }

  note({ outcome, settled }: Decided, groupOf: (rows: OrderRows, row: number) => number): void {
    const { rows, clearing, pairs, sellerTicks } = outcome
    const { result } = this
    if (outcome.isHeld) result.heldIntervals++
    if (clearing.volumeWh > 0) result.tradedIntervals++
    for (let row = 0; row < rows.book.count; row++) {
      const group = groupOf(rows, row)
      this.orderedWh[group]! += rows.book.quantityWh[row]!
      this.acceptedWh[group]! += clearing.acceptedWh[row]!
      this.settledWh[group]! += settled.rowWh[row]!
    }
    for (let pair = 0; pair < pairs.count; pair++) {
      result.acceptedWh += pairs.quantityWh[pair]!
      result.settledWh += settled.pairWh[pair]!
      result.valueTickWh += settled.pairWh[pair]! * sellerTicks[pair]!
    }
  }
}

export class AuctionNotes {
  readonly #world: World
  readonly #sellers: readonly Seller[]
  readonly #dayAhead: AuctionBooks | null
  readonly #intraday: AuctionBooks | null
  readonly #buyerGroup: Uint8Array
  readonly #sellerGroup: Uint8Array
  /** accepted in all auctions of the interval, by participant */
  readonly #boughtWh: Float64Array
  readonly #soldWh: Float64Array
  readonly #meteredWh = new Float64Array(groups.length)
  readonly #shortWh = new Float64Array(groups.length)
  readonly #chargedWh = new Float64Array(groups.length)

  /**
   * @param world with what participants expect, whatever was traded before
   * @returns null where there is nothing to tell
   */
  static open(world: World, sellers: readonly Seller[]): AuctionNotes | null {
    const { enterprises, pvUnits, market } = world.zone
    const learns = [...enterprises, ...pvUnits].some(
      ({ forecast: { kind } }) => kind === 'persistence' || kind === 'noisy',
    )
    return learns || market.auctions.dayAhead ? new AuctionNotes(world, sellers) : null
  }

  private constructor(world: World, sellers: readonly Seller[]) {
    const { enterprises, market } = world.zone
    this.#world = world
    this.#sellers = sellers
    this.#dayAhead = market.auctions.dayAhead && new AuctionBooks('day-ahead')
    this.#intraday = market.auctions.intraday ? new AuctionBooks('intraday') : null
    this.#buyerGroup = Uint8Array.from(enterprises, ({ contract }) => buyerGroups.indexOf(contract.kind))
    this.#sellerGroup = Uint8Array.from(sellers, ({ kind }) => buyerGroups.length + sources.indexOf(kind))
    this.#boughtWh = new Float64Array(enterprises.length)
    this.#soldWh = new Float64Array(sellers.length)
  }

  note(dayAhead: Decided | null, intraday: Decided, readings: Readings): void {
    const groupOf = (rows: OrderRows, row: number) => this.#groupOf(rows, row)
    this.#boughtWh.fill(0)
    this.#soldWh.fill(0)
    if (dayAhead) this.#dayAhead!.note(dayAhead, groupOf)
    this.#intraday?.note(intraday, groupOf)
    if (dayAhead) this.#takePositions(dayAhead.outcome)
    this.#takePositions(intraday.outcome)
    this.#noteShort(this.#boughtWh, readings.boughtWh, this.#buyerGroup)
    this.#noteShort(this.#soldWh, readings.sentWh, this.#sellerGroup)
  }

  #groupOf({ kind, who, book }: OrderRows, row: number): number {
    if (kind[row] === storageRow) return book.side[row] === 0 ? storageBuying : storageSelling
    return kind[row] === enterpriseRow ? this.#buyerGroup[who[row]!]! : this.#sellerGroup[who[row]!]!
  }

  #takePositions({ rows, clearing }: Outcome): void {
    for (let row = 0; row < rows.book.count; row++) {
      if (rows.kind[row] === enterpriseRow) this.#boughtWh[rows.who[row]!]! += clearing.acceptedWh[row]!
      if (rows.kind[row] === sellerRow) this.#soldWh[rows.who[row]!]! += clearing.acceptedWh[row]!
    }
  }

  #noteShort(acceptedWh: Float64Array, meteredWh: Int32Array, groupOf: Uint8Array): void {
    const { freeShare } = this.#world.zone.deviation
    for (let who = 0; who < meteredWh.length; who++) {
      const group = groupOf[who]!
      const shortWh = acceptedWh[who]! - meteredWh[who]!
      this.#meteredWh[group]! += meteredWh[who]!
      if (shortWh <= 0) continue
      this.#shortWh[group]! += shortWh
      this.#chargedWh[group]! += chargedShortfallWh(acceptedWh[who]!, meteredWh[who]!, freeShare)
    }
  }

  /** @param state the run's, once it is over */
  result(state: RunState): AuctionsResult {
    const books = [this.#dayAhead, this.#intraday].filter((each) => each !== null)
    const chargeE11 = this.#charges(state)
    const errorWh = books.map(({ result }) => this.#errors(result.auction))
    const rows = groups.map(({ side, group }, row): ForecastGroupResult => {
      const turns = books.map(({ result, orderedWh, acceptedWh, settledWh }, at): ForecastTurn => ({
        auction: result.auction,
        errorWh: errorWh[at]![row]!,
        orderedWh: orderedWh[row]!,
        acceptedWh: acceptedWh[row]!,
        settledWh: settledWh[row]!,
      }))
      return {
        side,
        group,
        meteredWh: this.#meteredWh[row]!,
        turns,
        shortWh: this.#shortWh[row]!,
        chargedWh: this.#chargedWh[row]!,
        chargeE11: chargeE11[row]!,
      }
    })
    const isThere = ({ turns, meteredWh }: ForecastGroupResult) =>
      meteredWh > 0 || turns.some(({ orderedWh }) => orderedWh > 0)
    return { auctions: books.map(({ result }) => result), groups: rows.filter(isThere) }
  }

  /** Σ |forecast − metered| by group; who does not know yet a day ahead expects nothing then. */
  #errors(auction: AuctionName): Float64Array {
    const sumsWh = new Float64Array(groups.length)
    const add = ({ meteredWh, orderWh, dayAheadWh }: Buyer | Seller, group: number) => {
      const forecastWh = auction === 'intraday' ? orderWh : dayAheadWh
      if (!forecastWh || forecastWh === meteredWh) return
      for (let interval = 0; interval < meteredWh.length; interval++)
        sumsWh[group]! += Math.abs(forecastWh[interval]! - meteredWh[interval]!)
    }
    this.#world.buyers.forEach((buyer, who) => add(buyer, this.#buyerGroup[who]!))
    this.#sellers.forEach((seller, who) => add(seller, this.#sellerGroup[who]!))
    return sumsWh
  }

  #charges({ months, buyerDeviationE11, sellerDeviationE11 }: RunState): bigint[] {
    const sums = groups.map(() => 0n)
    const add = (column: Float64Array, groupOf: Uint8Array) =>
      groupOf.forEach((group, who) => {
        for (const e11 of column.subarray(who * months, (who + 1) * months)) sums[group]! += BigInt(e11)
      })
    add(buyerDeviationE11, this.#buyerGroup)
    add(sellerDeviationE11, this.#sellerGroup)
    return sums
  }
}

/**
 * What the report wants to know beside the money: who traded with whom in which band, and what each side would get for
 * the same energy under other price rules. Kept only where a report is written.
 */
import { addTo } from '../base/columns.ts'
import { ExactSums } from '../base/exact-sum.ts'
import { rateE8PerTick } from '../base/units.ts'
import { clip, mixed } from '../market/prices.ts'
import { highLowTicks } from '../market/pricing/high-low.ts'
import type { PriceRuleName } from '../market/pricing/index.ts'
import { bands } from '../tariff/book.ts'
import type { Moment } from './moment.ts'
import { enterpriseRow, storageRow, type OrderRows } from './order-rows.ts'
import type { Outcome } from './outcome.ts'
import type { Settled } from './pair-settlement.ts'
import type { BuyerGroup, SplitRow, TradeCell } from './result.ts'
import type { Roster } from './roster.ts'
import { sources } from './run-state.ts'
import type { World } from './world.ts'

/** The rules and k that are set beside each other, on the same traded energy. */
const highLowKs = [0, 2500, 5000, 7500, 10_000]
const nodalKs = [0, 5000, 10_000]
const comparedRules: readonly { rule: PriceRuleName; kNumerator: number }[] = [
  ...highLowKs.map((kNumerator) => ({ rule: 'high-low' as const, kNumerator })),
  ...nodalKs.map((kNumerator) => ({ rule: 'nodal-uniform' as const, kNumerator })),
]

const groups: readonly BuyerGroup[] = ['agency', 'retail-flat', 'retail-by-period', 'storage']
const storageGroup = groups.indexOf('storage')

/** Energy bought by enterprises, and by batteries. */
const buyingSides = 2
/** Who traded with whom: side of the buyer · sources + source of the seller. */
const meetings = buyingSides * sources.length

export class Tallies {
  readonly #world: World
  readonly #roster: Roster
  readonly #groupOf: Uint8Array
  /** by rule and meeting: what buyers pay and sellers get, without the fees of paths under the first rules */
  readonly #sharedTickWh = new Float64Array(highLowKs.length * meetings)
  readonly #paidTickWh = new Float64Array(nodalKs.length * meetings)
  readonly #gotTickWh = new Float64Array(nodalKs.length * meetings)
  /** value of the same energy: to enterprises net of own-connection fees, and outside to sellers [1e-11 CNY] */
  readonly #values = new ExactSums(3)
  /** fees of paths by meeting, and of buyers' own connections, which no price rule changes */
  readonly #pathTickWh = new Float64Array(meetings)
  readonly #withdrawalTickWh = new Float64Array(1)
  readonly #cellWh = new Float64Array(groups.length * sources.length * bands.length)
  readonly #wantedWh = new Float64Array(groups.length * bands.length)
  readonly #buyerLimit = new Float64Array(groups.length * bands.length).fill(-Infinity)
  readonly #sellerLimit = new Float64Array(sources.length * bands.length).fill(Infinity)
  /** of the interval, by pair */
  readonly #meeting: Uint8Array

  constructor(world: World, roster: Roster, rowsMax: number) {
    const { zone } = world
    this.#world = world
    this.#roster = roster
    this.#groupOf = Uint8Array.from(zone.enterprises, ({ contract }) => groups.indexOf(contract.kind))
    this.#meeting = new Uint8Array(rowsMax)
  }

  /** Notes who wanted and offered what, and who got what of it, priced under every rule. */
  note(outcome: Outcome, settled: Settled, { band }: Moment): void {
    this.#countOrders(outcome.rows, outcome.rows.book.quantityWh, band)
    this.#noteTrades(outcome, settled, band)
  }

  /**
   * The same of a day-ahead auction.
   *
   * @param isFollowed by an intraday auction, in which what is still wanted is ordered again
   */
  noteAhead(outcome: Outcome, settled: Settled, { band }: Moment, isFollowed: boolean): void {
    const { rows, clearing } = outcome
    this.#countOrders(rows, isFollowed ? clearing.acceptedWh : rows.book.quantityWh, band)
    this.#noteTrades(outcome, settled, band)
  }

  #noteTrades(outcome: Outcome, settled: Settled, band: number): void {
    if (!outcome.isHeld) return
    for (let pair = 0; pair < outcome.pairs.count; pair++) this.#countPair(outcome, settled, pair, band)
    this.#splitHighLow(outcome, settled)
    this.#splitNodal(outcome, settled)
  }

  #countOrders(rows: OrderRows, wantedWh: Float64Array, band: number): void {
    for (let row = 0; row < rows.book.count; row++) {
      const limit = rows.book.limitTicks[row]!
      if (rows.book.side[row] === 0) {
        const cell = this.#groupRow(rows, row) * bands.length + band
        addTo(this.#wantedWh, cell, wantedWh[row]!)
        if (limit > this.#buyerLimit[cell]!) this.#buyerLimit[cell] = limit
      } else {
        const cell = this.#roster.sourceOf(rows, row) * bands.length + band
        if (limit < this.#sellerLimit[cell]!) this.#sellerLimit[cell] = limit
      }
    }
  }

  #countPair({ rows, pairs }: Outcome, settled: Settled, pair: number, band: number): void {
    const sell = pairs.sell[pair]!
    const buy = pairs.buy[pair]!
    const energyWh = settled.pairWh[pair]!
    const source = this.#roster.sourceOf(rows, sell)
    const cell = (this.#groupRow(rows, buy) * sources.length + source) * bands.length + band
    addTo(this.#cellWh, cell, energyWh)
    const isByEnterprise = rows.kind[buy] === enterpriseRow
    const meeting = (isByEnterprise ? 0 : sources.length) + source
    addTo(this.#pathTickWh, meeting, energyWh * pairs.pathFeeTicks[pair]!)
    addTo(this.#withdrawalTickWh, 0, energyWh * settled.withdrawalTicks[pair]!)
    if (isByEnterprise) this.#values.add(0, energyWh * rows.valueE8[buy]!)
    if (rows.kind[sell] !== storageRow) this.#values.add(source === 0 ? 1 : 2, energyWh * rows.valueE8[sell]!)
    this.#meeting[pair] = meeting
  }

  /** All k at once: a pair's limits are looked up once. */
  #splitHighLow({ rows, pairs }: Outcome, { pairWh }: Settled): void {
    const { limitTicks } = rows.book
    const sums = this.#sharedTickWh
    for (let pair = 0; pair < pairs.count; pair++) {
      const energyWh = pairWh[pair]!
      const feeTicks = pairs.pathFeeTicks[pair]!
      const meeting = this.#meeting[pair]!
      const sellerLimit = limitTicks[pairs.sell[pair]!]!
      const surplus = limitTicks[pairs.buy[pair]!]! - feeTicks - sellerLimit
      for (let index = 0; index < highLowKs.length; index++) {
        const ticks = highLowTicks(sellerLimit, surplus, highLowKs[index]!)
        addTo(sums, index * meetings + meeting, energyWh * ticks)
      }
    }
  }

  /** The range of a pair's two prices is looked up once for all k. */
  #splitNodal({ rows, clearing, pairs }: Outcome, { pairWh }: Settled): void {
    const { market } = this.#world.zone
    const { priceLowTicks, priceHighTicks } = clearing
    const { bus } = rows.book
    for (let pair = 0; pair < pairs.count; pair++) {
      const energyWh = pairWh[pair]!
      const meeting = this.#meeting[pair]!
      const buyBus = bus[pairs.buy[pair]!]!
      const sellBus = bus[pairs.sell[pair]!]!
      const paidLow = clip(priceLowTicks[buyBus]!, market)
      const paidHigh = clip(priceHighTicks[buyBus]!, market)
      const gotLow = clip(priceLowTicks[sellBus]!, market)
      const gotHigh = clip(priceHighTicks[sellBus]!, market)
      for (let index = 0; index < nodalKs.length; index++) {
        const k = nodalKs[index]!
        addTo(this.#paidTickWh, index * meetings + meeting, energyWh * mixed(paidLow, paidHigh, k))
        addTo(this.#gotTickWh, index * meetings + meeting, energyWh * mixed(gotLow, gotHigh, k))
      }
    }
  }

  #groupRow(rows: OrderRows, row: number): number {
    return rows.kind[row] === storageRow ? storageGroup : this.#groupOf[rows.who[row]!]!
  }

  /**
   * Gains against the outside option under each rule. A battery's is its cash less the costs no rule changes.
   *
   * @param storageCostE11 fees on lost energy and wear
   * @param tAndDE11 change of the T&D account, the same under every rule
   */
  splits(storageCostE11: bigint, tAndDE11: bigint): SplitRow[] {
    const [byEnterprises, byBatteries] = [meetingsOf('buyer', 0), meetingsOf('buyer', 1)]
    const [pv, storage, cogeneration] = sources.map((_, source) => meetingsOf('seller', source))
    const withdrawalE11 = sumE11(this.#withdrawalTickWh, [0])
    return comparedRules.map(({ rule, kNumerator }, index) => {
      const { paidTickWh, gotTickWh } = this.#moneyUnder(index)
      const paidBy = (rows: readonly number[]) => sumE11(paidTickWh, rows)
      const gotBy = (rows: readonly number[]) => sumE11(gotTickWh, rows)
      return {
        rule,
        kNumerator,
        buyersE11: this.#values.get(0) - withdrawalE11 - paidBy(byEnterprises),
        pvE11: gotBy(pv!) - this.#values.get(1),
        storageE11: gotBy(storage!) - paidBy(byBatteries) - storageCostE11,
        cogenerationE11: gotBy(cogeneration!) - this.#values.get(2),
        marketSurplusE11: paidBy(allMeetings) - gotBy(allMeetings) - sumE11(this.#pathTickWh, allMeetings),
        tAndDE11,
      }
    })
  }

  /** By meeting, under one of the {@link comparedRules}. */
  #moneyUnder(index: number): { paidTickWh: Float64Array; gotTickWh: Float64Array } {
    const columnOf = (column: Float64Array, at: number) => column.subarray(at * meetings, (at + 1) * meetings)
    if (index < highLowKs.length) {
      const gotTickWh = columnOf(this.#sharedTickWh, index)
      return { gotTickWh, paidTickWh: gotTickWh.map((got, meeting) => got + this.#pathTickWh[meeting]!) }
    }
    const at = index - highLowKs.length
    return { paidTickWh: columnOf(this.#paidTickWh, at), gotTickWh: columnOf(this.#gotTickWh, at) }
  }

  /**
   * What all gain together against their outside options, whatever the price rule: the sum of any row of {@link splits}.
   *
   * @param storageCostE11 fees on lost energy and wear
   */
  gainsE11(storageCostE11: bigint): bigint {
    const feesE11 = sumE11(this.#pathTickWh, allMeetings) + sumE11(this.#withdrawalTickWh, [0])
    const values = this.#values
    return values.get(0) - values.get(1) - values.get(2) - feesE11 - storageCostE11
  }

  cells(): TradeCell[] {
    return groups.flatMap((group, g) =>
      sources.flatMap((source, s) =>
        bands.map((band, b) => ({
          group,
          source,
          band,
          tradedWh: this.#cellWh[(g * sources.length + s) * bands.length + b]!,
          wantedWh: this.#wantedWh[g * bands.length + b]!,
          buyerLimitTicks: finite(this.#buyerLimit[g * bands.length + b]!),
          sellerLimitTicks: finite(this.#sellerLimit[s * bands.length + b]!),
        })),
      ),
    )
  }
}

const allMeetings = Array.from({ length: meetings }, (_, meeting) => meeting)

/** Those of a side of buyers, or of a source of sellers. */
function meetingsOf(who: 'buyer' | 'seller', index: number): number[] {
  return allMeetings.filter((meeting) =>
    who === 'buyer' ? Math.floor(meeting / sources.length) === index : meeting % sources.length === index,
  )
}

function sumE11(tickWh: Float64Array, rows: readonly number[]): bigint {
  return rows.reduce((sum, row) => sum + BigInt(tickWh[row]!), 0n) * BigInt(rateE8PerTick)
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

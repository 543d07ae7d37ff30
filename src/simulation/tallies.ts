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

/** Money per rule, columns of {@link Tallies.splitTickWh}. */
const columnsPerRule = 5
const boughtByEnterprises = 0
const boughtByStorage = 1
const soldBy = { pv: 2, storage: 3, cogeneration: 4 } as const
const soldBySource = sources.map((source) => soldBy[source])
/** Columns of fees that no price rule changes. */
const pathFees = 0
const withdrawalFees = 1

export class Tallies {
  readonly #world: World
  readonly #roster: Roster
  readonly #groupOf: Uint8Array
  readonly #splitTickWh = new Float64Array(comparedRules.length * columnsPerRule)
  /** value of the same energy: to enterprises net of own-connection fees, and outside to sellers [1e-11 CNY] */
  readonly #values = new ExactSums(3)
  /** fees of paths, and of buyers' own connections */
  readonly #feeTickWh = new Float64Array(2)
  readonly #cellWh = new Float64Array(groups.length * sources.length * bands.length)
  readonly #wantedWh = new Float64Array(groups.length * bands.length)
  readonly #buyerLimit = new Float64Array(groups.length * bands.length).fill(-Infinity)
  readonly #sellerLimit = new Float64Array(sources.length * bands.length).fill(Infinity)
  /** of the interval, by pair: the columns of its buyer and its seller */
  readonly #bought: Uint8Array
  readonly #sold: Uint8Array

  constructor(world: World, roster: Roster, rowsMax: number) {
    const { zone } = world
    this.#world = world
    this.#roster = roster
    this.#groupOf = Uint8Array.from(zone.enterprises, ({ contract }) => groups.indexOf(contract.kind))
    this.#bought = new Uint8Array(rowsMax)
    this.#sold = new Uint8Array(rowsMax)
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
    addTo(this.#feeTickWh, pathFees, energyWh * pairs.pathFeeTicks[pair]!)
    addTo(this.#feeTickWh, withdrawalFees, energyWh * settled.withdrawalTicks[pair]!)
    if (rows.kind[buy] === enterpriseRow) this.#values.add(0, energyWh * rows.valueE8[buy]!)
    if (rows.kind[sell] !== storageRow) this.#values.add(source === 0 ? 1 : 2, energyWh * rows.valueE8[sell]!)
    this.#bought[pair] = rows.kind[buy] === enterpriseRow ? boughtByEnterprises : boughtByStorage
    this.#sold[pair] = soldBySource[source]!
  }

  /** All k at once: a pair's limits are looked up once. */
  #splitHighLow({ rows, pairs }: Outcome, { pairWh }: Settled): void {
    const { limitTicks } = rows.book
    const sums = this.#splitTickWh
    for (let pair = 0; pair < pairs.count; pair++) {
      const energyWh = pairWh[pair]!
      const feeTicks = pairs.pathFeeTicks[pair]!
      const sellerLimit = limitTicks[pairs.sell[pair]!]!
      const surplus = limitTicks[pairs.buy[pair]!]! - feeTicks - sellerLimit
      const bought = this.#bought[pair]!
      const sold = this.#sold[pair]!
      for (let index = 0; index < highLowKs.length; index++) {
        const ticks = highLowTicks(sellerLimit, surplus, highLowKs[index]!)
        addTo(sums, index * columnsPerRule + bought, energyWh * (ticks + feeTicks))
        addTo(sums, index * columnsPerRule + sold, energyWh * ticks)
      }
    }
  }

  /** The range of a pair's two prices is looked up once for all k. */
  #splitNodal({ rows, clearing, pairs }: Outcome, { pairWh }: Settled): void {
    const { market } = this.#world.zone
    const { priceLowTicks, priceHighTicks } = clearing
    const { bus } = rows.book
    const sums = this.#splitTickWh
    for (let pair = 0; pair < pairs.count; pair++) {
      const energyWh = pairWh[pair]!
      const buyBus = bus[pairs.buy[pair]!]!
      const sellBus = bus[pairs.sell[pair]!]!
      const paidLow = clip(priceLowTicks[buyBus]!, market)
      const paidHigh = clip(priceHighTicks[buyBus]!, market)
      const gotLow = clip(priceLowTicks[sellBus]!, market)
      const gotHigh = clip(priceHighTicks[sellBus]!, market)
      for (let index = 0; index < nodalKs.length; index++) {
        const first = (highLowKs.length + index) * columnsPerRule
        const k = nodalKs[index]!
        addTo(sums, first + this.#bought[pair]!, energyWh * mixed(paidLow, paidHigh, k))
        addTo(sums, first + this.#sold[pair]!, energyWh * mixed(gotLow, gotHigh, k))
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
    return comparedRules.map(({ rule, kNumerator }, index) => {
      const e11 = (column: number) =>
        BigInt(this.#splitTickWh[index * columnsPerRule + column]!) * BigInt(rateE8PerTick)
      const paid = e11(boughtByEnterprises) + e11(boughtByStorage)
      const received = e11(soldBy.pv) + e11(soldBy.storage) + e11(soldBy.cogeneration)
      const pathE11 = BigInt(this.#feeTickWh[pathFees]!) * BigInt(rateE8PerTick)
      const withdrawalE11 = BigInt(this.#feeTickWh[withdrawalFees]!) * BigInt(rateE8PerTick)
      return {
        rule,
        kNumerator,
        buyersE11: this.#values.get(0) - withdrawalE11 - e11(boughtByEnterprises),
        pvE11: e11(soldBy.pv) - this.#values.get(1),
        storageE11: e11(soldBy.storage) - e11(boughtByStorage) - storageCostE11,
        cogenerationE11: e11(soldBy.cogeneration) - this.#values.get(2),
        marketSurplusE11: paid - received - pathE11,
        tAndDE11,
      }
    })
  }

  /**
   * What all gain together against their outside options, whatever the price rule: the sum of any row of {@link splits}.
   *
   * @param storageCostE11 fees on lost energy and wear
   */
  gainsE11(storageCostE11: bigint): bigint {
    const feesE11 =
      BigInt(this.#feeTickWh[pathFees]! + this.#feeTickWh[withdrawalFees]!) * BigInt(rateE8PerTick)
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

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

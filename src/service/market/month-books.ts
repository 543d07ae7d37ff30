/**
 * The books of one month of the market: what was settled with the market, and beside it what the same meters would have
 * been billed without. They are additions, so they are made anew from the records whenever they are needed.
 */
import { batteryReadings } from './battery-readings.ts'
import { BaselineSettlement } from '../../simulation/baseline-run.ts'
import { IntervalSettlement } from '../../simulation/interval-settlement.ts'
import { closeMonth, type MonthSheet } from '../../simulation/month.ts'
import type { Moment } from '../../simulation/moment.ts'
import type { Outcome } from '../../simulation/outcome.ts'
import type { Readings } from '../../simulation/readings.ts'
import { openRun, type RunState } from '../../simulation/run-state.ts'
import { StorageDesk } from '../../simulation/storage-desk.ts'
import { useSegment } from '../../simulation/wheeling-slots.ts'
import type { MarketModel } from './market-model.ts'

/** What settling one interval moved. */
export interface SettledInterval {
  /** by pair of the outcome [Wh] */
  readonly pairWh: Float64Array
  /** by row of the ledger's chart; sums to 0 [1e-11 CNY] */
  readonly movedE11: BigInt64Array
  /** in each battery afterwards [Wh] */
  readonly storedWh: number[]
}

/** With and without the market since the month began, by row of the ledger's chart; received is positive. */
export interface Standing {
  readonly withE11: bigint
  readonly withoutE11: bigint
  readonly tradedWh: number
}

/** Pairs that are settled without a rest; so many take a few milliseconds. */
const pairsAtOnce = 2000

type Settling = [
  /** one row a member and side */
  joined: Outcome,
  moment: Moment,
  readings: Readings,
  /** in each battery before [Wh] */
  storedWh: readonly number[],
]

export class MonthBooks {
  readonly month: number
  readonly #model: MarketModel
  readonly #market: RunState
  readonly #without: RunState
  readonly #tradedWh: Float64Array
  readonly #desks: readonly StorageDesk[]
  readonly #baseline: BaselineSettlement
  #settlement: IntervalSettlement
  #rowsMax = 0

  constructor(model: MarketModel, month: number) {
    const { world, sellers, zone } = model
    this.month = month
    this.#model = model
    this.#market = openRun(world, sellers)
    this.#without = openRun(world, sellers)
    this.#baseline = new BaselineSettlement(this.#without)
    this.#tradedWh = new Float64Array(world.chart.names.length)
    // What a battery plans is no matter of the books, so its share of the plan is none.
    this.#desks = zone.storages.map((unit, index) => new StorageDesk(unit, world.chart.storage + index, 0))
    this.#settlement = this.#makeSettlement(1024)
  }

  #makeSettlement(rowsMax: number): IntervalSettlement {
    const { wheeling, roster } = this.#model
    this.#rowsMax = rowsMax
    return new IntervalSettlement(this.#market, { wheeling, roster, desks: this.#desks }, rowsMax)
  }

  /** {@link settleInParts} without a rest. */
  settle(...settling: Settling): SettledInterval {
    const parts = this.settleInParts(...settling)
    for (;;) {
      const part = parts.next()
      if (part.done) return part.value
    }
  }

  /**
   * Settles one interval of the month, with a rest after every so many pairs. Each interval may be settled once, and one
   * has to be finished before the next.
   */
  *settleInParts(...[joined, moment, readings, storedWh]: Settling): Generator<void, SettledInterval> {
    this.#prepare(joined, moment, storedWh)
    this.#noteMeters(moment, readings)
    const before = this.#balances(this.#market)
    const withBatteries = { ...readings, batteryWh: batteryReadings(joined, this.#desks) }
    const settled = yield* this.#settlement.settleInParts(joined, moment, withBatteries, pairsAtOnce)
    const after = this.#balances(this.#market)
    this.#baseline.settle(moment, readings)
    this.#noteTrades(joined, settled.rowWh)
    return {
      pairWh: settled.pairWh.slice(0, joined.pairs.count),
      movedE11: after.map((balance, account) => balance - before[account]!),
      storedWh: this.#desks.map((desk) => desk.storedWh),
    }
  }

  #prepare({ pairs, rows }: Outcome, moment: Moment, storedWh: readonly number[]): void {
    const most = Math.max(pairs.count, rows.book.count)
    if (most > this.#rowsMax) this.#settlement = this.#makeSettlement(most * 2)
    this.#desks.forEach((desk, who) => {
      desk.storedWh = storedWh[who]!
    })
    useSegment(this.#model.wheeling, moment.segment)
  }

  /** A month's highest demand is looked up in the world's columns, so what was read stands there. */
  #noteMeters({ interval }: Moment, { boughtWh, sentWh }: Readings): void {
    const { world, sellers } = this.#model
    world.buyers.forEach(({ meteredWh }, who) => {
      meteredWh[interval] = boughtWh[who]!
    })
    sellers.forEach(({ meteredWh }, who) => {
      meteredWh[interval] = sentWh[who]!
    })
  }

  #noteTrades({ rows }: Outcome, rowWh: Float64Array): void {
    const { roster } = this.#model
    for (let row = 0; row < rows.book.count; row++) {
      const account = roster.accountOf(rows, row)
      this.#tradedWh[account] = this.#tradedWh[account]! + rowWh[row]!
    }
  }

  #balances({ ledger }: RunState): BigInt64Array {
    return BigInt64Array.from(ledger.accounts, (_, account) => ledger.sinceMonthStart(account))
  }

  standing(account: number): Standing {
    return {
      withE11: this.#market.ledger.sinceMonthStart(account),
      withoutE11: this.#without.ledger.sinceMonthStart(account),
      tradedWh: this.#tradedWh[account]!,
    }
  }

  /** The statements of the whole month, with and without the market. The books end with it. */
  close(): { readonly market: MonthSheet; readonly without: MonthSheet } {
    return {
      market: closeMonth(this.#market, this.month, 'market'),
      without: closeMonth(this.#without, this.month, 'baseline'),
    }
  }
}

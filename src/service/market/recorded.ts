/** Between what an auction and a settlement are and what the store keeps of them. */
import { assert } from '../../base/errors.ts'
import type { Outcome } from '../../simulation/outcome.ts'
import { publicAccounts, type Chart } from '../../settlement/chart.ts'
import type { IntervalRecord, SettlementRecord } from '../../store/port.ts'
import {
  firstCommonAccount,
  type BookedOrders,
  type Outcomes,
  type Postings,
  type Trades,
} from '../../store/records.ts'
import { bookRows } from './book-rows.ts'
import { resultBytes } from './clearing-record.ts'
import { joinRows } from './join-rows.ts'
import type { MarketModel } from './market-model.ts'
import type { MemberColumns } from './member-columns.ts'
import type { Members } from './members.ts'
import type { SettledInterval } from './month-books.ts'

/** The one line of a posting that a market has: everything an account's interval comes to. */
export const intervalLine = 1

export const noPostings: Postings = {
  count: 0,
  account: new Uint32Array(0),
  line: new Uint8Array(0),
  energyWh: new Float64Array(0),
  amountE11: new BigInt64Array(0),
}

/** What passes from one interval to the next, kept with the settlement so that any interval can be repeated alone. [Wh] */
export interface SettlementBasis {
  readonly storedBeforeWh: readonly number[]
  readonly storedAfterWh: readonly number[]
}

export function readBasis({ result }: Pick<SettlementRecord, 'result'>): SettlementBasis {
  return JSON.parse(new TextDecoder().decode(result)) as SettlementBasis
}

/** Numbers that accounts have in the store: members by their own, public accounts from {@link firstCommonAccount} on. */
export function storedAccounts(chart: Chart, members: Members): Uint32Array {
  const numbers = new Uint32Array(chart.names.length)
  for (const { account, participant } of members.all) numbers[account] = participant
  publicAccounts.forEach((name, index) => {
    numbers[chart[name]] = firstCommonAccount + index
  })
  if (chart.fuel >= 0) numbers[chart.fuel] = firstCommonAccount + publicAccounts.length
  return numbers
}

/** One posting for every account that money moved on. */
export function postingsOf(movedE11: BigInt64Array, accounts: Uint32Array): Postings {
  const rows = [...movedE11.keys()].filter((account) => movedE11[account] !== 0n)
  return {
    count: rows.length,
    account: Uint32Array.from(rows, (row) => accounts[row]!),
    line: new Uint8Array(rows.length).fill(intervalLine),
    energyWh: new Float64Array(rows.length),
    amountE11: BigInt64Array.from(rows, (row) => movedE11[row]!),
  }
}

/** What earlier rounds moved, added up, by row of the chart. */
export function movedBy(settlements: readonly SettlementRecord[], accounts: Uint32Array): BigInt64Array {
  const rowOf = new Map([...accounts].map((number, row) => [number, row]))
  const movedE11 = new BigInt64Array(accounts.length)
  for (const { postings } of settlements) {
    for (let at = 0; at < postings.count; at++) {
      const row = rowOf.get(postings.account[at]!)
      assert(row !== undefined, () => `account ${postings.account[at]} belongs to nobody here`)
      movedE11[row] = movedE11[row]! + postings.amountE11[at]!
    }
  }
  return movedE11
}

/** Trades with the energy that the meters supported. */
export function settledTrades(trades: Trades, { pairWh }: SettledInterval): Trades {
  return { ...trades, energyWh: pairWh }
}

/** What a record keeps of a closed book and of what became of it. */
export interface DecidedBook {
  readonly orders: BookedOrders
  readonly outcomes: Outcomes
  readonly trades: Trades
}

/** The part of an auction's outcome that settlement looks at, from the records: one row a member and side. */
export function recordedOutcome(model: MarketModel, members: MemberColumns, decided: DecidedBook): Outcome {
  return joinRows(decidedOutcome(model, members, decided))
}

/** The same with one row an order. */
export function decidedOutcome(
  model: MarketModel,
  members: MemberColumns,
  { orders, outcomes, trades }: DecidedBook,
): Outcome {
  const { rows } = bookRows(orders, members)
  const connection = Int32Array.from(
    trades.buyRow,
    (row) => members.withdrawalTicks[orders.participant[row]!]!,
  )
  const less = (column: Int32Array) => Float64Array.from(column, (ticks, pair) => ticks - connection[pair]!)
  const buses = model.zone.buses.length
  return {
    rows,
    isHeld: rows.sells > 0,
    welfareTickWh: 0n,
    clearing: {
      acceptedWh: outcomes.acceptedWh,
      flowUpWh: new Float64Array(buses),
      priceLowTicks: new Float64Array(buses),
      priceHighTicks: new Float64Array(buses),
      traded: new Uint8Array(buses),
      volumeWh: 0,
    },
    busTicks: new Float64Array(buses),
    pairs: {
      count: trades.count,
      sell: Int32Array.from(trades.sellRow),
      buy: Int32Array.from(trades.buyRow),
      quantityWh: trades.energyWh,
      pathFeeTicks: less(trades.feeTicks),
    },
    sellerTicks: Float64Array.from(trades.sellerTicks),
    buyerTicks: less(trades.buyerTicks),
  }
}

/** The latest settlement of a recorded interval. */
export function lastSettlement({ settlements }: IntervalRecord): SettlementRecord | undefined {
  return settlements.at(-1)
}

export function basisBytes(basis: SettlementBasis): Uint8Array {
  return resultBytes(basis)
}

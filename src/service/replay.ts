/**
 * A market computed once more from what came in from outside: every recorded interval is cleared again from its orders and
 * settled again from its meters, and must come out as the same bytes. The first thing that does not is named.
 */
import type { Outcome } from '../simulation/outcome.ts'
import type { Readings } from '../simulation/readings.ts'
import type { World } from '../simulation/world.ts'
import type { IntervalRecord, MarketStore, SettlementRecord } from '../store/port.ts'
import { holdAuction } from './market/hold-auction.ts'
import { MarketCore } from './market/market-core.ts'
import { buildModel, momentOf, type MarketModel } from './market/market-model.ts'
import { Members } from './market/members.ts'
import { SimulatedYear, withSent } from './market/meter-readings.ts'
import { MonthBooks } from './market/month-books.ts'
import {
  basisBytes,
  movedBy,
  postingsOf,
  readBasis,
  settledTrades,
  storedAccounts,
} from './market/recorded.ts'
import { intervalName } from './market/timeline.ts'

export interface Replayed {
  readonly intervals: number
  readonly trades: number
  readonly settlements: number
  /** nothing where everything came out the same */
  readonly difference: Difference | null
}

export interface Difference {
  readonly interval: string
  /** `trades.energyWh, row 3` */
  readonly what: string
  readonly recorded: string
  readonly found: string
}

/** @param range intervals, `to` not included; all that are recorded if left out */
export async function replay(
  store: MarketStore,
  world: World,
  range?: { readonly from: number; readonly to: number },
): Promise<Replayed> {
  const replayer = new Replayer(store, world, await membersOf(store, world))
  const done = { intervals: 0, trades: 0, settlements: 0 }
  for await (const record of store.intervals.records(range ?? { from: 0, to: Number.MAX_SAFE_INTEGER })) {
    const difference = await replayer.differenceIn(record)
    if (difference) return { ...done, difference: { interval: intervalName(record.interval), ...difference } }
    done.intervals++
    done.trades += record.trades.count
    done.settlements += record.settlements.length
  }
  return { ...done, difference: null }
}

async function membersOf({ access }: MarketStore, world: World): Promise<Members> {
  const numbers = new Map((await access.participants()).map(({ name, id }) => [name, id]))
  const { names } = world.chart
  return new Members(
    buildModel(world).units.map((unit) => ({ ...unit, participant: numbers.get(names[unit.account]!)! })),
  )
}

type Found = Omit<Difference, 'interval'>

class Replayer {
  readonly #store: MarketStore
  readonly #core: MarketCore
  readonly #model: MarketModel
  readonly #members: Members
  readonly #year: SimulatedYear
  readonly #accounts: Uint32Array
  #books: MonthBooks | null = null
  /** what batteries held after the interval before, once one was replayed */
  #stored: { readonly next: number; readonly afterWh: readonly number[] } | null = null

  constructor(store: MarketStore, world: World, members: Members) {
    this.#store = store
    this.#model = buildModel(world)
    this.#members = members
    this.#core = new MarketCore(this.#model, members)
    this.#year = new SimulatedYear(this.#model)
    this.#accounts = storedAccounts(world.chart, members)
  }

  async differenceIn(record: IntervalRecord): Promise<Found | null> {
    const { interval } = record
    const answer = holdAuction({ ...this.#core.auctionOf(interval), orders: record.orders })
    if ('broken' in answer) return { what: 'proof', recorded: 'proved', found: answer.broken.message }
    const { trades, outcomes, result, joined } = answer.held
    const found =
      differenceOf('trades', record.trades, trades) ??
      differenceOf('outcomes', record.outcomes, outcomes) ??
      differenceOfBytes('result', record.result, result)
    return found ?? this.#differenceInSettlements(record, joined)
  }

  async #differenceInSettlements(record: IntervalRecord, outcome: Outcome): Promise<Found | null> {
    for (const [at, settlement] of record.settlements.entries()) {
      const found = await this.#differenceInSettlement(record, outcome, settlement, at)
      if (found) return { ...found, what: `settlement ${settlement.round}, ${found.what}` }
    }
    return null
  }

  async #differenceInSettlement(
    record: IntervalRecord,
    outcome: Outcome,
    settlement: SettlementRecord,
    at: number,
  ): Promise<Found | null> {
    const { interval } = record
    const first = readBasis(record.settlements[0]!)
    const before = this.#stored?.next === interval ? this.#stored.afterWh : first.storedBeforeWh
    const readings = await this.#readings(interval, settlement.meterSeq)
    const books =
      at === 0 ? this.#booksOf(interval) : new MonthBooks(this.#model, this.#model.timeline.monthOf(interval))
    const settled = books.settle(outcome, momentOf(this.#model, interval), readings, before)
    const moved = movedBy(record.settlements.slice(0, at), this.#accounts)
    const movedE11 = settled.movedE11.map((amount, row) => amount - moved[row]!)
    const basis = at === 0 ? { storedBeforeWh: before, storedAfterWh: settled.storedWh } : first
    if (at === 0) this.#stored = { next: interval + 1, afterWh: settled.storedWh }
    return (
      differenceOf('trades', settlement.trades, settledTrades(record.trades, settled)) ??
      differenceOf('postings', settlement.postings, postingsOf(movedE11, this.#accounts)) ??
      differenceOfBytes('result', settlement.result, basisBytes(basis))
    )
  }

  async #readings(interval: number, upToSeq: number): Promise<Readings> {
    const sent = await this.#store.meters.ofInterval(interval, upToSeq)
    return withSent(this.#year.at(this.#model.timeline.indexOf(interval)), sent, this.#members)
  }

  #booksOf(interval: number): MonthBooks {
    const month = this.#model.timeline.monthOf(interval)
    if (this.#books?.month !== month) this.#books = new MonthBooks(this.#model, month)
    return this.#books
  }
}

type Table = object

/** The first field and row in which two tables of columns differ. */
function differenceOf<Of extends Table>(what: string, recorded: Of, found: Of): Found | null {
  for (const [field, column] of Object.entries(recorded)) {
    const other = (found as Record<string, unknown>)[field]
    if (ArrayBuffer.isView(column)) {
      const row = firstDifference(column as unknown as ArrayLike<unknown>, other as ArrayLike<unknown>)
      if (row === -1) continue
      const at = (list: unknown) => String((list as ArrayLike<unknown>)[row])
      return { what: `${what}.${field}, row ${row}`, recorded: at(column), found: at(other) }
    }
    if (column !== other) return { what: `${what}.${field}`, recorded: String(column), found: String(other) }
  }
  return null
}

function differenceOfBytes(what: string, recorded: Uint8Array, found: Uint8Array): Found | null {
  const at = firstDifference(recorded, found)
  if (at === -1) return null
  const around = (bytes: Uint8Array) =>
    new TextDecoder().decode(bytes.subarray(Math.max(0, at - 20), at + 40))
  return { what: `${what}, byte ${at}`, recorded: around(recorded), found: around(found) }
}

function firstDifference(recorded: ArrayLike<unknown>, found: ArrayLike<unknown>): number {
  const rows = Math.max(recorded.length, found.length)
  for (let row = 0; row < rows; row++) if (recorded[row] !== found[row]) return row
  return -1
}

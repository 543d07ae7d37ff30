/**
 * A market computed once more from what came in from outside: every recorded interval is cleared again from its orders and
 * settled again from its meters, every statement is made again from those, and all must come out as the same bytes. The first
 * thing that does not, or is not there, is named.
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
  lastSettlement,
  movedBy,
  postingsOf,
  readBasis,
  settledTrades,
  storedAccounts,
} from './market/recorded.ts'
import { statementBodies } from './market/statements.ts'
import { intervalName } from './market/timeline.ts'

export interface Replayed {
  readonly intervals: number
  readonly trades: number
  readonly settlements: number
  /** of months that were replayed from their first interval */
  readonly statements: number
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
  const done = { intervals: 0, trades: 0, settlements: 0, statements: 0 }
  const { from = 0, to = Number.MAX_SAFE_INTEGER } = range ?? {}
  let next = Math.max(from, store.market.firstInterval)
  for await (const record of store.intervals.records({ from, to })) {
    if (record.interval !== next) return { ...done, difference: missing(next) }
    const difference = await replayer.differenceIn(record)
    if (difference) return { ...done, difference: { interval: intervalName(record.interval), ...difference } }
    done.intervals++
    done.trades += record.trades.count
    done.settlements += record.settlements.length
    done.statements = replayer.statements
    next++
  }
  return { ...done, difference: next < Math.min(to, store.orders.clearFrom) ? missing(next) : null }
}

function missing(interval: number): Difference {
  return {
    interval: intervalName(interval),
    what: 'record',
    recorded: 'nothing',
    found: 'a cleared interval',
  }
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
  /** by the last settlement of every interval, from the first of its month on */
  #latest: { readonly books: MonthBooks; next: number } | null = null
  /** how many came out the same */
  statements = 0

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
    return (
      found ??
      (await this.#differenceInSettlements(record, joined)) ??
      (await this.#differenceInStatements(record, joined))
    )
  }

  /** Statements hold what the last settlement of each of their month's intervals says. */
  async #differenceInStatements(record: IntervalRecord, outcome: Outcome): Promise<Found | null> {
    const { interval } = record
    const { timeline, zone } = this.#model
    const month = timeline.monthOf(interval)
    const { key, firstInterval, endInterval } = zone.calendar.months[month]!
    if (interval === timeline.first + firstInterval)
      this.#latest = { books: new MonthBooks(this.#model, month), next: interval }
    const latest = this.#latest
    const settlement = lastSettlement(record)
    if (!settlement || latest?.next !== interval) return null
    latest.next++
    const readings = await this.#readings(interval, settlement.meterSeq)
    const { storedBeforeWh } = readBasis(settlement)
    latest.books.settle(outcome, momentOf(this.#model, interval), readings, storedBeforeWh)
    if (latest.next < timeline.first + endInterval) return null
    for (const { participant, body } of statementBodies(this.#core, latest.books)) {
      const statement = await this.#store.statements.get(participant, key)
      if (!statement) continue
      const { id } = this.#members.byParticipant(participant)
      const found = differenceOfBytes(`statement of ${id} for ${key}`, statement.body, body)
      if (found) return found
      this.statements++
    }
    return null
  }

  async #differenceInSettlements(record: IntervalRecord, outcome: Outcome): Promise<Found | null> {
    for (const [at, settlement] of record.settlements.entries()) {
      if (settlement.round !== at + 1)
        return { what: `settlement ${at + 1}`, recorded: 'nothing', found: `settlement ${settlement.round}` }
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

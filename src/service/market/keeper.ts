/**
 * Keeps the market going: at every gate the interval before is settled, strategies place their orders, the gate closes,
 * the book is cleared, and all of it is on record before the next. One process of a market does this at a time; whoever
 * takes over, after a crash or after another, reads from the records where things stand and catches up in order.
 *
 * Whenever something fails, what is in memory is let go and made anew from the records: there is one way to a state.
 */
import { setImmediate } from 'node:timers/promises'
import { assert } from '../../base/errors.ts'
import type { Outcome } from '../../simulation/outcome.ts'
import type { Readings } from '../../simulation/readings.ts'
import {
  fromApi,
  fromStrategy,
  type By,
  type IntervalRecord,
  type MarketStore,
  type Reading,
} from '../../store/port.ts'
import { bookRows } from './book-rows.ts'
import type { AuctionHall } from './auction-hall.ts'
import type { UnprovedClearing } from './hold-auction.ts'
import type { MarketCore, Proposal } from './market-core.ts'
import { momentOf } from './market-model.ts'
import type { Member } from './members.ts'
import { missingReadings, SimulatedYear, withSent } from './meter-readings.ts'
import { MonthBooks } from './month-books.ts'
import { publishedLevels } from './published-levels.ts'
import type { BookedOrders, Outcomes, Trades } from '../../store/records.ts'
import { carriedLearning, learningName, readLearning } from './learning.ts'
import { monthStanding } from './standings.ts'
import {
  basisBytes,
  lastSettlement,
  movedBy,
  noPostings,
  postingsOf,
  readBasis,
  recordedOutcome,
  settledTrades,
  storedAccounts,
} from './recorded.ts'
import { closesAtMs, statementBodies } from './statements.ts'
import { endMs, gateMs, gateWarningMs, instantText, intervalName } from './timeline.ts'
import { intervalsPerDay, intervalsPerWeek } from '../../base/units.ts'

export interface KeeperOptions {
  readonly core: MarketCore
  readonly store: MarketStore
  readonly hall: AuctionHall
  /** whether a member leaves its bids to its strategy where it places none */
  readonly bidsByStrategy: (member: Member) => boolean
  /** told of a clearing that is not proved, before anything else is done about it */
  readonly onUnproved: (unproved: UnprovedClearing) => void
  /** told of a clearing that is on record, with the book as it is kept */
  readonly onCleared: (interval: number, book: ClearedBook) => void
}

/** Orders of a cleared interval with what became of them. */
export interface ClearedBook {
  readonly orders: BookedOrders
  readonly outcomes: Outcomes
}

/** A clearing that is not proved: nothing of it is recorded, and the market stays where it is. */
export class ClearingNotProved extends Error {
  constructor({ message }: UnprovedClearing) {
    super(message)
    this.name = 'ClearingNotProved'
  }
}

/** Another process has done what was about to be done here. */
export class Overtaken extends Error {
  constructor(what: string) {
    super(`${what} was done by another process`)
    this.name = 'Overtaken'
  }
}

/** What settlement wants to know of an interval that is cleared. */
interface Cleared {
  /** one row a member and side */
  readonly joined: Outcome
  readonly trades: Trades
}

/** Everything in memory that the records can give back. */
interface State {
  /** by month of the calendar, those without statements */
  readonly books: Map<number, MonthBooks>
  /** intervals that are not settled */
  readonly cleared: Map<number, Cleared>
  /** first interval that is not settled */
  settleFrom: number
  /** the day that batteries have planned last, by its first interval */
  startedDay: number
  /** the gate that streams were told of last */
  warnedOf: number
  /** first month without statements */
  monthFrom: number
  /** last reading that settlements are known to have heard of */
  metersSeq: number
}

export class Keeper {
  readonly #options: KeeperOptions
  readonly #year: SimulatedYear
  readonly #accounts: Uint32Array
  #state: State | null = null

  constructor(options: KeeperOptions) {
    const { core } = options
    this.#options = options
    this.#year = new SimulatedYear(core.model)
    this.#accounts = storedAccounts(core.model.world.chart, core.members)
  }

  /**
   * Does everything that is due at a moment, in order. Calls must not overlap.
   *
   * @param onStep called after every interval that was closed or settled
   * @throws ClearingNotProved, Overtaken or a StoreFault; what was recorded before stays
   */
  async keepUp(nowMs: number, onStep: (atMs: number) => void = () => {}): Promise<void> {
    try {
      this.#state ??= await this.#restore()
      await this.#keepUp(this.#state, nowMs, onStep)
    } catch (error) {
      this.#state = null
      throw error
    }
  }

  /** Lets go of what is in memory: another process goes on. */
  forget(): void {
    this.#state = null
  }

  async #keepUp(state: State, nowMs: number, onStep: (atMs: number) => void): Promise<void> {
    const { store, core } = this.#options
    const by = { atMs: nowMs }
    const { timeline } = core.model
    for (;;) {
      await this.#clearClosed(state, by)
      await this.#settleEnded(state, by)
      const next = store.orders.openFrom
      if (next >= timeline.end || gateMs(next) > nowMs) break
      await this.#closeGate(state, next, by)
      onStep(gateMs(next))
    }
    await this.#settleCorrected(state, by)
    await this.#closeMonths(state, by)
    await this.#warnOfGate(state, nowMs)
  }

  // ── gates ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  async #closeGate(state: State, interval: number, by: By): Promise<void> {
    const { core, store } = this.#options
    if (core.isStartOfDay(interval) && state.startedDay !== interval) {
      core.startDay(interval)
      state.startedDay = interval
    }
    const proposals = core.propose(interval).filter((proposal) => this.#isWanted(proposal, interval))
    await Promise.all(
      proposals.map(({ member, terms }) =>
        store.orders.place({
          participant: member.participant,
          origin: fromStrategy,
          orders: [{ interval, ...terms }],
        }),
      ),
    )
    if ((await store.intervals.close(interval, by)) === 'late')
      throw new Overtaken(`closing ${intervalName(interval)}`)
  }

  /** A strategy stands in for who placed nothing, and never against its owner. A restart meets its own orders again. */
  #isWanted({ member, terms }: Proposal, interval: number): boolean {
    const { core, store, bidsByStrategy } = this.#options
    const { orders } = store
    const holds = (participant: number) => orders.intervalsOf(participant).includes(interval)
    if (!bidsByStrategy(member) || holds(member.participant)) return false
    return core.members
      .kin(member)
      .filter(({ participant }) => holds(participant))
      .flatMap(({ participant }) => orders.ofParticipant(participant, interval))
      .every(({ origin, state, side }) => origin !== fromApi || state !== 'live' || side === terms.side)
  }

  async #clearClosed(state: State, by: By): Promise<void> {
    const { orders } = this.#options.store
    while (orders.clearFrom < orders.openFrom) await this.#clear(state, orders.clearFrom, by)
  }

  async #clear(state: State, interval: number, by: By): Promise<void> {
    const { core, store, hall, onUnproved, onCleared } = this.#options
    const standing = store.orders.standing(interval)
    const { orders, answer } = await hall.hold({ ...core.auctionOf(interval), standing })
    if ('broken' in answer) {
      onUnproved(answer.broken)
      throw new ClearingNotProved(answer.broken)
    }
    const { trades, outcomes, result, levels, joined } = answer.held
    core.learn(interval, { orders, outcomes, trades })
    const recorded = await store.intervals.clear(
      { interval, orders, outcomes, trades, postings: noPostings, result, carried: carriedLearning(core) },
      by,
    )
    if (recorded === 'late') throw new Overtaken(`clearing ${intervalName(interval)}`)
    onCleared(interval, { orders, outcomes })
    core.publish(interval, levels)
    state.cleared.set(interval, { joined, trades })
  }

  async #warnOfGate(state: State, nowMs: number): Promise<void> {
    const { store, core } = this.#options
    const next = store.orders.openFrom
    if (next >= core.model.timeline.end || state.warnedOf === next || gateMs(next) - gateWarningMs > nowMs)
      return
    state.warnedOf = next
    const body = JSON.stringify({ interval: intervalName(next), gateCloses: instantText(gateMs(next)) })
    await store.events.add({ kind: 'gate-closing', interval: next, atMs: nowMs, body })
  }

  // ── settlement ────────────────────────────────────────────────────────────────────────────────────────────────────

  async #settleEnded(state: State, by: By): Promise<void> {
    const { clearFrom } = this.#options.store.orders
    while (state.settleFrom < clearFrom && endMs(state.settleFrom) <= by.atMs) {
      await this.#settle(state, state.settleFrom, by)
      state.cleared.delete(state.settleFrom)
      state.settleFrom++
    }
  }

  async #settle(state: State, interval: number, by: By): Promise<void> {
    const { core, store } = this.#options
    const { joined, trades } = state.cleared.get(interval) ?? this.#clearedOf(await this.#recordOf(interval))
    const { readings, seq } = await this.#readMeters(interval, by)
    const before = core.storedWh
    const books = this.#booksOf(state, interval)
    const settled = await inParts(
      books.settleInParts(joined, momentOf(core.model, interval), readings, before),
    )
    const recorded = await store.intervals.settle(
      {
        interval,
        round: 1,
        meterSeq: seq,
        trades: settledTrades(trades, settled),
        postings: postingsOf(settled.movedE11, this.#accounts),
        result: basisBytes({ storedBeforeWh: before, storedAfterWh: settled.storedWh }),
        carried: monthStanding(core.model, books),
      },
      by,
    )
    if (recorded === 'late') throw new Overtaken(`settling ${intervalName(interval)}`)
    core.storedWh = settled.storedWh
  }

  /** Readings of an interval, those that nobody sent in taken from the simulated year and kept as well. */
  async #readMeters(interval: number, by: By): Promise<{ readings: Readings; seq: number }> {
    const { core, store } = this.#options
    const simulated = this.#year.at(core.model.timeline.indexOf(interval))
    const sent = await store.meters.ofInterval(interval)
    const missing = missingReadings(interval, simulated, sent, core.members)
    if (missing.length > 0) await store.meters.add(missing, by)
    const known = missing.length > 0 ? await store.meters.ofInterval(interval) : sent
    return { readings: withSent(simulated, known, core.members), seq: newestOf(known) }
  }

  /** Settles again all that was corrected after its settlement, as long as its month is open. */
  async #settleCorrected(state: State, by: By): Promise<void> {
    const { store, core } = this.#options
    const { timeline } = core.model
    const open = core.model.zone.calendar.months[state.monthFrom]
    if (!open) return
    const from = timeline.first + open.firstInterval
    const corrected = await store.meters.correctedAfterSettlement({
      from,
      afterSeq: state.metersSeq,
      // All of them: a month whose readings come late is not to be closed on half of them.
      limit: timeline.end - timeline.first,
    })
    const seq = await this.#newestSeq(corrected.intervals)
    for (const month of new Set(corrected.intervals.map((interval) => timeline.monthOf(interval))))
      await this.#remake(state, month, seq)
    for (const interval of corrected.intervals)
      await this.#settleAgain(state, interval, seq.get(interval)!, by)
    state.metersSeq = corrected.seq
  }

  /** What the corrected readings move beyond what was moved before. Batteries did what they did. */
  async #settleAgain(state: State, interval: number, meterSeq: number, by: By): Promise<void> {
    const { core, store } = this.#options
    const record = await this.#recordOf(interval)
    const basis = readBasis(record.settlements[0]!)
    const readings = await this.#readingsUpTo(interval, meterSeq)
    const alone = new MonthBooks(core.model, core.model.timeline.monthOf(interval))
    const moment = momentOf(core.model, interval)
    const settled = alone.settle(this.#clearedOf(record).joined, moment, readings, basis.storedBeforeWh)
    const before = movedBy(record.settlements, this.#accounts)
    const movedE11 = settled.movedE11.map((amount, row) => amount - before[row]!)
    const recorded = await store.intervals.settle(
      {
        interval,
        round: record.settlements.length + 1,
        meterSeq,
        trades: settledTrades(record.trades, settled),
        postings: postingsOf(movedE11, this.#accounts),
        result: basisBytes(basis),
        carried: monthStanding(core.model, this.#booksOf(state, interval)),
      },
      by,
    )
    if (recorded === 'late') throw new Overtaken(`settling ${intervalName(interval)} again`)
  }

  async #newestSeq(intervals: readonly number[]): Promise<Map<number, number>> {
    const { meters } = this.#options.store
    const seq = new Map<number, number>()
    for (const interval of intervals) seq.set(interval, newestOf(await meters.ofInterval(interval)))
    return seq
  }

  async #readingsUpTo(interval: number, seq: number): Promise<Readings> {
    const { core, store } = this.#options
    const sent = await store.meters.ofInterval(interval, seq)
    return withSent(this.#year.at(core.model.timeline.indexOf(interval)), sent, core.members)
  }

  #booksOf(state: State, interval: number): MonthBooks {
    const { model } = this.#options.core
    const month = model.timeline.monthOf(interval)
    const books = state.books.get(month) ?? new MonthBooks(model, month)
    state.books.set(month, books)
    return books
  }

  #clearedOf(record: IntervalRecord): Cleared {
    const { core } = this.#options
    const members = core.columnsOf(record.interval)
    return { joined: recordedOutcome(core.model, members, record), trades: record.trades }
  }

  async #recordOf(interval: number): Promise<IntervalRecord> {
    const record = await this.#options.store.intervals.record(interval)
    assert(record !== undefined, () => `${intervalName(interval)} is cleared and has no record`)
    return record
  }

  // ── months ────────────────────────────────────────────────────────────────────────────────────────────────────────

  async #closeMonths(state: State, by: By): Promise<void> {
    const { core, store } = this.#options
    const { months } = core.model.zone.calendar
    const { first } = core.model.timeline
    for (let month = state.monthFrom; month < months.length; month++) {
      const { key, firstInterval, endInterval } = months[month]!
      const range = { from: first + firstInterval, to: first + endInterval }
      if (state.settleFrom < range.to || closesAtMs(core.model.zone, month) > by.atMs) return
      const books = state.books.get(month) ?? new MonthBooks(core.model, month)
      const issued = await store.statements.issue(key, range, statementBodies(core, books), by)
      // A last reading came in between: the next round settles it first.
      if (issued === 'late') return
      state.books.delete(month)
      state.monthFrom = month + 1
    }
  }

  // ── from the records ──────────────────────────────────────────────────────────────────────────────────────────────

  async #restore(): Promise<State> {
    const { core, store } = this.#options
    const { timeline } = core.model
    const { clearFrom } = store.orders
    const [firstUnsettled] = await store.intervals.unsettled(1)
    const state: State = {
      books: new Map(),
      cleared: new Map(),
      settleFrom: firstUnsettled ?? clearFrom,
      startedDay: -1,
      warnedOf: -1,
      monthFrom: await this.#firstOpenMonth(),
      metersSeq: 0,
    }
    await this.#retraceBatteries(state, clearFrom)
    core.learned = readLearning(await store.clock.carried(learningName))
    const lastMonth = clearFrom > timeline.first ? timeline.monthOf(clearFrom - 1) : -1
    for (let month = state.monthFrom; month <= lastMonth; month++) await this.#remake(state, month)
    return state
  }

  /**
   * Batteries remember the books of a week, and plan anew at the beginning of every day: from there on they are asked again what
   * they would bid, so that they come to the plan they had.
   */
  async #retraceBatteries(state: State, clearFrom: number): Promise<void> {
    const { core, store } = this.#options
    const { timeline } = core.model
    core.forget()
    const today = clearFrom - (timeline.indexOf(clearFrom) % intervalsPerDay)
    const from = Math.max(timeline.first, today - intervalsPerWeek)
    for await (const record of inTurns(store.intervals.records({ from, to: clearFrom }))) {
      const { interval } = record
      const settlement = record.settlements[0]
      if (core.isStartOfDay(interval)) {
        if (settlement) core.storedWh = readBasis(settlement).storedBeforeWh
        core.startDay(interval)
        state.startedDay = interval
      }
      if (interval >= today) core.propose(interval)
      core.publish(interval, publishedLevels(bookRows(record.orders, core.columnsOf(interval)).rows))
      if (settlement) core.storedWh = readBasis(settlement).storedAfterWh
    }
  }

  /**
   * The books of a month made anew from its records, by the latest settlement of each interval.
   *
   * @param newer readings to settle by instead, by interval
   */
  async #remake(state: State, month: number, newer: ReadonlyMap<number, number> = new Map()): Promise<void> {
    const { core, store } = this.#options
    const { timeline, zone } = core.model
    const { firstInterval, endInterval } = zone.calendar.months[month]!
    const books = new MonthBooks(core.model, month)
    const range = {
      from: timeline.first + firstInterval,
      to: Math.min(timeline.first + endInterval, state.settleFrom),
    }
    for await (const record of inTurns(store.intervals.records(range))) {
      const settlement = lastSettlement(record)
      assert(settlement !== undefined, () => `${intervalName(record.interval)} is not settled`)
      const seq = newer.get(record.interval) ?? settlement.meterSeq
      const readings = await this.#readingsUpTo(record.interval, seq)
      const moment = momentOf(core.model, record.interval)
      books.settle(this.#clearedOf(record).joined, moment, readings, readBasis(settlement).storedBeforeWh)
    }
    state.books.set(month, books)
  }

  async #firstOpenMonth(): Promise<number> {
    const { core, store } = this.#options
    const [member] = core.members.all
    const issued = new Set(member ? await store.statements.months(member.participant) : [])
    const { months } = core.model.zone.calendar
    const open = months.findIndex(({ key }) => !issued.has(key))
    return open === -1 ? months.length : open
  }
}

function newestOf(readings: readonly Reading[]): number {
  return readings.reduce((last, { seq }) => Math.max(last, seq), 0)
}

/** Requests get their turn while many pairs are settled. */
async function inParts<Result>(parts: Generator<void, Result>): Promise<Result> {
  for (;;) {
    const part = parts.next()
    if (part.done) return part.value
    await setImmediate()
  }
}

/** Requests get their turn between two of them: what reads a file answers without leaving the thread. */
async function* inTurns<Each>(all: AsyncIterable<Each>): AsyncIterable<Each> {
  for await (const each of all) {
    yield each
    await setImmediate()
  }
}

/**
 * The market between two gates, without a store: what strategies would place, how a closed book is cleared, what batteries
 * and bidders learn from it. Intervals are handed over in order; the state that passes between them is theirs.
 */
import { intervalsPerDay } from '../../base/units.ts'
import type { Orders } from '../../market/book.ts'
import type { OrderRows } from '../../simulation/order-rows.ts'
import { useSegment } from '../../simulation/wheeling-slots.ts'
import { fromStrategy, type OrderTerms } from '../../store/port.ts'
import { withdrawalTicks } from './clearing-record.ts'
import type { AuctionInput } from './hold-auction.ts'
import { makeStrategies, momentOf, segmentOf, type MarketModel, type Strategies } from './market-model.ts'
import { memberColumns, type MemberColumns } from './member-columns.ts'
import { decidedOutcome, type DecidedBook } from './recorded.ts'
import type { Member, Members } from './members.ts'

export interface Proposal {
  readonly member: Member
  readonly terms: OrderTerms
}

export class MarketCore {
  readonly model: MarketModel
  readonly members: Members
  readonly #memberOf: ReadonlyMap<number, Member>
  #strategies: Strategies
  #columns: { readonly segment: number; readonly columns: MemberColumns } | null = null

  constructor(model: MarketModel, members: Members) {
    this.model = model
    this.members = members
    this.#strategies = makeStrategies(model)
    this.#memberOf = new Map(members.all.map((member) => [rowKey(member.rowKind, member.who), member]))
  }

  /** In each battery now; settlement moves it on. [Wh] */
  get storedWh(): number[] {
    return this.#strategies.fleet?.desks.map((desk) => desk.storedWh) ?? []
  }

  set storedWh(storedWh: readonly number[]) {
    this.#strategies.fleet?.desks.forEach((desk, who) => {
      desk.storedWh = storedWh[who]!
    })
  }

  isStartOfDay(interval: number): boolean {
    return this.model.timeline.indexOf(interval) % intervalsPerDay === 0
  }

  /** Called once a day before its first interval: expectations are laid out. */
  startDay(interval: number): void {
    const moment = momentOf(this.model, interval)
    useSegment(this.model.wheeling, moment.segment)
    this.#strategies.intake.startDay(moment)
  }

  /** What strategies would place in an interval, in the sequence in which they get their numbers. */
  propose(interval: number): Proposal[] {
    const rows = this.#strategies.intake.collect(momentOf(this.model, interval))
    const { book } = rows
    return Array.from({ length: book.count }, (_, row) => row)
      .toSorted((a, b) => book.sequence[a]! - book.sequence[b]!)
      .map((row) => ({
        member: this.#memberOf.get(rowKey(rows.kind[row]!, rows.who[row]!))!,
        terms: termsOf(rows, row),
      }))
  }

  /** What an auction needs beside the orders. Fees are those of the interval. */
  auctionOf(interval: number): Omit<AuctionInput, 'orders'> {
    const { wheeling, zone } = this.model
    useSegment(wheeling, segmentOf(this.model, interval))
    const terms = { market: zone.market, buses: zone.buses.map(({ id }) => ({ id })) }
    return { interval, terms, network: wheeling.network, members: this.columnsOf(interval) }
  }

  /** The members with the fees of an interval. */
  columnsOf(interval: number): MemberColumns {
    const segment = segmentOf(this.model, interval)
    if (this.#columns?.segment !== segment) {
      const fee = (participant: number) =>
        withdrawalTicks(this.model.wheeling, this.members.byParticipant(participant), segment)
      this.#columns = { segment, columns: memberColumns(this.members, fee) }
    }
    return this.#columns.columns
  }

  /** As at the start of a market: nothing is published, batteries hold what they hold at first. */
  forget(): void {
    this.#strategies = makeStrategies(this.model)
  }

  /** Who bids by a strategy that learns is told what became of what its strategy placed, and of nothing else. */
  learn(interval: number, decided: DecidedBook): void {
    const { bidders } = this.#strategies
    if (!bidders) return
    const outcome = decidedOutcome(this.model, this.columnsOf(interval), decided)
    const { origin } = decided.orders
    bidders.hear(outcome, this.model.timeline.indexOf(interval), (row) => origin[row] === fromStrategy)
  }

  /** What strategies have learned, for the records; nothing where none learns. */
  get learned(): Float64Array {
    return this.#strategies.bidders?.memory ?? new Float64Array(0)
  }

  set learned(memory: Float64Array) {
    if (this.#strategies.bidders) this.#strategies.bidders.memory = memory
  }

  /** A closed book is known to the batteries, who plan the days to come on it. */
  publish(interval: number, levels: Orders): void {
    this.#strategies.fleet?.publish(levels, this.model.timeline.indexOf(interval))
  }
}

function rowKey(rowKind: number, who: number): number {
  return who * 4 + rowKind
}

function termsOf({ book }: OrderRows, row: number): OrderTerms {
  return {
    side: book.side[row] === 1 ? 1 : 0,
    bus: book.bus[row]!,
    limitTicks: book.limitTicks[row]!,
    quantityWh: book.quantityWh[row]!,
  }
}

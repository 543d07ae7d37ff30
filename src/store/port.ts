/**
 * The keeping room's door: what a market must remember, whatever database stands behind it. One database holds one
 * market of one zone; several processes may share it.
 *
 * Orders and gates are one journal, in one order that every process sees alike. Whoever writes holds the market's lock,
 * so what is decided against the journal's end is decided once: nothing enters a closed interval, of two changes to one
 * version of an order the second is told so, an interval is cleared once. A promise of a write is kept when it is on disk.
 *
 * Units: energy [Wh], prices [0.0001 CNY/kWh], money [1e-11 CNY], moments [UTC epoch ms]; an interval is the number of
 * its quarter-hour since 1970 (`base/quarter.ts`). Every method may throw a {@link StoreFault}; what a caller asked
 * wrongly for is a value in the answer.
 */
import type { Book } from '../market/book.ts'
import type { BookedOrders, Outcomes, Postings, StandingOrders, Trades } from './records.ts'

export interface MarketStore extends AsyncDisposable {
  /** `sqlite` or `postgres` */
  readonly kind: 'sqlite' | 'postgres'
  readonly market: Market
  readonly orders: OrderDesk
  readonly intervals: IntervalRecords
  readonly clock: MarketClock
  readonly access: AccessRecords
  readonly meters: MeterRecords
  readonly statements: StatementRecords
  readonly runs: RunRecords
  readonly events: EventRecords
  readonly audit: AuditRecords

  /**
   * Tries to become the one process that closes and clears. Killing that process, or cutting its connection, frees the
   * place.
   * @returns nothing while another process leads
   */
  lead(): Promise<Leadership | undefined>

  /**
   * Calls back after anything was written, here or by another process (there within about a second). One call may stand
   * for many writes.
   * @returns ends the watch
   */
  watch(listener: (news: News) => void): () => void

  /** Writes and reads a row; a fault says why the store cannot serve now. */
  check(): Promise<void>

  /**
   * A consistent copy of the running market, as a SQLite market file of its own, whatever database this is.
   * @param file must not exist
   */
  backup(file: string): Promise<void>

  /** Waits for what is being written, then lets go of everything. */
  close(): Promise<void>
}

/** What may be done to a market without its orders. */
export interface MarketAccess
  extends Pick<MarketStore, 'market' | 'access' | 'clock' | 'close'>, AsyncDisposable {}

export interface StoreOptions {
  /** The market's clock: the wall clock, or one that runs faster or stands still. [ms] */
  readonly now: () => number
  /** needed where the database holds no market yet; without it nothing is made there */
  readonly create?: MarketDefinition
  /** a clock may lag what is recorded by so much, and is then taken to stand still [ms]; 2,000 by default */
  readonly clockToleranceMs?: number
  /** order events that may wait for the disk before requests are refused as `overloaded`; 100,000 by default */
  readonly waitingEventsMax?: number
  /** how long an idempotency key is remembered [ms]; a day by default */
  readonly idempotencyMs?: number
  /** how often to look for what other processes wrote, where nothing tells [ms]; 500 by default */
  readonly pollMs?: number
  /** how long to wait for another process that writes [ms]; 5,000 by default */
  readonly waitMs?: number
  /** refuses every write */
  readonly readOnly?: boolean
  /** the file of a SQLite market grows no larger [bytes] */
  readonly bytesMax?: number
}

export interface MarketDefinition {
  readonly name: string
  /** what the market was made from: the scenario and whatever must not change while it runs, as canonical text */
  readonly definition: string
  /** the first interval that can be traded */
  readonly firstInterval: number
}

export interface Market extends MarketDefinition {
  /** SHA-256 of the definition, hexadecimal */
  readonly hash: string
  readonly createdMs: number
}

/** What changed, so that caches can be dropped and streams continued. */
export interface News {
  /** gates or clearings */
  readonly intervals: boolean
  /** participants or keys */
  readonly access: boolean
  /** rows for `events.after` */
  readonly events: boolean
  /** the clock's kept position */
  readonly clock: boolean
}

export interface Leadership {
  /** aborted when the place is lost without being given back */
  readonly lost: AbortSignal
  release(): Promise<void>
}

// ── orders ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Names an order. An order's text is `orderId(key)` of `order-id.ts`. */
export interface OrderKey {
  readonly interval: number
  /** random number of the request that placed it, below 2^50 */
  readonly request: number
  /** position within that request */
  readonly index: number
}

export interface OrderTerms {
  /** 0 buy, 1 sell */
  readonly side: 0 | 1
  /** row of the bus in the zone's list */
  readonly bus: number
  /** net of the fee on the buyer's own connection [ticks] */
  readonly limitTicks: number
  /** > 0 [Wh] */
  readonly quantityWh: number
}

export interface NewOrder extends OrderTerms {
  readonly interval: number
}

export const fromApi = 0
export const fromStrategy = 1
/** Who wrote an order: its participant, or the strategy that stands in for one nobody drives. */
export type Origin = typeof fromApi | typeof fromStrategy

export interface PlaceRequest {
  readonly participant: number
  readonly origin: Origin
  /** 1 to 1,000; all are taken or none */
  readonly orders: readonly NewOrder[]
  readonly idempotency?: Idempotency
}

export interface Idempotency {
  /** as the client sent it */
  readonly key: string
  /** the request's bytes as the client sent them, or a canonical form */
  readonly body: string | Uint8Array
}

export interface RecallRequest {
  readonly participant: number
  readonly idempotency: Idempotency
}

export type PlaceAnswer =
  | Placed
  | { readonly outcome: 'closed'; readonly interval: number; readonly openFrom: number }
  /** the key was used for another request */
  | { readonly outcome: 'key-reused' }

export interface Placed {
  readonly outcome: 'placed'
  /** the orders' keys are `{ interval: orders[i].interval, request, index: i }` */
  readonly request: number
  readonly orders: readonly NewOrder[]
  readonly atMs: number
  /** the same request had been placed before; nothing new was written */
  readonly repeated: boolean
}

export interface ReplaceRequest {
  readonly participant: number
  readonly key: OrderKey
  /** the version the change was made against */
  readonly expectedVersion: number
  readonly terms: OrderTerms
}

export type CancelRequest = Omit<ReplaceRequest, 'terms'>

export type ChangeAnswer =
  | { readonly outcome: 'changed'; readonly version: number; readonly atMs: number }
  /** of an interval that is cleared this is the answer whether the order existed or not */
  | { readonly outcome: 'closed'; readonly interval: number; readonly openFrom: number }
  /** no such order, or not this participant's */
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'cancelled' }
  /** the order has another version by now */
  | { readonly outcome: 'conflict'; readonly version: number }

export interface StoredOrder extends NewOrder {
  readonly key: OrderKey
  readonly participant: number
  readonly origin: Origin
  /** 1 when placed, one more with every change */
  readonly version: number
  readonly state: 'live' | 'cancelled'
  /** number of the event within its interval's; a changed order counts from its change */
  readonly sequence: number
}

/** Orders of intervals that are not cleared yet. What is read here is in memory and as of the last acknowledged write. */
export interface OrderDesk {
  place(request: PlaceRequest): Promise<PlaceAnswer>
  /** What `place` answered under an idempotency key, once all that was asked for before is decided; nothing for a new key. */
  recall(asked: RecallRequest): Promise<PlaceAnswer | undefined>
  replace(request: ReplaceRequest): Promise<ChangeAnswer>
  cancel(request: CancelRequest): Promise<ChangeAnswer>

  /**
   * Learns what other processes placed and closed. What is written here needs no such call, and another process's news
   * come by themselves within about a second; this is for reading an order just placed elsewhere.
   */
  refresh(): Promise<void>

  /** First interval that still takes orders. */
  readonly openFrom: number
  /** First interval that is not cleared; from here to `openFrom` intervals wait for their clearing, in this order. */
  readonly clearFrom: number

  find(key: OrderKey): StoredOrder | undefined
  /** Oldest first. */
  ofParticipant(participant: number, interval: number): StoredOrder[]
  /** What a participant itself has standing in an interval, as of now. */
  held(participant: number, interval: number): Held
  /** Intervals not cleared yet that hold an order of this participant, rising. */
  intervalsOf(participant: number): number[]
  totals(interval: number): OrderTotals
  /** The live orders of an interval as columns of their own, oldest first: what a clearing reads and records. */
  booked(interval: number): BookedOrders
  /**
   * What stands in an interval whose gate has closed, in memory that threads share and as it lies there, so that taking the
   * book of a large gate can be left to another thread.
   */
  standing(interval: number): StandingOrders
  /** The same as a book to be cleared; row i is row i of `booked`. */
  book(interval: number): Book
}

/** Orders that a participant wrote itself; those of a strategy that stands in for it are none of them. */
export interface Held {
  /** live orders by side, buys first [Wh] */
  readonly standingWh: readonly [number, number]
  /** orders so far, cancelled ones too */
  readonly placed: number
}

export interface OrderTotals {
  readonly live: number
  readonly cancelled: number
  readonly buyWh: number
  readonly sellWh: number
}

// ── intervals ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export type IntervalState = 'open' | 'closed' | 'cleared' | 'settled'

export interface IntervalRow {
  readonly interval: number
  readonly state: IntervalState
  readonly closedMs?: number
  readonly clearedMs?: number
  readonly settledMs?: number
  /** settlements so far */
  readonly settlements: number
  /** SHA-256 of the clearing's result, hexadecimal */
  readonly resultHash?: string
}

export interface IntervalRecords {
  /**
   * Closes the next interval: once this is kept, no order enters it.
   * @param interval `late` says it was closed already
   * @throws RangeError for an interval beyond `orders.openFrom`
   */
  close(interval: number, by: By): Promise<'closed' | 'late'>

  /**
   * Records a clearing: state, orders, outcomes, result, trades, postings, event and audit line, all or nothing.
   * @param record `late` says its interval was cleared already
   * @throws RangeError for an interval that is not closed, or beyond `orders.clearFrom`
   */
  clear(record: ClearingRecord, by: By): Promise<'cleared' | 'late'>

  /**
   * Records a settlement of a cleared interval: round 1, and one more with every correction.
   * @returns `late` where that round exists already
   */
  settle(record: SettlementRecord, by: By): Promise<'settled' | 'late'>

  /** One row an interval, rising, states included that have no record yet. */
  list(range: IntervalRange): Promise<IntervalRow[]>
  /** Cleared intervals without a settlement, rising. */
  unsettled(limit: number): Promise<number[]>
  /** The published part of a clearing. */
  result(interval: number): Promise<ClearingResult | undefined>
  /** Published parts of cleared intervals, rising. */
  results(range: IntervalRange): Promise<ClearingResult[]>
  /** Everything recorded about a cleared interval. */
  record(interval: number): Promise<IntervalRecord | undefined>
  /** Recorded intervals in order, for replay and export. */
  records(range: { readonly from: number; readonly to: number }): AsyncIterable<IntervalRecord>
  /**
   * The orders of every closed interval as the journal alone tells them, from its beginning: what the orders of a record
   * must equal.
   */
  journaled(): AsyncIterable<{ readonly interval: number; readonly orders: BookedOrders }>
  /** The orders with outcomes that a clearing recorded. */
  orders(interval: number): Promise<{ orders: BookedOrders; outcomes: Outcomes } | undefined>
  /** Trades in order of interval and row. */
  trades(query: TradeQuery): Promise<TradePage>
}

/** `from` included, `to` not. */
export interface IntervalRange {
  readonly from: number
  readonly to: number
  /** 1,000 by default */
  readonly limit?: number
}

/** Who did it and when by the market's clock, for the audit log. */
export interface By {
  /** participant number; none for the market itself */
  readonly actor?: number
  readonly atMs: number
}

export interface ClearingRecord {
  readonly interval: number
  /** what {@link OrderDesk.booked} gave after closing */
  readonly orders: BookedOrders
  /** one row an order */
  readonly outcomes: Outcomes
  readonly trades: Trades
  /** sum to 0 */
  readonly postings: Postings
  /** what is published, as bytes; the store never looks inside */
  readonly result: Uint8Array
  /** state handed to the next interval (running sums, what a strategy learned), by name; replaces what stood there */
  readonly carried?: Readonly<Record<string, Uint8Array>>
}

export interface SettlementRecord {
  readonly interval: number
  /** 1 for the first */
  readonly round: number
  /** the readings it rests on: the newest up to this number, `Reading.seq` */
  readonly meterSeq: number
  readonly trades: Trades
  /** what this round posts beyond the rounds before it; sum to 0 */
  readonly postings: Postings
  readonly result: Uint8Array
  readonly carried?: Readonly<Record<string, Uint8Array>>
}

export interface ClearingResult {
  readonly interval: number
  readonly result: Uint8Array
  /** SHA-256, hexadecimal */
  readonly hash: string
  readonly clearedMs: number
}

export interface IntervalRecord extends ClearingRecord {
  readonly hash: string
  readonly clearedMs: number
  readonly settlements: readonly SettlementRecord[]
}

export interface TradeQuery extends IntervalRange {
  /** trades of this participant only, on either side */
  readonly participant?: number
  /** as settled, where an interval is; as cleared by default */
  readonly settled?: boolean
  /** continue after this */
  readonly after?: TradeCursor
}

export interface TradeCursor {
  readonly interval: number
  readonly row: number
}

export interface TradeRow {
  readonly interval: number
  readonly row: number
  readonly buyer: number
  readonly seller: number
  readonly buyOrder: OrderKey
  readonly sellOrder: OrderKey
  readonly energyWh: number
  /** what the buyer pays, fees included [ticks] */
  readonly buyerTicks: number
  readonly sellerTicks: number
  readonly feeTicks: number
}

export interface TradePage {
  readonly trades: readonly TradeRow[]
  /** where the next page starts; none at the end */
  readonly next?: TradeCursor
}

// ── clock ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** How far the market's time has come. It never goes back. */
export interface MarketClock {
  /** last kept position; the start of the first interval at the beginning [market time, ms] */
  position(): Promise<number>
  /** @throws StoreFault `clock-backwards` when the clock stands later already, by more than it may lag */
  advance(toMs: number): Promise<void>
  /** State handed on by the last clearing or settlement that named it. */
  carried(name: string): Promise<Uint8Array | undefined>
}

// ── participants and keys ─────────────────────────────────────────────────────────────────────────────────────────────

export type Role = 'operator' | 'participant' | 'observer'

export interface NewParticipant {
  /** unique */
  readonly name: string
  readonly role: Role
  /** row of its connection's bus; none for operators and observers */
  readonly bus?: number
  /** what everybody may know about it, as JSON text */
  readonly publicJson: string
  /** what only itself and the operator may know, as JSON text */
  readonly privateJson: string
}

export interface Participant extends NewParticipant {
  /** 1, 2, … */
  readonly id: number
  readonly createdMs: number
  /** a retired participant's keys are refused */
  readonly retiredMs?: number
}

export interface NewKey {
  /** the key's public part, unique */
  readonly id: string
  readonly participant: number
  /** of the secret part; the secret itself is never stored */
  readonly hash: Uint8Array
  readonly label: string
}

export interface AccessKey extends NewKey {
  readonly createdMs: number
  readonly revokedMs?: number
}

export interface AccessRecords {
  /** @returns nothing when the name is taken */
  add(participant: NewParticipant, by: By): Promise<Participant | undefined>
  /** Adds all or none, as at a market's start. */
  addAll(participants: readonly NewParticipant[], by: By): Promise<Participant[]>
  update(
    id: number,
    change: Partial<Pick<NewParticipant, 'role' | 'publicJson' | 'privateJson'>>,
    by: By,
  ): Promise<Participant | undefined>
  retire(id: number, by: By): Promise<Participant | undefined>
  participants(): Promise<Participant[]>

  /** Adds a key and revokes the ones named, at once. @returns false when the id is taken */
  addKey(key: NewKey, by: By, revoking?: readonly string[]): Promise<boolean>
  /**
   * Makes a key its holder's only one: every other ends at once, one that is being added meanwhile too.
   * @param from where that was asked for, for the audit log
   * @returns how many ended
   */
  replaceKeys(key: NewKey, by: By, from: string): Promise<number>
  /** @returns false when there is no such key or it was revoked already */
  revokeKey(id: string, by: By): Promise<boolean>
  /** Every key, revoked ones too. */
  keys(): Promise<AccessKey[]>
  key(id: string): Promise<AccessKey | undefined>
}

// ── meters and statements ─────────────────────────────────────────────────────────────────────────────────────────────

export interface NewReading {
  readonly participant: number
  readonly interval: number
  /** drawn from the grid [Wh] */
  readonly importWh: number
  /** fed into the grid [Wh] */
  readonly exportWh: number
}

export interface Reading extends NewReading {
  /** 1 for the first, one more with every correction */
  readonly version: number
  /** number of this reading among all, rising in the order they came */
  readonly seq: number
  readonly atMs: number
  /** who sent it; none for the market itself */
  readonly by?: number
}

export interface AddedReadings {
  readonly added: number
  readonly corrected: number
  readonly unchanged: number
}

export interface MeterRecords {
  /**
   * Keeps readings; one that says what is known already changes nothing, one that differs is a correction beside the
   * former. None is kept once a statement of one of their months is issued, which would not hold it.
   *
   * @param months that they are of, where they must not be too late
   */
  add(readings: readonly NewReading[], by: By, months?: readonly string[]): Promise<AddedReadings | 'late'>
  /** Newest versions of an interval, or what was known up to a reading's number, by participant. */
  ofInterval(interval: number, upToSeq?: number): Promise<Reading[]>
  /** Newest versions of one participant, by interval. */
  ofParticipant(participant: number, range: IntervalRange): Promise<Reading[]>
  /** Every version of one reading, oldest first. */
  history(participant: number, interval: number): Promise<Reading[]>
  /** Settled intervals with a reading newer than their last settlement, rising. */
  correctedAfterSettlement(query: CorrectedQuery): Promise<Corrected>
}

export interface CorrectedQuery {
  /** first interval of interest */
  readonly from: number
  /** where the last look ended: only readings after it are looked at */
  readonly afterSeq: number
  readonly limit: number
}

export interface Corrected {
  readonly intervals: readonly number[]
  /** `afterSeq` of the next look, once these intervals are settled again */
  readonly seq: number
}

export interface Statement {
  readonly participant: number
  /** `2027-02` */
  readonly month: string
  /** 1, and one more with every correction */
  readonly version: number
  /** as bytes; the store never looks inside */
  readonly body: Uint8Array
  readonly issuedMs: number
}

export interface StatementRecords {
  /**
   * Keeps the statements of a month; one equal to its last version is left as it is.
   *
   * @param range the month's intervals
   * @returns how many are new; `late` where one of the intervals has a reading that its last settlement does not know
   */
  issue(
    month: string,
    range: Pick<IntervalRange, 'from' | 'to'>,
    statements: readonly { readonly participant: number; readonly body: Uint8Array }[],
    by: By,
  ): Promise<number | 'late'>
  /** The newest version. */
  get(participant: number, month: string): Promise<Statement | undefined>
  months(participant: number): Promise<string[]>
}

// ── scenario runs ─────────────────────────────────────────────────────────────────────────────────────────────────────

export type RunState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'

export interface Run {
  readonly id: string
  readonly participant: number
  /** what to run, as JSON text */
  readonly spec: string
  readonly state: RunState
  /** 0 to 1 */
  readonly progress: number
  /** process that runs it */
  readonly worker?: string
  readonly createdMs: number
  readonly startedMs?: number
  readonly endedMs?: number
  /** why it failed, or a summary as JSON text */
  readonly note?: string
}

export interface RunRecords {
  add(
    run: { readonly id: string; readonly participant: number; readonly spec: string },
    by: By,
  ): Promise<void>
  /** Takes the oldest queued run. @returns nothing when none waits */
  take(worker: string, atMs: number): Promise<Run | undefined>
  /** @returns false when the run is no longer running, so that its worker stops */
  progress(id: string, progress: number): Promise<boolean>
  /** Ends a running run with its files, all or nothing. @returns false when it was ended before */
  end(
    id: string,
    end: { readonly state: 'done' | 'failed'; readonly note?: string; readonly files: readonly RunFile[] },
    atMs: number,
  ): Promise<boolean>
  /** @returns false when the run had ended */
  cancel(id: string, by: By): Promise<boolean>
  /** Puts running runs of workers that are gone back into the queue. @returns their ids */
  requeue(workers: readonly string[]): Promise<string[]>
  get(id: string): Promise<Run | undefined>
  /** Newest first; all participants' when none is named. */
  list(query: {
    readonly participant?: number
    readonly limit: number
    readonly before?: string
  }): Promise<Run[]>
  files(id: string): Promise<{ readonly name: string; readonly mediaType: string; readonly bytes: number }[]>
  file(id: string, name: string): Promise<RunFile | undefined>
}

export interface RunFile {
  readonly name: string
  readonly mediaType: string
  readonly content: Uint8Array
}

// ── events and audit ──────────────────────────────────────────────────────────────────────────────────────────────────

/** What a stream tells, in the order it happened; `seq` is what a client resumes from. */
export interface MarketEvent {
  readonly seq: number
  readonly kind: string
  readonly interval?: number
  readonly atMs: number
  /** JSON text; `{}` when the kind and interval say all */
  readonly body: string
}

export interface EventRecords {
  /** `closed`, `cleared` and `settled` are written by the store with the act itself; others are added here. */
  add(event: Omit<MarketEvent, 'seq'>): Promise<number>
  after(seq: number, limit: number): Promise<MarketEvent[]>
  /** 0 when there is none */
  last(): Promise<number>
}

export interface AuditLine {
  readonly seq: number
  readonly atMs: number
  readonly actor?: number
  readonly action: string
  /** JSON text without secrets */
  readonly detail: string
}

export interface AuditRecords {
  add(line: Omit<AuditLine, 'seq'>): Promise<number>
  after(seq: number, limit: number): Promise<AuditLine[]>
}

/**
 * A year with the neighbourhood market, one quarter-hour after the other: orders, auction, settlement, notes. State passes
 * from one interval to the next only through batteries and running sums.
 */
import type { Network } from '../grid/network.ts'
import { Auction } from './auction.ts'
import { AuctionNotes } from './auction-notes.ts'
import { Bidders } from './bidders.ts'
import { BuyerOrders } from './buyer-orders.ts'
import { GridNotes } from './grid-use.ts'
import { ColumnNotes } from './interval-columns.ts'
import { DayAhead, type SourcesOf } from './day-ahead.ts'
import { DayDecisions } from './day-decisions.ts'
import { IntervalSettlement } from './interval-settlement.ts'
import { Moment } from './moment.ts'
import { closeMonth, type MonthSheet } from './month.ts'
import { OrderIntake, type OrderSource } from './order-intake.ts'
import type { Outcome } from './outcome.ts'
import type { Settled } from './pair-settlement.ts'
import { ReadingsOfDay, type Readings } from './readings.ts'
import { Roster } from './roster.ts'
import { openRun, type RunState } from './run-state.ts'
import { SellerOrders } from './seller-orders.ts'
import { StorageFleet } from './storage-fleet.ts'
import { SpreadNotes } from './storage-spread.ts'
import { Tallies } from './tallies.ts'
import { TradeRecorder } from './trade-recorder.ts'
import type { Variant } from './variant.ts'
import { makeWheeling, useSegment, type WheelingSlots } from './wheeling-slots.ts'
import type { Seller, World } from './world.ts'

export class MarketRun {
  readonly state: RunState
  readonly sheets: MonthSheet[] = []
  readonly wheeling: WheelingSlots
  /** null where no machine decides by price */
  readonly decisions: DayDecisions | null
  readonly columns: ColumnNotes | null
  readonly tallies: Tallies | null
  readonly recorder: TradeRecorder | null
  readonly grid: GridNotes | null
  readonly spreads: SpreadNotes | null
  readonly auctions: AuctionNotes | null
  pairs = 0
  intervalsWithTrade = 0
  readonly #moment: Moment
  readonly #readings: ReadingsOfDay
  readonly #intake: OrderIntake
  readonly #auction: Auction
  readonly #settlement: IntervalSettlement
  readonly #fleet: StorageFleet | null
  readonly #bidders: Bidders | null
  /** null where none is held a day ahead */
  readonly #dayAhead: DayAhead | null
  /** what intervals' own auctions trade on */
  readonly #network: Network

  /** @param outside orders from outside the run, which batteries see in the published book like all others */
  constructor(
    given: World,
    offered: readonly Seller[],
    variant: Variant,
    outside: readonly OrderSource[] = [],
  ) {
    const wheeling = makeWheeling(given, variant.regime)
    const decisions = DayDecisions.open(given, offered, wheeling, variant)
    const own = decisions?.world ?? given
    const offering = decisions?.sellers ?? offered
    const sourcesOf: SourcesOf = (of, by, bidders) => [
      new BuyerOrders(of, wheeling, bidders),
      new SellerOrders(of.zone, by, variant, bidders),
    ]
    const dayAhead = DayAhead.open(own, offering, wheeling, sourcesOf)
    const world = dayAhead?.world ?? own
    const sellers = dayAhead?.sellers ?? offering
    const bidders = Bidders.open(world.zone, sellers)
    const participants = () => (world.zone.market.auctions.intraday ? sourcesOf(world, sellers, bidders) : [])
    const others = [...participants(), ...outside]
    const hasStorage = variant.storage && world.zone.storages.length > 0
    const fleet = hasStorage ? new StorageFleet(world, wheeling, participants) : null
    const roster = new Roster(world, sellers)
    const network = dayAhead?.left ?? wheeling.network
    this.wheeling = wheeling
    this.decisions = decisions
    this.state = openRun(world, sellers)
    this.#moment = new Moment(world.slots)
    this.#readings = new ReadingsOfDay(world, sellers)
    this.#intake = new OrderIntake(fleet ? [...others, fleet] : others)
    const { rowsMax } = this.#intake
    const desks = fleet?.desks ?? []
    const settlementParts = { wheeling, roster, desks }
    this.#fleet = fleet
    this.#bidders = bidders
    this.#dayAhead = dayAhead
    this.#network = network
    this.#auction = new Auction(world.zone, network, rowsMax)
    this.#settlement = new IntervalSettlement(this.state, settlementParts, rowsMax, dayAhead?.rowsMax)
    this.columns = variant.tallies ? new ColumnNotes(world, sellers, desks) : null
    this.tallies = variant.tallies
      ? new Tallies(world, roster, Math.max(rowsMax, dayAhead?.rowsMax ?? 0))
      : null
    this.recorder = variant.tradeList ? new TradeRecorder(roster) : null
    this.spreads = variant.tallies && fleet ? new SpreadNotes(world.zone, network) : null
    this.grid = variant.tallies ? new GridNotes(world, sellers, wheeling, dayAhead?.left) : null
    this.auctions = variant.tallies ? AuctionNotes.open(own, offering) : null
  }

  /** Runs one month and closes it; months follow each other. */
  runMonth(month: number): void {
    const { firstInterval, endInterval } = this.state.world.zone.calendar.months[month]!
    for (let interval = firstInterval; interval < endInterval; interval++) {
      this.#moment.moveTo(interval, month)
      this.#step(this.#moment)
    }
    this.sheets.push(closeMonth(this.state, month, 'market'))
    if (this.decisions && this.sheets.length === this.state.months) this.columns?.takeDecided(this.state)
  }

  #step(moment: Moment): void {
    const dayAhead = this.#dayAhead
    dayAhead?.advance(moment)
    useSegment(this.wheeling, moment.segment)
    if (moment.quarter === 0) {
      this.decisions?.startDay(moment)
      this.#readings.load(moment.interval)
      this.#intake.startDay(moment)
    }
    const readings = this.#readings.at(moment.quarter)
    const ahead = dayAhead?.at(moment.quarter)
    if (ahead) dayAhead!.leaveRoom(ahead)
    const outcome = this.#auction.hold(this.#intake.collect(moment), moment.interval)
    this.decisions?.note(outcome, moment)
    this.#fleet?.hear(outcome, moment)
    this.#bidders?.hear(outcome, moment.interval)
    if (ahead) this.#settleBoth(ahead, outcome, moment, readings)
    else this.#settle(outcome, moment, readings)
  }

  #settle(outcome: Outcome, moment: Moment, readings: Readings): void {
    const settled = this.#settlement.settle(outcome, moment, readings)
    this.#note(outcome, settled, moment)
    this.grid?.note(outcome, settled, readings)
    this.auctions?.note(null, { outcome, settled }, readings)
  }

  #settleBoth(ahead: Outcome, outcome: Outcome, moment: Moment, readings: Readings): void {
    const { dayAhead, intraday } = this.#settlement.settleBoth(ahead, outcome, moment, readings)
    this.#note(outcome, intraday, moment)
    this.#noteAhead(ahead, dayAhead, outcome, moment)
    this.grid?.note(outcome, intraday, readings, ahead)
    this.auctions?.note({ outcome: ahead, settled: dayAhead }, { outcome, settled: intraday }, readings)
  }

  #note(outcome: Outcome, settled: Settled, moment: Moment): void {
    const network = this.#network
    this.pairs += outcome.pairs.count
    if (outcome.clearing.volumeWh > 0) this.intervalsWithTrade++
    this.columns?.note(network, outcome, settled, moment)
    this.tallies?.note(outcome, settled, moment)
    this.spreads?.note(outcome)
    this.recorder?.note(outcome, settled, moment)
  }

  /** What was decided a day ahead, once the interval's own auction is noted. */
  #noteAhead(ahead: Outcome, settled: Settled, outcome: Outcome, moment: Moment): void {
    const { network } = this.wheeling
    const { intraday } = this.state.world.zone.market.auctions
    this.pairs += ahead.pairs.count
    if (ahead.clearing.volumeWh > 0 && outcome.clearing.volumeWh === 0) this.intervalsWithTrade++
    this.columns?.noteAhead(network, ahead, settled, outcome, moment)
    this.tallies?.noteAhead(ahead, settled, moment, intraday)
    this.recorder?.note(ahead, settled, moment, true)
  }
}

/**
 * A year with the neighbourhood market, one quarter-hour after the other: orders, auction, settlement, notes. State passes
 * from one interval to the next only through batteries and running sums.
 */
import { Auction } from './auction.ts'
import { BuyerOrders } from './buyer-orders.ts'
import { GridNotes } from './grid-use.ts'
import { ColumnNotes } from './interval-columns.ts'
import { DayDecisions } from './day-decisions.ts'
import { IntervalSettlement } from './interval-settlement.ts'
import { Moment } from './moment.ts'
import { closeMonth, type MonthSheet } from './month.ts'
import { OrderIntake, type OrderSource } from './order-intake.ts'
import type { Outcome } from './outcome.ts'
import type { Settled } from './pair-settlement.ts'
import { ReadingsOfDay } from './readings.ts'
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
  pairs = 0
  intervalsWithTrade = 0
  readonly #moment: Moment
  readonly #readings: ReadingsOfDay
  readonly #intake: OrderIntake
  readonly #auction: Auction
  readonly #settlement: IntervalSettlement
  readonly #fleet: StorageFleet | null

  /** @param outside orders from outside the run, which batteries see in the published book like all others */
  constructor(
    given: World,
    offered: readonly Seller[],
    variant: Variant,
    outside: readonly OrderSource[] = [],
  ) {
    const wheeling = makeWheeling(given, variant.regime)
    const decisions = DayDecisions.open(given, offered, wheeling, variant)
    const world = decisions?.world ?? given
    const sellers = decisions?.sellers ?? offered
    const participants = () => [
      new BuyerOrders(world, wheeling),
      new SellerOrders(world.zone, sellers, variant),
    ]
    const others = [...participants(), ...outside]
    const hasStorage = variant.storage && world.zone.storages.length > 0
    const fleet = hasStorage ? new StorageFleet(world, wheeling, participants) : null
    const roster = new Roster(world, sellers)
    this.wheeling = wheeling
    this.decisions = decisions
    this.state = openRun(world, sellers)
    this.#moment = new Moment(world.slots)
    this.#readings = new ReadingsOfDay(world, sellers)
    this.#intake = new OrderIntake(fleet ? [...others, fleet] : others)
    const { rowsMax } = this.#intake
    const desks = fleet?.desks ?? []
    this.#fleet = fleet
    this.#auction = new Auction(world.zone, wheeling.network, rowsMax)
    this.#settlement = new IntervalSettlement(this.state, { wheeling, roster, desks }, rowsMax)
    this.columns = variant.tallies ? new ColumnNotes(world, sellers, desks) : null
    this.tallies = variant.tallies ? new Tallies(world, roster, rowsMax) : null
    this.recorder = variant.tradeList ? new TradeRecorder(roster) : null
    this.spreads = variant.tallies && fleet ? new SpreadNotes(world.zone, wheeling.network) : null
    this.grid = variant.tallies ? new GridNotes(world, sellers, wheeling) : null
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
    useSegment(this.wheeling, moment.segment)
    if (moment.quarter === 0) {
      this.decisions?.startDay(moment)
      this.#readings.load(moment.interval)
      this.#intake.startDay(moment)
    }
    const readings = this.#readings.at(moment.quarter)
    const outcome = this.#auction.hold(this.#intake.collect(moment), moment.interval)
    this.decisions?.note(outcome, moment)
    this.#fleet?.hear(outcome, moment)
    const settled = this.#settlement.settle(outcome, moment, readings)
    this.#note(outcome, settled, moment)
    this.grid?.note(outcome, settled, readings)
  }

  #note(outcome: Outcome, settled: Settled, moment: Moment): void {
    const { network } = this.wheeling
    this.pairs += outcome.pairs.count
    if (outcome.clearing.volumeWh > 0) this.intervalsWithTrade++
    this.columns?.note(network, outcome, settled, moment)
    this.tallies?.note(outcome, settled, moment)
    this.spreads?.note(outcome)
    this.recorder?.note(outcome, settled, moment)
  }
}

/**
 * The day-ahead auction (日前): when its gate closes on the day before, all 96 intervals of a day are cleared on what participants
 * then expect. What follows intraday is the revision: each offers or wants what its newer forecast says beyond its position, on
 * the room that the day-ahead flows leave.
 *
 *     intraday order = max(0, newer forecast − accepted a day ahead)
 *     room upward    = capacity upward − max(0, flow up),   room downward = capacity downward − max(0, −flow up)
 *
 * Nobody sells back what it bought (docs/decisions/0007).
 */
import { intervalsPerDay } from '../base/units.ts'
import type { Network } from '../grid/network.ts'
import { Auction } from './auction.ts'
import { Bidders } from './bidders.ts'
import { Moment } from './moment.ts'
import { OrderIntake, type OrderSource } from './order-intake.ts'
import { enterpriseRow } from './order-rows.ts'
import { keepOutcome, type Outcome } from './outcome.ts'
import { useSegment, type WheelingSlots } from './wheeling-slots.ts'
import type { Buyer, Seller, World } from './world.ts'

/** Makes the sources of orders of a world's participants. */
export type SourcesOf = (
  world: World,
  sellers: readonly Seller[],
  bidders: Bidders | null,
) => readonly OrderSource[]

export class DayAhead {
  /** the world and its sellers with orders of their own that are filled in day by day: what the intraday auction is left */
  readonly world: World
  readonly sellers: readonly Seller[]
  /** the grid with the room that the day-ahead flows of an interval leave, see {@link leaveRoom} */
  readonly left: Network
  readonly rowsMax: number
  readonly #given: { readonly buyers: readonly Buyer[]; readonly sellers: readonly Seller[] }
  readonly #wheeling: WheelingSlots
  readonly #intake: OrderIntake
  readonly #auction: Auction
  readonly #moment: Moment
  /** who bids here learns from what became of its orders here */
  readonly #bidders: Bidders | null
  readonly #closesQuarter: number
  #today: readonly Outcome[] = []
  #tomorrow: readonly Outcome[] = []

  /** @returns null where no such auction is held */
  static open(
    world: World,
    sellers: readonly Seller[],
    wheeling: WheelingSlots,
    sourcesOf: SourcesOf,
  ): DayAhead | null {
    return world.zone.market.auctions.dayAhead ? new DayAhead(world, sellers, wheeling, sourcesOf) : null
  }

  private constructor(
    world: World,
    sellers: readonly Seller[],
    wheeling: WheelingSlots,
    sourcesOf: SourcesOf,
  ) {
    const { network } = wheeling
    this.#given = { buyers: world.buyers, sellers }
    this.world = { ...world, buyers: world.buyers.map(withOwnOrders) }
    this.sellers = sellers.map(withOwnOrders)
    this.left = {
      ...network,
      capacityUpWh: network.capacityUpWh.slice(),
      capacityDownWh: network.capacityDownWh.slice(),
    }
    this.#wheeling = wheeling
    const nothing = new Int32Array(world.zone.calendar.intervals)
    const early = <Who extends Buyer | Seller>(who: Who): Who => ({
      ...who,
      orderWh: who.dayAheadWh ?? nothing,
    })
    this.#bidders = Bidders.open(world.zone, sellers)
    this.#intake = new OrderIntake(
      sourcesOf({ ...world, buyers: world.buyers.map(early) }, sellers.map(early), this.#bidders),
    )
    this.rowsMax = this.#intake.rowsMax
    this.#auction = new Auction(world.zone, network, this.rowsMax)
    this.#moment = new Moment(world.slots)
    this.#closesQuarter = world.zone.market.auctions.dayAhead!.closesHour * 4
  }

  /**
   * Called at every interval before anything else happens in it: begins its day, and clears the next one when that gate closes.
   * The first day of a run was cleared before it began.
   */
  advance({ interval, quarter }: Moment): void {
    const day = Math.floor(interval / intervalsPerDay)
    if (quarter === 0) this.#begin(day)
    if (quarter === this.#closesQuarter) this.#tomorrow = this.#clearDay(day + 1)
  }

  /** What was decided on a quarter of the day that has begun. */
  at(quarter: number): Outcome {
    return this.#today[quarter]!
  }

  /** Leaves the room on {@link left} that an outcome does not take. */
  leaveRoom({ clearing: { flowUpWh } }: Outcome): void {
    const { capacityUpWh, capacityDownWh } = this.#wheeling.network
    const { left } = this
    for (let bus = 1; bus < left.busCount; bus++) {
      left.capacityUpWh[bus] = capacityUpWh[bus]! - Math.max(0, flowUpWh[bus]!)
      left.capacityDownWh[bus] = capacityDownWh[bus]! - Math.max(0, -flowUpWh[bus]!)
    }
  }

  #begin(day: number): void {
    this.#today = day === 0 ? this.#clearDay(0) : this.#tomorrow
    const first = day * intervalsPerDay
    const revise = (who: Buyer | Seller, given: Buyer | Seller) => {
      if (who !== given) who.orderWh.set(given.orderWh.subarray(first, first + intervalsPerDay), first)
    }
    this.world.buyers.forEach((buyer, who) => revise(buyer, this.#given.buyers[who]!))
    this.sellers.forEach((seller, who) => revise(seller, this.#given.sellers[who]!))
    this.#today.forEach((outcome, quarter) => this.#takePositions(outcome, first + quarter))
  }

  #takePositions({ rows, clearing }: Outcome, interval: number): void {
    for (let row = 0; row < rows.book.count; row++) {
      const sides = rows.kind[row] === enterpriseRow ? this.world.buyers : this.sellers
      const { orderWh } = sides[rows.who[row]!]!
      orderWh[interval] = Math.max(0, orderWh[interval]! - clearing.acceptedWh[row]!)
    }
  }

  #clearDay(day: number): Outcome[] {
    const { days, intervals } = this.world.zone.calendar
    const first = day * intervalsPerDay
    if (first === intervals) return []
    const moment = this.#moment
    const outcomes = Array.from({ length: intervalsPerDay }, (_, quarter) => {
      moment.moveTo(first + quarter, days[day]!.monthIndex)
      useSegment(this.#wheeling, moment.segment)
      if (quarter === 0) this.#intake.startDay(moment)
      return keepOutcome(this.#auction.hold(this.#intake.collect(moment), moment.interval))
    })
    // All of a day's orders stood before the first was decided.
    outcomes.forEach((outcome, quarter) => this.#bidders?.hear(outcome, first + quarter))
    return outcomes
  }
}

/** Who knows nothing a day ahead has no position; its orders stay its own. */
function withOwnOrders<Who extends Buyer | Seller>(who: Who): Who {
  return who.dayAheadWh === null ? who : { ...who, orderWh: who.orderWh.slice() }
}

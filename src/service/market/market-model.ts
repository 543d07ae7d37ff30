/**
 * All of a market that is computed and never kept: the zone's physical year, its prices, its members, its batteries'
 * plans. It is a function of the scenario; what happened is the store's.
 */
import type { Zone } from '../../scenario/zone.ts'
import { bands } from '../../tariff/book.ts'
import { Bidders } from '../../simulation/bidders.ts'
import { BuyerOrders } from '../../simulation/buyer-orders.ts'
import { Moment } from '../../simulation/moment.ts'
import { OrderIntake, type OrderSource } from '../../simulation/order-intake.ts'
import { Roster } from '../../simulation/roster.ts'
import { SellerOrders } from '../../simulation/seller-orders.ts'
import { StorageFleet } from '../../simulation/storage-fleet.ts'
import type { Variant } from '../../simulation/variant.ts'
import { makeWheeling, type WheelingSlots } from '../../simulation/wheeling-slots.ts'
import { makeSellers, type Seller, type World } from '../../simulation/world.ts'
import { unitsOf, type Unit } from './members.ts'
import { Timeline } from './timeline.ts'

export interface MarketModel {
  readonly zone: Zone
  readonly world: World
  readonly sellers: readonly Seller[]
  readonly wheeling: WheelingSlots
  readonly roster: Roster
  readonly units: readonly Unit[]
  readonly timeline: Timeline
}

/**
 * What bids for members who leave it to their strategies. Batteries know what was published to them, bidders what became of their
 * own orders.
 */
export interface Strategies {
  /** what every strategy would place; batteries last */
  readonly intake: OrderIntake
  readonly fleet: StorageFleet | null
  readonly bidders: Bidders | null
}

/** As the scenario says: every asset bids, and nobody asks what would be without it. */
const asTheScenarioSays = {
  storage: true,
  cogeneration: true,
  cogenerationOutsideE8: null,
  tallies: false,
  tradeList: false,
}

const variantOf = ({ zone }: World): Variant => ({ ...asTheScenarioSays, regime: zone.wheeling.regime })

export function buildModel(world: World): MarketModel {
  const { zone } = world
  const sellers = makeSellers(world, null)
  return {
    zone,
    world,
    sellers,
    wheeling: makeWheeling(world, zone.wheeling.regime),
    roster: new Roster(world, sellers),
    units: unitsOf(zone, world.chart),
    timeline: new Timeline(zone.calendar),
  }
}

/** Strategies as they stand before the first interval of a market. */
export function makeStrategies({ zone, world, sellers, wheeling }: MarketModel): Strategies {
  const bidders = Bidders.open(zone, sellers)
  const others = () => [
    new BuyerOrders(world, wheeling, bidders),
    new SellerOrders(zone, sellers, variantOf(world), bidders),
  ]
  const fleet = zone.storages.length > 0 ? new StorageFleet(world, wheeling, others) : null
  return { intake: new OrderIntake(fleet ? [...others(), bidsOf(fleet)] : others()), fleet, bidders }
}

/** Batteries bid from what was published before; what they learn of a book is published when it is closed. */
function bidsOf(fleet: StorageFleet): OrderSource {
  return {
    rowsMax: fleet.rowsMax,
    place: (rows, moment, seats) => fleet.bid(rows, moment, seats),
  }
}

/** The stretch of constant rates that an interval lies in. */
export function segmentOf({ world, timeline }: MarketModel, interval: number): number {
  return Math.floor(world.slots.slotOf[timeline.indexOf(interval)]! / bands.length)
}

/** Where an interval stands among calendars and prices. */
export function momentOf({ world, timeline }: MarketModel, interval: number): Moment {
  const moment = new Moment(world.slots)
  moment.moveTo(timeline.indexOf(interval), timeline.monthOf(interval))
  return moment
}

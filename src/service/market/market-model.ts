/**
 * All of a market that is computed and never kept: the zone's physical year, its prices, its members, its batteries'
 * plans. It is a function of the scenario; what happened is the store's.
 */
import type { Zone } from '../../scenario/zone.ts'
import { BuyerOrders } from '../../simulation/buyer-orders.ts'
import { Moment } from '../../simulation/moment.ts'
import { OrderIntake, rowsOf, type OrderSource } from '../../simulation/order-intake.ts'
import { Roster } from '../../simulation/roster.ts'
import { SellerOrders } from '../../simulation/seller-orders.ts'
import { StorageFleet } from '../../simulation/storage-fleet.ts'
import type { Variant } from '../../simulation/variant.ts'
import { makeWheeling, type WheelingSlots } from '../../simulation/wheeling-slots.ts'
import { makeSellers, type Seller, type World } from '../../simulation/world.ts'
import { unitsOf, type Unit } from './members.ts'
import { mostPublished } from './published-levels.ts'
import { Timeline } from './timeline.ts'

export interface MarketModel {
  readonly zone: Zone
  readonly world: World
  readonly sellers: readonly Seller[]
  readonly wheeling: WheelingSlots
  readonly roster: Roster
  readonly units: readonly Unit[]
  readonly timeline: Timeline
  /** what every strategy would place; batteries last */
  readonly intake: OrderIntake
  readonly fleet: StorageFleet | null
}

/** As the scenario says: every asset bids, and nobody asks what would be without it. */
const asTheScenarioSays = {
  storage: true,
  cogeneration: true,
  cogenerationOutsideE8: null,
  tallies: false,
  tradeList: false,
}

export function buildModel(world: World): MarketModel {
  const { zone } = world
  const variant: Variant = { ...asTheScenarioSays, regime: zone.wheeling.regime }
  const sellers = makeSellers(world, null)
  const wheeling = makeWheeling(world, variant.regime)
  const others = [new BuyerOrders(world, wheeling), new SellerOrders(zone, sellers, variant)]
  const hasStorage = zone.storages.length > 0
  const fleet = hasStorage ? new StorageFleet(world, wheeling, Math.max(rowsOf(others), mostPublished)) : null
  return {
    zone,
    world,
    sellers,
    wheeling,
    roster: new Roster(world, sellers),
    units: unitsOf(zone, world.chart),
    timeline: new Timeline(zone.calendar),
    intake: new OrderIntake(fleet ? [...others, bidsOf(fleet)] : others),
    fleet,
  }
}

/** Batteries bid from what was published before; what they learn of a book is published when it is closed. */
function bidsOf(fleet: StorageFleet): OrderSource {
  return {
    rowsMax: fleet.rowsMax,
    startDay: (moment) => fleet.startDay(moment),
    place: (rows, moment, seats) => fleet.bid(rows, moment, seats),
  }
}

/** Where an interval stands among calendars and prices. */
export function momentOf({ world, timeline }: MarketModel, interval: number): Moment {
  const moment = new Moment(world.slots)
  moment.moveTo(timeline.indexOf(interval), timeline.monthOf(interval))
  return moment
}

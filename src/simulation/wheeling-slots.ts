/** The grid of a zone under one wheeling regime, segment by segment, and what its buyers can bid under it. */
import { limitWhOf, rateE8PerTick } from '../base/units.ts'
import type { Network } from '../grid/network.ts'
import { fillRegime, type Filling, type Regime } from '../grid/regimes/index.ts'
import { limitTicks } from '../strategy/bidding/index.ts'
import { eachSlot, tdPricesOf, tradeAdders, type TradeAdders } from './rates.ts'
import type { World } from './world.ts'

export interface WheelingSlots {
  readonly network: Network
  /** the segment whose fees are on the arcs, −1 before the first */
  segment: number
  /** by segment */
  readonly fillings: readonly Filling[]
  readonly adders: readonly TradeAdders[]
  /** fee on the own connection, `segment · enterprises + enterprise` [ticks] */
  readonly withdrawalTicks: Float64Array
  /** the same for a battery, by storage unit and segment [ticks] */
  readonly storageWithdrawalTicks: Float64Array
  /** a buyer's value of a traded kWh beside its own connection's fee, `slot · enterprises + enterprise` [1e-8 CNY/kWh] */
  readonly valueE8: Float64Array
  /** its limit net of that fee, in the same order; of a bidder that is asked every interval the truthful one [ticks] */
  readonly limitTicks: Float64Array
}

export function makeWheeling(world: World, regime: Regime): WheelingSlots {
  const { zone, slots, buyers } = world
  const tree = { parent: zone.buses.map((bus) => bus.parent), level: zone.buses.map((bus) => bus.level) }
  const fillings = slots.segments.map((segment) =>
    fillRegime(regime, { ...tree, levelAboveRoot: zone.levelAboveRoot }, tdPricesOf(segment.rates)),
  )
  const adders = slots.segments.map((segment) => tradeAdders(zone, segment.rates))
  const segments = slots.segments.length
  const wheeling = {
    network: zoneNetwork(world),
    segment: -1,
    fillings,
    adders,
    withdrawalTicks: new Float64Array(buyers.length * segments),
    storageWithdrawalTicks: new Float64Array(zone.storages.length * segments),
    valueE8: new Float64Array(buyers.length * slots.slots),
    limitTicks: new Float64Array(buyers.length * slots.slots),
  }
  fillings.forEach((filling, segment) => {
    zone.enterprises.forEach(({ bus, connection }, index) => {
      wheeling.withdrawalTicks[segment * buyers.length + index] = filling.withdrawalTicks(
        bus,
        connection.part,
      )
    })
    zone.storages.forEach(({ bus }, index) => {
      wheeling.storageWithdrawalTicks[index * segments + segment] = filling.withdrawalTicks(bus, 'two')
    })
  })
  fillLimits(world, wheeling)
  return wheeling
}

/**
 * A buyer's value of a traded kWh is what its contract would cost now less what a traded kWh still bears.
 *
 *     value = contract price − line loss? − system fee? − funds
 *     limit = min(cap, ⌊value⌋) − fee on the own connection
 */
function fillLimits(world: World, wheeling: WheelingSlots): void {
  const { zone, slots, buyers } = world
  buyers.forEach((buyer, index) => {
    eachSlot(slots, (slot) => {
      const segment = Math.floor(slot / 5)
      const { lineLossE8, systemE8, fundsE8 } = wheeling.adders[segment]!
      const valueE8 = buyer.rates.fullE8[slot]! - lineLossE8 - systemE8 - fundsE8
      const grossTicks = limitTicks(valueE8 / rateE8PerTick, 0, zone.enterprises[index]!.strategy)
      const row = slot * buyers.length + index
      wheeling.valueE8[row] = valueE8
      wheeling.limitTicks[row] =
        Math.min(zone.market.capTicks, grossTicks) -
        wheeling.withdrawalTicks[segment * buyers.length + index]!
    })
  })
}

function zoneNetwork(world: World): Network {
  const { buses } = world.zone
  const capacityWh = (kw: number | null) => (kw === null ? Infinity : limitWhOf(kw))
  return {
    busCount: buses.length,
    parent: Int32Array.from(buses, (bus) => bus.parent),
    feeUpTicks: new Float64Array(buses.length),
    feeDownTicks: new Float64Array(buses.length),
    capacityUpWh: Float64Array.from(buses, (bus) => capacityWh(bus.capacityUpKw)),
    capacityDownWh: Float64Array.from(buses, (bus) => capacityWh(bus.capacityDownKw)),
  }
}

/** Puts a segment's fees on the arcs, unless they are there. */
export function useSegment(wheeling: WheelingSlots, segment: number): void {
  if (wheeling.segment === segment) return
  wheeling.segment = segment
  const { network, fillings } = wheeling
  network.feeUpTicks.set(fillings[segment]!.feeUpTicks)
  network.feeDownTicks.set(fillings[segment]!.feeDownTicks)
}

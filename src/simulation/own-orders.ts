/** What participants order by themselves: what they expect of their meters, and nothing where orders come from outside. */
import type { Zone } from '../scenario/zone.ts'
import { isExternal, type Strategy } from '../strategy/bidding/index.ts'
import type { Seller } from './world.ts'

/** @param expectedWh by interval [Wh] */
export function ownOrders(expectedWh: Int32Array, strategy: Strategy): Int32Array {
  return isExternal(strategy) ? new Int32Array(expectedWh.length) : expectedWh
}

export function strategyOfSeller({ pvUnits, cogenerations }: Zone, { kind, unit }: Seller): Strategy {
  return (kind === 'pv' ? pvUnits : cogenerations)[unit]!.strategy
}

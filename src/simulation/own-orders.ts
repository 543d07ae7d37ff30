/** What participants order by themselves: what they expect of their meters, and nothing where orders come from outside. */
import type { CogenerationUnit, PvUnit, Zone } from '../scenario/zone.ts'
import { isExternal, type Strategy } from '../strategy/bidding/index.ts'
import type { Seller } from './world.ts'

/** @param expectedWh by interval [Wh] */
export function ownOrders(expectedWh: Int32Array, strategy: Strategy): Int32Array {
  return isExternal(strategy) ? new Int32Array(expectedWh.length) : expectedWh
}

/** What the zone says of a seller. */
export function unitOfSeller(
  { pvUnits, cogenerations }: Zone,
  { kind, unit }: Seller,
): PvUnit | CogenerationUnit {
  return (kind === 'pv' ? pvUnits : cogenerations)[unit]!
}

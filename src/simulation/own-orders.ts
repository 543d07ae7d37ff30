/** What participants order by themselves: what they expect of their meters, and nothing where orders come from outside. */
import type { Zone } from '../scenario/zone.ts'
import { isExternal, type Strategy } from '../strategy/bidding/index.ts'
import type { Seller } from './world.ts'

/** By interval [Wh]. */
export function ownOrders({ orderWh }: { readonly orderWh: Int32Array }, strategy: Strategy): Int32Array {
  return isExternal(strategy) ? new Int32Array(orderWh.length) : orderWh
}

export function strategyOfSeller({ pvUnits, cogenerations }: Zone, { kind, unit }: Seller): Strategy {
  return (kind === 'pv' ? pvUnits : cogenerations)[unit]!.strategy
}

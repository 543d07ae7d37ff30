/** What the room of an arc earns: the gap between the prices of its ends beyond the fee. */
import type { Network } from '../../grid/network.ts'

/** At most one of the two is above 0, as no fee is below 0 [ticks]. */
export function arcRent({ parent, feeUpTicks, feeDownTicks }: Network, busTicks: Float64Array, bus: number) {
  const gap = busTicks[parent[bus]!]! - busTicks[bus]!
  return {
    upTicks: Math.max(0, gap - feeUpTicks[bus]!),
    downTicks: Math.max(0, -gap - feeDownTicks[bus]!),
  }
}

/** The arc's part of the dual bound. [Wh·tick] */
export function rentOf(network: Network, busTicks: Float64Array, bus: number): bigint {
  const { upTicks, downTicks } = arcRent(network, busTicks, bus)
  const rent = (ticks: number, capacityWh: number) => (ticks > 0 ? BigInt(ticks) * BigInt(capacityWh) : 0n)
  return rent(upTicks, network.capacityUpWh[bus]!) + rent(downTicks, network.capacityDownWh[bus]!)
}

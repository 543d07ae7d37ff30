/** Orders of a closed gate as the store hands them over, made from proposals and from own orders. */
import type { Proposal } from '../../src/service/market/market-core.ts'
import type { BookedOrders } from '../../src/store/records.ts'

export interface TestOrder {
  readonly participant: number
  readonly side: 0 | 1
  readonly bus: number
  readonly limitTicks: number
  readonly quantityWh: number
  readonly origin: 0 | 1
}

export function bookedOf(proposals: readonly Proposal[], own: readonly TestOrder[] = []): BookedOrders {
  const strategies = proposals.map(({ member, terms }): TestOrder => ({
    ...terms,
    participant: member.participant,
    origin: 1,
  }))
  const orders = [...own, ...strategies]
  return {
    count: orders.length,
    participant: Uint32Array.from(orders, (each) => each.participant),
    side: Uint8Array.from(orders, (each) => each.side),
    bus: Uint32Array.from(orders, (each) => each.bus),
    limitTicks: Int32Array.from(orders, (each) => each.limitTicks),
    quantityWh: Float64Array.from(orders, (each) => each.quantityWh),
    request: Float64Array.from(orders, (_, row) => row + 1),
    index: new Uint16Array(orders.length),
    version: new Uint32Array(orders.length).fill(1),
    sequence: Uint32Array.from(orders, (_, row) => row),
    origin: Uint8Array.from(orders, (each) => each.origin),
  }
}

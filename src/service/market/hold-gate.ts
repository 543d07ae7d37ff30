/** The auction of a gate that closed: the book taken from what was placed, and held. In whatever thread, as plain values. */
import { bookedFrom } from '../../store/journal/booked-orders.ts'
import type { BookedOrders, StandingOrders } from '../../store/records.ts'
import { holdAuction, type AuctionAnswer, type AuctionInput } from './hold-auction.ts'

export interface GateInput extends Omit<AuctionInput, 'orders'> {
  readonly standing: StandingOrders
}

export interface GateAnswer {
  readonly orders: BookedOrders
  readonly answer: AuctionAnswer
}

export function holdGate({ standing, ...input }: GateInput): GateAnswer {
  const orders = bookedFrom(standing)
  return { orders, answer: holdAuction({ ...input, orders }) }
}

/** The other end of {@link AuctionHall}: what a thread does with a gate. */
export { holdGate as default } from './hold-gate.ts'

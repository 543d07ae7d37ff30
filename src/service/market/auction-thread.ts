/** The other end of {@link AuctionHall}: what a thread does with an auction. */
export { holdAuction as default } from './hold-auction.ts'

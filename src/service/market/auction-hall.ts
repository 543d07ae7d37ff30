/**
 * Where auctions are held: small ones here, large ones in a thread of their own, so that no request waits for them. A
 * thread is started when the first large book comes.
 */
import { Piscina } from 'piscina'
import { holdAuction, type AuctionAnswer, type AuctionInput } from './hold-auction.ts'

/** Orders from which on a book leaves this thread; a clearing of so many takes about two milliseconds. */
const largeFrom = 2000

export class AuctionHall {
  #thread: Piscina<AuctionInput, AuctionAnswer> | null = null

  hold(input: AuctionInput): AuctionAnswer | Promise<AuctionAnswer> {
    if (input.orders.count < largeFrom) return holdAuction(input)
    this.#thread ??= new Piscina({
      filename: new URL('auction-thread.ts', import.meta.url).href,
      minThreads: 0,
      maxThreads: 1,
    })
    return this.#thread.run(input)
  }

  async close(): Promise<void> {
    await this.#thread?.destroy()
  }
}

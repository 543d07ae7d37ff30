/**
 * Where auctions are held: small ones here, large ones in a thread of their own, so that no request waits for them. A
 * thread is started when the first large book comes.
 */
import { Piscina } from 'piscina'
import { holdGate, type GateAnswer, type GateInput } from './hold-gate.ts'

/** Orders from which on a book leaves this thread; a clearing of so many takes about two milliseconds. */
const largeFrom = 2000
/** Where gates are large they are so one after the other, and starting a thread is work too. [ms] */
const keptMs = 3_600_000

export class AuctionHall {
  #thread: Piscina<GateInput, GateAnswer> | null = null

  hold(input: GateInput): GateAnswer | Promise<GateAnswer> {
    if (input.standing.count < largeFrom) return holdGate(input)
    this.#thread ??= new Piscina({
      filename: new URL('auction-thread.ts', import.meta.url).href,
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: keptMs,
    })
    return this.#thread.run(input)
  }

  async close(): Promise<void> {
    await this.#thread?.destroy()
  }
}

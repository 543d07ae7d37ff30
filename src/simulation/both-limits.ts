/**
 * What limits do where an interval is traded twice. An arc is full in a quarter-hour if either auction fills it, and one more kW
 * of it serves one of the two: the day-ahead auction where that is bound, else the intraday one. What limits kept from being
 * traded a day ahead is offered again intraday, so the larger of both losses counts.
 */
import type { Network } from '../grid/network.ts'
import type { PriceRange } from '../market/prices.ts'
import { LimitNotes, noLimits, type ArcLimits, type HeldAuction } from './arc-limits.ts'

type Held = HeldAuction & { readonly isHeld: boolean }

export class BothLimits {
  readonly limits: ArcLimits
  boundIntervals = 0
  lostTickWh = 0n
  readonly #dayAhead: LimitNotes
  readonly #intraday: LimitNotes

  /** @param left the network with the room that the day-ahead flows of the interval leave */
  constructor(network: Network, left: Network, range: PriceRange) {
    this.limits = noLimits(network)
    this.#dayAhead = new LimitNotes(network, range)
    this.#intraday = new LimitNotes(left, range)
  }

  note(ahead: Held, intraday: Held): void {
    if (ahead.isHeld) this.#dayAhead.note(ahead)
    if (intraday.isHeld) this.#intraday.note(intraday)
    if (ahead.isHeld || intraday.isHeld) this.#add(this.#dayAhead, this.#intraday)
  }

  /** Adds what both found in the interval, and lets them forget it. */
  #add(first: LimitNotes, second: LimitNotes): void {
    for (const key of ['fullUpIntervals', 'fullDownIntervals'] as const)
      this.#addEach(key, first, second, (a, b) => Math.max(a, b))
    for (const key of ['oneKwUpTickWh', 'oneKwDownTickWh'] as const)
      this.#addEach(key, first, second, (a, b) => (a > 0 ? a : b))
    this.#addEach('rentTickWh', first, second, (a, b) => a + b)
    this.boundIntervals += Math.max(first.boundIntervals, second.boundIntervals)
    this.lostTickWh += first.lostTickWh > second.lostTickWh ? first.lostTickWh : second.lostTickWh
    first.boundIntervals = second.boundIntervals = 0
    first.lostTickWh = second.lostTickWh = 0n
  }

  #addEach(
    key: keyof ArcLimits,
    first: LimitNotes,
    second: LimitNotes,
    both: (dayAhead: number, intraday: number) => number,
  ): void {
    const [sums, a, b] = [this.limits[key], first.limits[key], second.limits[key]]
    for (let bus = 0; bus < sums.length; bus++) sums[bus] = sums[bus]! + both(a[bus]!, b[bus]!)
    a.fill(0)
    b.fill(0)
  }
}

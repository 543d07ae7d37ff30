/** How a market year uses the grid: meters over every arc, and limits in every auction. */
import { flowsWithoutMarket, ArcMeters, type ArcFlows } from './arc-flows.ts'
import { LimitNotes, type ArcLimits } from './arc-limits.ts'
import { BothLimits } from './both-limits.ts'
import type { Network } from '../grid/network.ts'
import type { WheelingSlots } from './wheeling-slots.ts'
import { storageRow } from './order-rows.ts'
import type { Outcome } from './outcome.ts'
import type { Settled } from './pair-settlement.ts'
import type { Readings } from './readings.ts'
import type { RunState } from './run-state.ts'
import type { Seller, World } from './world.ts'

export interface GridUse {
  /** by bus, for the arc to its parent; bus 0 for what the whole zone exchanges */
  readonly before: ArcFlows
  readonly after: ArcFlows
  readonly limits: ArcLimits
  /** quarter-hours in which limits cost something, and the joint saving they cost [1e-7 CNY] */
  readonly boundIntervals: number
  readonly lostTickWh: bigint
}

export class GridNotes {
  readonly #world: World
  readonly #sellers: readonly Seller[]
  readonly #meters: ArcMeters
  readonly #limits: LimitNotes
  /** null where an interval is traded once */
  readonly #both: BothLimits | null

  /** @param left what a day-ahead auction leaves of the network, null where none is held */
  constructor(
    world: World,
    sellers: readonly Seller[],
    { network }: WheelingSlots,
    left: Network | null = null,
  ) {
    this.#world = world
    this.#sellers = sellers
    this.#meters = new ArcMeters(world, sellers)
    this.#limits = new LimitNotes(network, world.zone.market)
    this.#both = left && new BothLimits(network, left, world.zone.market)
  }

  /** @param ahead of the day before, where the interval was traded then too */
  note(
    outcome: Outcome,
    { rowWh, turnedDownWh }: Settled,
    readings: Readings,
    ahead: Outcome | null = null,
  ): void {
    const { rows } = outcome
    this.#meters.begin(readings)
    for (let who = 0; who < turnedDownWh.length; who++) {
      if (turnedDownWh[who]! > 0) this.#meters.add(this.#sellers[who]!.bus, -turnedDownWh[who]!)
    }
    for (let row = 0; row < rows.book.count; row++) {
      if (rows.kind[row] !== storageRow) continue
      const { bus } = this.#world.zone.storages[rows.who[row]!]!
      this.#meters.add(bus, rows.book.side[row] === 0 ? -rowWh[row]! : rowWh[row]!)
    }
    this.#meters.end()
    if (ahead) this.#both!.note(ahead, outcome)
    else if (outcome.isHeld) this.#limits.note(outcome)
  }

  /** @param baseline the run without the market */
  against(baseline: RunState): GridUse {
    const { limits, boundIntervals, lostTickWh } = this.#both ?? this.#limits
    const after = this.#meters.flows
    return {
      before: this.#movesNothing(baseline) ? after : flowsWithoutMarket(baseline),
      after,
      limits,
      boundIntervals,
      lostTickWh,
    }
  }

  /** Whether every meter of the market year shows what it shows without the market: nothing in it can be moved. */
  #movesNothing({ world, sellers }: RunState): boolean {
    const isSame = (each: { readonly meteredWh: Int32Array }, other: { readonly meteredWh: Int32Array }) =>
      each.meteredWh === other.meteredWh
    return (
      world.zone.storages.length === 0 &&
      world.buyers.every((buyer, who) => isSame(buyer, this.#world.buyers[who]!)) &&
      sellers.every((seller, who) => isSame(seller, this.#sellers[who]!) && seller.curtailBelowE8 === 0)
    )
  }
}

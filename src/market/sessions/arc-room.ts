/**
 * The room of the arcs that all sessions before the auction share. A trade of b Wh takes b on every arc of its path, up
 * or down, and adds nothing in the other direction: what is taken stays deliverable even when a trade the other way falls
 * away. The auction runs on the network that is left, so all of it together never exceeds an arc's capacity.
 */
import { assert } from '../../base/errors.ts'
import type { Network } from '../../grid/network.ts'
import { TreePaths, type Direction } from './tree-paths.ts'

/** The arc above a bus that has less room than a trade wants. */
export interface FullArc {
  /** row of the bus below the arc */
  readonly bus: number
  readonly direction: Direction
  readonly wantedWh: number
  readonly leftWh: number
}

/** Told when an arc's last room in a direction is taken (`open` false), and when there is some again. */
export type OnTurn = (bus: number, direction: Direction, open: boolean) => void

export class ArcRoom {
  readonly network: Network
  readonly paths: TreePaths
  readonly #busIds: readonly string[] | null
  readonly #upWh: Float64Array
  readonly #downWh: Float64Array
  readonly #listeners: OnTurn[] = []

  /** @param busIds names of the buses by row, for refusals */
  constructor(network: Network, busIds: readonly string[] | null = null) {
    this.network = network
    this.paths = new TreePaths(network)
    this.#busIds = busIds
    this.#upWh = network.capacityUpWh.slice()
    this.#downWh = network.capacityDownWh.slice()
  }

  /** Room left above a bus; Infinity where the arc has no limit [Wh]. */
  leftWh(bus: number, direction: Direction): number {
    return (direction === 'up' ? this.#upWh : this.#downWh)[bus]!
  }

  /** What the path from the seller's bus to the buyer's still carries; Infinity within one bus [Wh]. */
  mostWh(sellBus: number, buyBus: number): number {
    if (sellBus === buyBus) return Infinity
    const top = this.paths.meet(sellBus, buyBus)
    const { parent } = this.network
    let mostWh = Infinity
    for (let bus = sellBus; bus !== top; bus = parent[bus]!) mostWh = Math.min(mostWh, this.#upWh[bus]!)
    for (let bus = buyBus; bus !== top; bus = parent[bus]!) mostWh = Math.min(mostWh, this.#downWh[bus]!)
    return mostWh
  }

  /** The narrowest arc of a path, the first from the seller among equals, where it has less than is wanted. */
  narrowest(sellBus: number, buyBus: number, wantedWh: number): FullArc | null {
    const leftWh = this.mostWh(sellBus, buyBus)
    if (leftWh >= wantedWh) return null
    const top = this.paths.meet(sellBus, buyBus)
    const up = this.#way(sellBus, top).find((bus) => this.#upWh[bus] === leftWh)
    if (up !== undefined) return { bus: up, direction: 'up', wantedWh, leftWh }
    const down = this.#way(buyBus, top).findLast((bus) => this.#downWh[bus] === leftWh)!
    return { bus: down, direction: 'down', wantedWh, leftWh }
  }

  /** @throws BrokenAssertion for more than the path carries: ask {@link mostWh} first */
  take(sellBus: number, buyBus: number, energyWh: number): void {
    if (sellBus !== buyBus) this.#move(sellBus, buyBus, -energyWh)
  }

  /** Returns what a cancelled contract had taken. */
  giveBack(sellBus: number, buyBus: number, energyWh: number): void {
    if (sellBus !== buyBus) this.#move(sellBus, buyBus, energyWh)
  }

  onTurn(listener: OnTurn): void {
    this.#listeners.push(listener)
  }

  /** The network with the capacities that are left now, its arrays its own. */
  left(): Network {
    return { ...this.network, capacityUpWh: this.#upWh.slice(), capacityDownWh: this.#downWh.slice() }
  }

  /** How a bus is called in a refusal. */
  nameOf(bus: number): string {
    return this.#busIds?.[bus] ?? `in row ${bus}`
  }

  #way(from: number, top: number): number[] {
    const buses: number[] = []
    for (let bus = from; bus !== top; bus = this.network.parent[bus]!) buses.push(bus)
    return buses
  }

  #move(sellBus: number, buyBus: number, byWh: number): void {
    const top = this.paths.meet(sellBus, buyBus)
    const { parent, capacityUpWh, capacityDownWh } = this.network
    for (let bus = sellBus; bus !== top; bus = parent[bus]!)
      if (this.#change(this.#upWh, capacityUpWh, bus, byWh)) this.#tell(bus, 'up', byWh > 0)
    for (let bus = buyBus; bus !== top; bus = parent[bus]!)
      if (this.#change(this.#downWh, capacityDownWh, bus, byWh)) this.#tell(bus, 'down', byWh > 0)
  }

  /** Whether the arc ran out of room or has some again. */
  #change(roomWh: Float64Array, capacityWh: Float64Array, bus: number, byWh: number): boolean {
    const before = roomWh[bus]!
    const after = before + byWh
    assert(
      after >= 0 && after <= capacityWh[bus]!,
      () => `bus ${bus}: ${after} Wh of room is none of its arc`,
    )
    roomWh[bus] = after
    return (before === 0) !== (after === 0)
  }

  #tell(bus: number, direction: Direction, open: boolean): void {
    for (const listener of this.#listeners) listener(bus, direction, open)
  }
}

/**
 * The steps that buses bring to the market themselves, before anything flows: for each bus a curve, as described in
 * `add-curves.ts`.
 */
import { grown } from '../grown.ts'
import { emptyCurve } from './add-curves.ts'

export class OwnSteps {
  /** what stands behind the last curve belongs to whoever works with them */
  pairs = new Float64Array(1024)
  /** where the curve of a bus begins and ends: pairs[start[bus]] up to pairs[start[bus + 1]] */
  readonly start: Int32Array
  #length = 0

  constructor(buses: number) {
    this.start = new Int32Array(buses + 1)
  }

  /** Forgets all steps and makes room for at most so many. */
  begin(steps: number): void {
    this.#length = 0
    const numbers = 2 * steps + 4 * (this.start.length - 1)
    if (numbers > this.pairs.length) this.pairs = new Float64Array(2 * numbers)
  }

  /** Begins the curve of the next bus. */
  open(bus: number, demandWh: number): void {
    this.start[bus] = this.#length
    this.#write(-Infinity, 0 - demandWh)
  }

  /** Adds a step; keys never fall. */
  push(key: number, energyWh: number): void {
    const level = this.pairs[this.#length - 1]! + energyWh
    if (this.pairs[this.#length - 2] === key) this.#length -= 2
    this.#write(key, level)
  }

  /**
   * Adds a step for each of some orders, whose keys never fall.
   *
   * @param row where the order of each key from `from` up to `to` stands in `quantityWh`
   */
  pushOrders(key: Float64Array, row: Int32Array, from: number, to: number, quantityWh: Float64Array): void {
    const { pairs } = this
    let at = this.#length - 2
    let level = pairs[at + 1]!
    for (let order = from; order < to; order++) {
      const own = key[order]!
      level += quantityWh[row[order]!]!
      at += 2 * Number(own !== pairs[at])
      pairs[at] = own
      pairs[at + 1] = level
    }
    this.#length = at + 2
  }

  /** Ends the curve of a bus. */
  close(bus: number): void {
    this.#write(Infinity, Infinity)
    this.start[bus + 1] = this.#length
  }

  /** where the last curve ends */
  get end(): number {
    return this.#length
  }

  /** Makes so many numbers of room and keeps what stands there. */
  reserve(numbers: number): void {
    if (numbers > this.pairs.length) this.pairs = grown(this.pairs, 2 * numbers)
  }

  /** energy that the buys of a bus ask for [Wh] */
  demandWh(bus: number): number {
    return 0 - this.pairs[this.start[bus]! + 1]!
  }

  isEmpty(bus: number): boolean {
    return this.start[bus + 1]! - this.start[bus]! === emptyCurve
  }

  /** Where the step before all of at least `key` stands. */
  before(bus: number, key: number): number {
    const { pairs } = this
    let at = this.start[bus]!
    while (pairs[at + 2]! < key) at += 2
    return at
  }

  /** steps of all buses */
  get count(): number {
    return this.#length / 2 - 2 * (this.start.length - 1)
  }

  #write(key: number, level: number): void {
    const at = this.#length
    this.pairs[at] = key
    this.pairs[at + 1] = level
    this.#length = at + 2
  }
}

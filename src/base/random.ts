/**
 * Seeded chance. Every use has a stream of its own, named by what it is for (`load/ent-07`), so that adding a
 * participant leaves every other participant's year as it was. The generator's state is the SHA-256 of seed
 * and name, since small integer seeds make poor first draws.
 *
 * The generator is xoroshiro128+ (Blackman and Vigna 2018), normal draws are Marsaglia's polar method. Both are written out
 * here because a district's year takes forty million draws; tests hold them to what `pure-rand` and `d3-random` give.
 */
import { createHash } from 'node:crypto'

export interface RandomStream {
  /** Uniform in [0, 1), a multiple of 2^−53. */
  readonly uniform: () => number
  /** Normal with mean 0 and standard deviation 1. */
  readonly normal: () => number
  /** Fills a column with what as many calls of `normal` would give, in a third of their time. */
  readonly fillNormal: (column: Float64Array) => void
}

/** Opens the stream `name` of the run seeded with `seed`: same seed and name, same draws, on every machine. */
export function randomStream(seed: number, name: string): RandomStream {
  const hash = createHash('sha256').update(`${seed}/${name}`).digest()
  const generator = new Generator(Int32Array.from([0, 4, 8, 12], (offset) => hash.readInt32LE(offset)))
  const normals = new NormalDraws(generator)
  return {
    uniform: () => generator.uniform(),
    normal: () => normals.next(),
    fillNormal: (column) => normals.fill(column),
  }
}

class Generator {
  /** two 64-bit words, the high half of each before its low half */
  readonly #state: Int32Array

  constructor(state: Int32Array) {
    this.#state = state
  }

  /** The low half of the next word. */
  #next(): number {
    const state = this.#state
    const high = state[0]!
    const low = state[1]!
    const drawn = (low + state[3]!) | 0
    const mixedHigh = state[2]! ^ high
    const mixedLow = state[3]! ^ low
    state[0] = (high << 24) ^ (low >>> 8) ^ mixedHigh ^ ((mixedHigh << 16) | (mixedLow >>> 16))
    state[1] = (low << 24) ^ (high >>> 8) ^ mixedLow ^ (mixedLow << 16)
    state[2] = (mixedLow << 5) ^ (mixedHigh >>> 27)
    state[3] = (mixedHigh << 5) ^ (mixedLow >>> 27)
    return drawn
  }

  uniform(): number {
    const high = this.#next() & 0x3ffffff
    const low = this.#next() & 0x7ffffff
    return high * 2 ** -26 + low * 2 ** -53
  }
}

/** Normal draws come in pairs; the second of each waits for its turn. */
class NormalDraws {
  readonly #generator: Generator
  readonly #one = new Float64Array(1)
  #waiting = 0
  #isWaiting = false

  constructor(generator: Generator) {
    this.#generator = generator
  }

  next(): number {
    this.fill(this.#one)
    return this.#one[0]!
  }

  /** A point drawn evenly in the unit circle, stretched along its ray: (x, y) · √(−2 ln r² / r²). */
  fill(column: Float64Array): void {
    const generator = this.#generator
    let at = 0
    if (this.#isWaiting && column.length > 0) column[at++] = this.#waiting
    if (at > 0) this.#isWaiting = false
    while (at < column.length) {
      let x = 0
      let y = 0
      let square = 0
      do {
        x = generator.uniform() * 2 - 1
        y = generator.uniform() * 2 - 1
        square = x * x + y * y
      } while (square === 0 || square > 1)
      const stretch = Math.sqrt((-2 * Math.log(square)) / square)
      column[at++] = y * stretch
      if (at < column.length) column[at++] = x * stretch
      else {
        this.#waiting = x * stretch
        this.#isWaiting = true
      }
    }
  }
}

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
  const uniforms = new UniformDraws(Int32Array.from([0, 4, 8, 12], (offset) => hash.readInt32LE(offset)))
  const normals = new NormalDraws(uniforms)
  return {
    uniform: () => uniforms.next(),
    normal: () => normals.next(),
    fillNormal: (column) => normals.fill(column),
  }
}

/** So many words are drawn ahead, in one loop that keeps the generator's state out of memory. */
const wordsAhead = 512
/** A draw takes the low halves of two words. */
const wordsPerDraw = 2

class UniformDraws {
  /** two 64-bit words, the high half of each before its low half */
  readonly #state: Int32Array
  /** low halves of the words to come, from #at on */
  readonly #words = new Int32Array(wordsAhead)
  #at = wordsAhead

  constructor(state: Int32Array) {
    this.#state = state
  }

  next(): number {
    if (this.#at === wordsAhead) this.#drawAhead()
    this.#at += wordsPerDraw
    return uniformOf(this.#words, this.#at - wordsPerDraw)
  }

  /**
   * Points drawn evenly in the unit circle but for its middle. One outside is overwritten by the next: a branch on it would be
   * guessed wrong every fifth time.
   *
   * @param count up to the length of the columns
   */
  fillPoints(count: number, { x, y, square }: Points): void {
    const words = this.#words
    let found = 0
    while (found < count) {
      if (this.#at > wordsAhead - 2 * wordsPerDraw) this.#drawAhead()
      const tries = Math.min(count - found, ((wordsAhead - this.#at) / (2 * wordsPerDraw)) | 0)
      const end = this.#at + tries * 2 * wordsPerDraw
      for (let at = this.#at; at < end; at += 2 * wordsPerDraw) {
        const drawnX = uniformOf(words, at) * 2 - 1
        const drawnY = uniformOf(words, at + wordsPerDraw) * 2 - 1
        const drawnSquare = drawnX * drawnX + drawnY * drawnY
        x[found] = drawnX
        y[found] = drawnY
        square[found] = drawnSquare
        found += Number(drawnSquare <= 1) & Number(drawnSquare > 0)
      }
      this.#at = end
    }
  }

  /** Draws anew behind what nobody has taken yet. */
  #drawAhead(): void {
    const words = this.#words
    const state = this.#state
    const left = wordsAhead - this.#at
    words.copyWithin(0, this.#at)
    this.#at = 0
    let high0 = state[0]!
    let low0 = state[1]!
    let high1 = state[2]!
    let low1 = state[3]!
    for (let word = left; word < wordsAhead; word++) {
      words[word] = low0 + low1
      const mixedHigh = high1 ^ high0
      const mixedLow = low1 ^ low0
      const nextHigh = (high0 << 24) ^ (low0 >>> 8) ^ mixedHigh ^ ((mixedHigh << 16) | (mixedLow >>> 16))
      low0 = (low0 << 24) ^ (high0 >>> 8) ^ mixedLow ^ (mixedLow << 16)
      high0 = nextHigh
      high1 = (mixedLow << 5) ^ (mixedHigh >>> 27)
      low1 = (mixedHigh << 5) ^ (mixedLow >>> 27)
    }
    state[0] = high0
    state[1] = low0
    state[2] = high1
    state[3] = low1
  }
}

function uniformOf(words: Int32Array, at: number): number {
  return (words[at]! & 0x3ffffff) * 2 ** -26 + (words[at + 1]! & 0x7ffffff) * 2 ** -53
}

interface Points {
  readonly x: Float64Array
  readonly y: Float64Array
  /** of the distance from the middle */
  readonly square: Float64Array
}

/** Room for the points of one call, which leaves nothing in it. */
const pointsAtOnce = 64
const points: Points = {
  x: new Float64Array(pointsAtOnce),
  y: new Float64Array(pointsAtOnce),
  square: new Float64Array(pointsAtOnce),
}

/** Normal draws come in pairs; the second of each waits for its turn. */
class NormalDraws {
  readonly #uniforms: UniformDraws
  readonly #one = new Float64Array(1)
  #waiting = 0
  #isWaiting = false

  constructor(uniforms: UniformDraws) {
    this.#uniforms = uniforms
  }

  next(): number {
    this.fill(this.#one)
    return this.#one[0]!
  }

  /** A point drawn evenly in the unit circle, stretched along its ray: (x, y) · √(−2 ln r² / r²). */
  fill(column: Float64Array): void {
    const { x, y, square } = points
    let at = 0
    if (this.#isWaiting && column.length > 0) {
      column[at++] = this.#waiting
      this.#isWaiting = false
    }
    while (at < column.length) {
      const count = Math.min(pointsAtOnce, (column.length - at + 1) >> 1)
      this.#uniforms.fillPoints(count, points)
      for (let point = 0; point < count; point++) {
        const stretch = Math.sqrt((-2 * Math.log(square[point]!)) / square[point]!)
        column[at++] = y[point]! * stretch
        if (at < column.length) column[at++] = x[point]! * stretch
        else {
          this.#waiting = x[point]! * stretch
          this.#isWaiting = true
        }
      }
    }
  }
}

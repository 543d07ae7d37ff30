/**
 * Sorted runs of steps, each step a pair (key, energy) in one column, and their merging into one curve. Which of two steps
 * comes next is computed, not branched on: a branch would be guessed wrong half the time.
 */
export class StepRuns {
  /** pairs of all runs, one after the other */
  pairs = new Float64Array(256)
  /** numbers in use, twice the steps */
  length = 0
  #spare = new Float64Array(256)
  #starts = new Int32Array(16)
  #runs = 0

  begin(): void {
    this.length = 0
    this.#runs = 0
  }

  /** Opens a run of at most so many steps: what the caller writes from {@link length} on, moving it, belongs to the run. */
  open(steps: number): void {
    if (this.length + 2 * steps > this.pairs.length) this.#grow(this.length + 2 * steps)
    if (this.#runs + 2 >= this.#starts.length) this.#starts = grownInts(this.#starts)
    this.#starts[this.#runs++] = this.length
  }

  /** Merges pair by pair until one run is left. */
  merge(): void {
    while (this.#runs > 1) {
      const { pairs: from } = this
      const to = this.#spare
      const starts = this.#starts
      starts[this.#runs] = this.length
      let length = 0
      let merged = 0
      for (let run = 0; run < this.#runs; run += 2) {
        const middle = starts[run + 1]!
        const end = run + 1 < this.#runs ? starts[run + 2]! : middle
        const start = starts[run]!
        starts[merged++] = length
        length = mergeTwo(from, start, middle, end, to, length)
      }
      this.#runs = merged
      this.length = length
      this.pairs = to
      this.#spare = from
    }
  }

  /**
   * Merges the one or two runs there are into a curve of pairs (key, level).
   *
   * @param to has room for {@link length} numbers from `at` on
   * @param level net export below all keys [Wh]
   * @returns where the curve ends
   */
  writeCurve(to: Float64Array, at: number, level: number): number {
    const middle = this.#runs > 1 ? this.#starts[1]! : this.length
    return mergeToLevels(this.pairs, middle, this.length, to, at, level)
  }

  #grow(length: number): void {
    const larger = new Float64Array(length * 2)
    larger.set(this.pairs.subarray(0, this.length))
    this.pairs = larger
    this.#spare = new Float64Array(length * 2)
  }
}

/** Merges from[start…middle) and from[middle…end) into `to` at `out`; returns where it ends. */
function mergeTwo(
  from: Float64Array,
  start: number,
  middle: number,
  end: number,
  to: Float64Array,
  out: number,
): number {
  let left = start
  let right = middle
  let at = out
  while (left < middle && right < end) {
    const takesLeft = Number(from[left]! <= from[right]!)
    const next = (left & -takesLeft) | (right & (takesLeft - 1))
    to[at] = from[next]!
    to[at + 1] = from[next + 1]!
    left += 2 * takesLeft
    right += 2 - 2 * takesLeft
    at += 2
  }
  for (; left < middle; left++) to[at++] = from[left]!
  for (; right < end; right++) to[at++] = from[right]!
  return at
}

/** The same for from[0…middle) and from[middle…end), with levels in place of energies and equal keys joined. */
function mergeToLevels(
  from: Float64Array,
  middle: number,
  end: number,
  to: Float64Array,
  out: number,
  first: number,
): number {
  let left = 0
  let right = middle
  let at = out - 2
  let level = first
  let last = NaN
  while (left < middle && right < end) {
    const takesLeft = Number(from[left]! <= from[right]!)
    const next = (left & -takesLeft) | (right & (takesLeft - 1))
    const key = from[next]!
    level += from[next + 1]!
    at += 2 * Number(key !== last)
    to[at] = key
    to[at + 1] = level
    last = key
    left += 2 * takesLeft
    right += 2 - 2 * takesLeft
  }
  // One of the two runs is left.
  const restEnd = left < middle ? middle : end
  for (let next = left < middle ? left : right; next < restEnd; next += 2) {
    const key = from[next]!
    level += from[next + 1]!
    at += 2 * Number(key !== last)
    to[at] = key
    to[at + 1] = level
    last = key
  }
  return at + 2
}

function grownInts(column: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(column.length * 2)
  larger.set(column)
  return larger
}

/**
 * The curves of all buses, kept as sorted steps in shared columns. A step is one (price, kind) group of a bus: how
 * much net export it adds when the price passes it, and the smallest sequence number in it.
 */
export class CurveStore {
  priceTicks = new Float64Array(256)
  /** 0 sells, 1 buys; sells come first at a price */
  kind = new Uint8Array(256)
  energyWh = new Float64Array(256)
  firstSequence = new Float64Array(256)
  count = 0

  /** Makes room for so many further steps. */
  reserve(steps: number): void {
    const needed = this.count + steps
    if (needed <= this.priceTicks.length) return
    const size = Math.max(needed, this.priceTicks.length * 2)
    this.priceTicks = grown(this.priceTicks, size)
    this.energyWh = grown(this.energyWh, size)
    this.firstSequence = grown(this.firstSequence, size)
    const kind = new Uint8Array(size)
    kind.set(this.kind)
    this.kind = kind
  }

  push(priceTicks: number, kind: number, energyWh: number, firstSequence: number): void {
    const step = this.count++
    this.priceTicks[step] = priceTicks
    this.kind[step] = kind
    this.energyWh[step] = energyWh
    this.firstSequence[step] = firstSequence
  }
}

function grown(column: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(size)
  larger.set(column)
  return larger
}

/** Joins sorted runs of steps into one sorted run without duplicates, pair by pair. */
export class RunMerger {
  #from = new CurveStore()
  #to = new CurveStore()
  /** starts of the runs in {@link #from}; one more entry ends the last */
  #starts: number[] = []
  #nextStarts: number[] = []

  begin(): void {
    this.#from.count = 0
    this.#starts.length = 0
  }

  /** Opens a run; steps pushed from now on belong to it, in ascending order. */
  openRun(steps: number): CurveStore {
    this.#from.reserve(steps)
    this.#starts.push(this.#from.count)
    return this.#from
  }

  /** Merges all runs and appends the result to `out`. */
  finish(out: CurveStore): void {
    while (this.#starts.length > 1) this.#mergePairs()
    out.reserve(this.#from.count)
    const { priceTicks, kind, energyWh, firstSequence, count } = this.#from
    for (let step = 0; step < count; step++) {
      out.push(priceTicks[step]!, kind[step]!, energyWh[step]!, firstSequence[step]!)
    }
  }

  #mergePairs(): void {
    const from = this.#from
    const to = this.#to
    to.count = 0
    to.reserve(from.count)
    const starts = this.#nextStarts
    starts.length = 0
    for (let run = 0; run < this.#starts.length; run += 2) {
      starts.push(to.count)
      const middle = this.#starts[run + 1] ?? from.count
      mergeTwo(from, this.#starts[run]!, middle, this.#starts[run + 2] ?? from.count, to)
    }
    this.#nextStarts = this.#starts
    this.#starts = starts
    this.#from = to
    this.#to = from
  }
}

function mergeTwo(from: CurveStore, start: number, middle: number, end: number, to: CurveStore): void {
  const { priceTicks, kind, energyWh, firstSequence } = from
  let left = start
  let right = middle
  while (left < middle && right < end) {
    const order = priceTicks[left]! - priceTicks[right]! || kind[left]! - kind[right]!
    if (order === 0) {
      const sequence = Math.min(firstSequence[left]!, firstSequence[right]!)
      to.push(priceTicks[left]!, kind[left]!, energyWh[left]! + energyWh[right]!, sequence)
      left++
      right++
    } else {
      const next = order < 0 ? left++ : right++
      to.push(priceTicks[next]!, kind[next]!, energyWh[next]!, firstSequence[next]!)
    }
  }
  for (; left < middle; left++) to.push(priceTicks[left]!, kind[left]!, energyWh[left]!, firstSequence[left]!)
  for (; right < end; right++)
    to.push(priceTicks[right]!, kind[right]!, energyWh[right]!, firstSequence[right]!)
}

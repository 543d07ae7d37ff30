/**
 * What stored energy is worth to come, for every whole Wh stored: piecewise linear between whole levels that climb, and −∞
 * outside of them. Not always concave. All numbers are whole, so nothing is rounded.
 */
export interface ValueCurve {
  readonly levelWh: readonly number[]
  /** [Wh·tick] */
  readonly worth: readonly number[]
}

export function worthAt({ levelWh, worth }: ValueCurve, level: number): number {
  const last = levelWh.length - 1
  if (last < 0 || level < levelWh[0]! || level > levelWh[last]!) return -Infinity
  let at = 0
  for (let left = last; left > 0;) {
    const half = (left + 1) >> 1
    if (levelWh[at + half]! <= level) at += half
    left -= half
  }
  if (levelWh[at] === level) return worth[at]!
  const slope = (worth[at + 1]! - worth[at]!) / (levelWh[at + 1]! - levelWh[at]!)
  return worth[at]! + Math.round((level - levelWh[at]!) * slope)
}

/** Energy that a step may move at one price: from a level s to any between s + downWh and s + upWh. */
export interface Move {
  /** ≤ 0, and 0 of a charge [Wh] */
  readonly downWh: number
  /** ≥ 0, and 0 of a discharge [Wh] */
  readonly upWh: number
  /** paid for a Wh put in, earned by one taken out [ticks] */
  readonly ticks: number
}

/**
 * The best that a move makes of a curve, at every level s within the capacity:
 *
 *     max over the levels u that can be reached of worth(u) − ticks · (u − s)
 *
 * The best u is one of three: the lowest or the highest that can be reached, or one in between where the curve turns.
 */
export function beforeMove(after: ValueCurve, { downWh, upWh, ticks }: Move, capacityWh: number): ValueCurve {
  const { levelWh } = after
  const net: ValueCurve = { levelWh, worth: after.worth.map((worth, at) => worth - ticks * levelWh[at]!) }
  const low = Math.max(0, (levelWh[0] ?? Infinity) - upWh)
  const high = Math.min(capacityWh, (levelWh.at(-1) ?? -Infinity) - downWh)
  if (low > high) return { levelWh: [], worth: [] }
  const highest = new SlidingHighest(net)
  const shifted = merged(
    levelWh.map((level) => level - upWh),
    levelWh.map((level) => level - downWh),
  )
  return envelope(placesWithin(shifted, low, high), (from, to) => {
    const inner = highest.between(to + downWh, from + upWh)
    return [
      [worthAt(net, from + downWh), worthAt(net, to + downWh)],
      [worthAt(net, from + upWh), worthAt(net, to + upWh)],
      [inner, inner],
    ]
  }).plus(ticks)
}

/** The higher of two curves, wherever one of them is. */
export function higherOf(one: ValueCurve, other: ValueCurve): ValueCurve {
  if (one.levelWh.length === 0) return other
  if (other.levelWh.length === 0) return one
  const places = merged(one.levelWh, other.levelWh)
  return envelope(placesWithin(places, places[0]!, places.at(-1)!), (from, to) =>
    [one, other].map((curve) => [worthAt(curve, from), worthAt(curve, to)]),
  )
}

type Line = readonly [atFrom: number, atTo: number]

/** The highest of some lines over each piece between two places, −∞ where a line is not. */
function envelope(places: readonly number[], linesOver: (from: number, to: number) => Line[]): Curve {
  const curve = new Curve()
  if (places.length === 1) {
    curve.add(places[0]!, Math.max(...linesOver(places[0]!, places[0]!).map(([worth]) => worth)))
  }
  for (let at = 1; at < places.length; at++) {
    const from = places[at - 1]!
    const to = places[at]!
    const lines = linesOver(from, to).filter(([a, b]) => a > -Infinity && b > -Infinity)
    for (const level of turnsOf(lines, from, to)) {
      const heights = lines.map(([a, b]) => a + Math.round(((level - from) * (b - a)) / (to - from)))
      curve.add(level, Math.max(...heights))
    }
  }
  return curve
}

/** The ends of a piece and the whole levels around the crossings of its lines. */
function turnsOf(lines: readonly Line[], from: number, to: number): number[] {
  const turns = [from, to]
  lines.forEach((one, at) => {
    for (const other of lines.slice(at + 1)) {
      const before = one[0] - other[0]
      const after = one[1] - other[1]
      if (before * after >= 0) continue
      const crossing = from + ((to - from) * before) / (before - after)
      turns.push(Math.floor(crossing), Math.ceil(crossing))
    }
  })
  return turns.toSorted((a, b) => a - b)
}

/** A curve that grows from below; levels at which its slope does not change are left out. */
class Curve implements ValueCurve {
  readonly levelWh: number[] = []
  readonly worth: number[] = []

  add(level: number, worth: number): void {
    const end = this.levelWh.length
    if (this.levelWh[end - 1] === level) return
    const isStraight =
      end > 1 && this.#slopeTo(end - 1) === (worth - this.worth[end - 1]!) / (level - this.levelWh[end - 1]!)
    const at = isStraight ? end - 1 : end
    this.levelWh[at] = level
    this.worth[at] = worth
  }

  /** The same with so many ticks more for every Wh. */
  plus(ticks: number): ValueCurve {
    return { levelWh: this.levelWh, worth: this.worth.map((worth, at) => worth + ticks * this.levelWh[at]!) }
  }

  #slopeTo(at: number): number {
    return (this.worth[at]! - this.worth[at - 1]!) / (this.levelWh[at]! - this.levelWh[at - 1]!)
  }
}

/** The highest worth of a curve's own levels in a window whose ends only climb. */
class SlidingHighest {
  readonly #curve: ValueCurve
  /** levels of the window that none after them surpasses, the highest first */
  readonly #open: number[] = []
  #first = 0
  #next = 0

  constructor(curve: ValueCurve) {
    this.#curve = curve
  }

  between(low: number, high: number): number {
    const { levelWh, worth } = this.#curve
    const open = this.#open
    for (; this.#next < levelWh.length && levelWh[this.#next]! <= high; this.#next++) {
      while (open.length > this.#first && worth[open.at(-1)!]! <= worth[this.#next]!) open.pop()
      open.push(this.#next)
    }
    while (this.#first < open.length && levelWh[open[this.#first]!]! < low) this.#first++
    return this.#first < open.length && low <= high ? worth[open[this.#first]!]! : -Infinity
  }
}

/** Levels of two lists that climb, in one, each once. */
function merged(one: readonly number[], other: readonly number[]): number[] {
  const all: number[] = []
  for (let [a, b] = [0, 0]; a < one.length || b < other.length;) {
    const level = Math.min(one[a] ?? Infinity, other[b] ?? Infinity)
    if (one[a] === level) a++
    if (other[b] === level) b++
    all.push(level)
  }
  return all
}

function placesWithin(levels: readonly number[], low: number, high: number): number[] {
  const inside = levels.filter((level) => level > low && level < high)
  return low === high ? [low] : [low, ...inside, high]
}

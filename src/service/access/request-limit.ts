/**
 * How many requests may come from one name in a minute. Windows are fixed and counted in memory, which costs a look-up a
 * request; names that have not come in a window are forgotten with it.
 */
const windowMs = 60_000

export class RequestLimit {
  readonly most: number
  readonly #now: () => number
  #counts = new Map<string, number>()
  #endsMs = 0

  /** @param now the wall clock [ms] */
  constructor(most: number, now: () => number) {
    this.most = most
    this.#now = now
  }

  /** Counts one request. @returns when to come back, where it is one too many [s] */
  count(name: string): number | undefined {
    const nowMs = this.#now()
    if (nowMs >= this.#endsMs) {
      this.#counts = new Map()
      this.#endsMs = nowMs + windowMs
    }
    const count = (this.#counts.get(name) ?? 0) + 1
    this.#counts.set(name, count)
    return count > this.most ? Math.ceil((this.#endsMs - nowMs) / 1000) : undefined
  }
}

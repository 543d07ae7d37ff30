/** How the timings are taken: the median of many runs after a warm-up, against floors measured in the same process. */

/** Milliseconds of each run. */
export function timesMs(runs: number, prepare: () => void, work: () => void): number[] {
  return Array.from({ length: runs }, () => {
    prepare()
    const start = performance.now()
    work()
    return performance.now() - start
  })
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}

/** A number with so many significant digits. */
export function digits(value: number, count = 3): number {
  return Number(value.toPrecision(count))
}

export interface Compared {
  readonly oursMs: number
  readonly floorsMs: readonly number[]
}

/**
 * Medians of our work and of floors in one run, each in a row of its own after a warm-up, so that each finds the caches as
 * it leaves them.
 *
 * @param floors each prepares outside and works inside the time
 */
export function compare(
  runs: number,
  ours: () => void,
  floors: readonly { readonly prepare: () => void; readonly work: () => void }[],
): Compared {
  const warmUp = Math.min(3000, Math.max(15, runs))
  timesMs(warmUp, () => {}, ours)
  const oursMs = median(timesMs(runs, () => {}, ours))
  const floorsMs = floors.map(({ prepare, work }) => {
    timesMs(Math.min(runs, 15), prepare, work)
    return median(timesMs(Math.min(runs, 101), prepare, work))
  })
  return { oursMs, floorsMs }
}

/** Slope of time against size on a log-log line, by least squares; 1 is linear. */
export function logSlope(sizes: readonly number[], times: readonly number[]): number {
  const xs = sizes.map(Math.log)
  const ys = times.map(Math.log)
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [mx, my] = [mean(xs), mean(ys)]
  const rise = xs.reduce((sum, x, at) => sum + (x - mx) * (ys[at]! - my), 0)
  return rise / xs.reduce((sum, x) => sum + (x - mx) ** 2, 0)
}

/**
 * Quarter-hours by number, for a market that runs by the clock: quarter n starts n · 15 minutes after
 * 1970-01-01T00:00:00Z. UTC+8 is a whole number of quarters, so a Chinese day starts on one.
 */
export const msPerQuarter = 900_000

/** The quarter a moment lies in. [UTC epoch ms → quarters since 1970] */
export function quarterAt(ms: number): number {
  return Math.floor(ms / msPerQuarter)
}

/** Start of a quarter. [quarters since 1970 → UTC epoch ms] */
export function quarterStartMs(quarter: number): number {
  return quarter * msPerQuarter
}

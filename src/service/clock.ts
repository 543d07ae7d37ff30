/**
 * The market's time. Nothing else in the service looks at a clock: it gets one of these as an argument.
 *
 * | clock | its time |
 * |---|---|
 * | real | the wall clock's |
 * | scaled | runs N times as fast, from where the market stood when the service started |
 * | manual | stands until an operator moves it |
 *
 * Several processes of a market agree on its time: the one that leads keeps its own in the store, and the others' clocks
 * follow. Between two beats they may still lie a little apart, so each has a lag that the store takes for standing still.
 */
import type { MarketClock } from '../store/port.ts'

export interface Clock {
  readonly kind: 'real' | 'scaled' | 'manual'
  /** market time a second of the wall clock */
  readonly speed: number
  /** market time [UTC epoch ms] */
  now(): number
  /**
   * The market's time is so far; a clock that lies behind goes on from there, but the wall clock is nobody's to move.
   * @returns whether the clock was moved
   */
  follow(ms: number): boolean
}

/** The wall clock [UTC epoch ms] and waiting by it; tests bring their own. */
export interface WallClock {
  now(): number
  /** resolves after so many ms, or at once when the signal is aborted */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export type ClockChoice =
  | { readonly kind: 'real' }
  | { readonly kind: 'scaled'; readonly speed: number }
  | { readonly kind: 'manual' }

/** A manual clock stands where the store says, so that every process of a market sees it alike. */
export class ManualClock implements Clock {
  readonly kind = 'manual'
  readonly speed = 0
  readonly #kept: MarketClock
  #position: number

  private constructor(kept: MarketClock, position: number) {
    this.#kept = kept
    this.#position = position
  }

  static async open(kept: MarketClock): Promise<ManualClock> {
    return new ManualClock(kept, await kept.position())
  }

  now(): number {
    return this.#position
  }

  /** Kept before it is told. */
  async moveTo(ms: number): Promise<void> {
    await this.#kept.advance(ms)
    this.follow(ms)
  }

  follow(ms: number): boolean {
    const isBehind = ms > this.#position
    if (isBehind) this.#position = ms
    return isBehind
  }
}

export async function openClock(choice: ClockChoice, kept: MarketClock, wall: WallClock): Promise<Clock> {
  switch (choice.kind) {
    case 'real':
      return { kind: 'real', speed: 1, now: () => wall.now(), follow: () => false }
    case 'scaled':
      return scaled(choice.speed, await kept.position(), wall)
    case 'manual':
      return ManualClock.open(kept)
  }
}

function scaled(speed: number, startMs: number, wall: WallClock): Clock {
  const startedAt = wall.now()
  let aheadMs = 0
  const now = () => startMs + aheadMs + Math.round((wall.now() - startedAt) * speed)
  return {
    kind: 'scaled',
    speed,
    now,
    follow: (ms) => {
      const behindMs = ms - now()
      if (behindMs > 0) aheadMs += behindMs
      return behindMs > 0
    },
  }
}

/** By the wall clock. [ms] */
const lagMs = 2_000

/**
 * How far a clock may lie behind what the market has recorded and be taken to stand still [market time, ms]. A manual one
 * stands where the store says and cannot go back; it only hears late of what another process moved.
 */
export function clockToleranceMs(choice: ClockChoice): number {
  switch (choice.kind) {
    case 'real':
      return lagMs
    case 'scaled':
      return lagMs * choice.speed
    case 'manual':
      return Infinity
  }
}

/**
 * The market's time. Nothing else in the service looks at a clock: it gets one of these as an argument.
 *
 * | clock | its time |
 * |---|---|
 * | real | the wall clock's |
 * | scaled | runs N times as fast, from where the market stood when the service started |
 * | manual | stands until an operator moves it |
 */
import type { MarketClock } from '../store/port.ts'

export interface Clock {
  readonly kind: 'real' | 'scaled' | 'manual'
  /** market time a second of the wall clock */
  readonly speed: number
  /** market time [UTC epoch ms] */
  now(): number
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
    this.#position = Math.max(this.#position, ms)
  }

  /** Another process may have moved it. */
  async refresh(): Promise<void> {
    this.#position = Math.max(this.#position, await this.#kept.position())
  }
}

export async function openClock(choice: ClockChoice, kept: MarketClock, wall: WallClock): Promise<Clock> {
  switch (choice.kind) {
    case 'real':
      return { kind: 'real', speed: 1, now: () => wall.now() }
    case 'scaled':
      return scaled(choice.speed, await kept.position(), wall)
    case 'manual':
      return ManualClock.open(kept)
  }
}

function scaled(speed: number, startMs: number, wall: WallClock): Clock {
  const startedAt = wall.now()
  return { kind: 'scaled', speed, now: () => startMs + Math.round((wall.now() - startedAt) * speed) }
}

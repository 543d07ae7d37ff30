/**
 * The beat of the market: whichever process leads looks at the clock, does what is due, and sleeps until the next thing is.
 * Another process may lead at any time; this one then waits for its turn.
 */
import type { Clock, WallClock } from '../clock.ts'
import { StoreFault } from '../../store/fault.ts'
import type { Leadership, MarketStore } from '../../store/port.ts'
import { ClearingNotProved, Overtaken, type Keeper } from './keeper.ts'
import { endMs, gateMs, gateWarningMs } from './timeline.ts'

export interface PulseOptions {
  readonly clock: Clock
  readonly wall: WallClock
  readonly store: MarketStore
  readonly keeper: Keeper
  /** one past the last interval of the market */
  readonly end: number
  readonly log: PulseLog
}

export interface PulseLog {
  info(detail: object, message: string): void
  warn(detail: object, message: string): void
  error(detail: object, message: string): void
}

/** What is wrong with the beat, if anything; orders are refused for some of it. */
export type Trouble = 'clock-behind' | 'not-proved' | 'store' | 'broken'

const longestSleepMs = 1000
const retryMs = 1000

export class Pulse {
  readonly #options: PulseOptions
  readonly #stopping = new AbortController()
  #wake = new AbortController()
  #beating: Promise<void> = Promise.resolve()
  #waiting: (() => void)[] = []
  /** everything due until then is done [market time] */
  #doneMs = -Infinity
  leads = false
  trouble: Trouble | null = null

  constructor(options: PulseOptions) {
    this.#options = options
  }

  start(): void {
    this.#beating = this.#beat()
  }

  /** Lets the beat that is under way end; nothing is started any more. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#wake.abort()
    await this.#beating
    this.#tell()
  }

  /** Something has changed: looks at once. */
  wake(): void {
    this.#wake.abort()
  }

  /** Whether everything due by the clock is done; false too where another process leads and has not got there. */
  get isCaughtUp(): boolean {
    const { store, clock, end } = this.#options
    const next = store.orders.openFrom
    return store.orders.clearFrom === next && (next >= end || gateMs(next) > clock.now())
  }

  /** Whether this process has done everything due until a moment. */
  isDoneUntil(ms: number): boolean {
    return this.#doneMs >= ms
  }

  /** Resolves once everything due until a moment is done here, or the process stops leading or has trouble. */
  async doneUntil(ms: number): Promise<void> {
    while (this.leads && this.trouble === null && this.#doneMs < ms && !this.#stopping.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
      })
    }
  }

  async #beat(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const leadership = await this.#lead()
      if (leadership) await this.#leadUntilLost(leadership)
      else await this.#sleep(longestSleepMs)
    }
  }

  async #lead(): Promise<Leadership | undefined> {
    try {
      return await this.#options.store.lead()
    } catch (error) {
      this.#note(error)
      return undefined
    }
  }

  async #leadUntilLost(leadership: Leadership): Promise<void> {
    const { keeper, log } = this.#options
    this.leads = true
    log.info({}, 'this process keeps the market')
    leadership.lost.addEventListener('abort', () => this.wake(), { once: true })
    while (!this.#stopping.signal.aborted && !leadership.lost.aborted) {
      await this.#once()
      this.#tell()
      await this.#sleep(this.trouble === null ? this.#untilNextMs() : retryMs)
    }
    this.leads = false
    keeper.forget()
    await leadership.release().catch(() => {})
  }

  async #once(): Promise<void> {
    const { clock, store, keeper } = this.#options
    const nowMs = clock.now()
    try {
      if (clock.kind !== 'manual') await store.clock.advance(nowMs)
      await keeper.keepUp(nowMs)
      this.#doneMs = Math.max(this.#doneMs, nowMs)
      if (this.trouble !== null) this.#options.log.info({}, 'the market goes on')
      this.trouble = null
    } catch (error) {
      if (!(error instanceof Overtaken)) this.#note(error)
    }
  }

  #note(error: unknown): void {
    const trouble = troubleOf(error)
    // A trouble that stays is told once.
    if (this.trouble !== trouble) this.#options.log.error({ err: error }, `the market stands: ${trouble}`)
    this.trouble = trouble
  }

  #tell(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** The wall clock's time until something is due: a warning, a gate, an end. */
  #untilNextMs(): number {
    const { clock, store, end } = this.#options
    if (clock.kind === 'manual') return longestSleepMs
    const next = store.orders.openFrom
    const nowMs = clock.now()
    const due = [gateMs(next) - gateWarningMs, gateMs(next), endMs(next - 1)].filter((ms) => ms > nowMs)
    if (next >= end || due.length === 0) return longestSleepMs
    return Math.min(longestSleepMs, (Math.min(...due) - nowMs) / clock.speed)
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#stopping.signal.aborted) return
    if (!this.#wake.signal.aborted) await this.#options.wall.sleep(ms, this.#wake.signal)
    this.#wake = new AbortController()
  }
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof ClearingNotProved) return 'not-proved'
  if (error instanceof StoreFault) return error.code === 'clock-backwards' ? 'clock-behind' : 'store'
  return 'broken'
}

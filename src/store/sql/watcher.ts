/** Learns what was written, here or by other processes, and tells those who keep copies of it. */
import type { GroupCommit } from '../journal/group-commit.ts'
import type { JournalMemory } from '../journal/memory.ts'
import type { News } from '../port.ts'
import { type Engine, readWith } from './engine.ts'
import { readStanding, type Standing } from './reads/market.ts'

export interface WatcherOptions {
  readonly engine: Engine
  readonly memory: JournalMemory
  readonly commit: GroupCommit
  readonly pollMs: number
  readonly standing: Standing
}

export class Watcher {
  readonly #with: WatcherOptions
  readonly #listeners = new Set<(news: News) => void>()
  readonly #timer: NodeJS.Timeout
  #standing: Standing
  #looking: Promise<void> | undefined
  #again = false

  constructor(options: WatcherOptions) {
    this.#with = options
    this.#standing = options.standing
    this.#timer = setInterval(() => this.look(), options.pollMs).unref()
    options.engine.listen?.(() => this.look())
  }

  watch(listener: (news: News) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Looks once more, now or after the look that is under way. */
  look(): void {
    this.#again = true
    this.#looking ??= this.#lookWhileAsked()
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#listeners.clear()
    await this.#looking
  }

  async #lookWhileAsked(): Promise<void> {
    while (this.#again) {
      this.#again = false
      // A database that cannot be read now is asked again later; requests meet the fault themselves.
      await this.#look().catch(() => {})
    }
    this.#looking = undefined
  }

  async #look(): Promise<void> {
    const before = this.#standing
    const now = await readWith(this.#with.engine, readStanding)
    await this.catchUp(now.lastSeq)
    this.#standing = now
    const news = {
      intervals: now.openFrom !== before.openFrom || now.clearFrom !== before.clearFrom,
      access: now.accessVersion !== before.accessVersion,
      events: now.lastEvent !== before.lastEvent,
      clock: now.clockMs !== before.clockMs,
    }
    if (Object.values(news).includes(true)) for (const listener of this.#listeners) listener(news)
  }

  /** Reads the journal up to a row at least. */
  async catchUp(seq: number): Promise<void> {
    const { memory, commit } = this.#with
    if (memory.seq >= seq) return
    await new Promise<void>((resolve, reject) => commit.add({ kind: 'catch-up', resolve, reject }))
  }
}

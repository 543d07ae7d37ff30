/** A whole market year of a variant, month by month, with a word to whoever waits after each. */
import { MarketRun } from './market-run.ts'
import type { Variant } from './variant.ts'
import { makeSellers, worldUnder, type World } from './world.ts'

/** Told after every simulated month, with the share of the work that is done; awaited, so that others get a turn. */
export type OnProgress = (share: number) => void | Promise<void>

/** Counts months of work. */
export class Progress {
  #done = 0
  readonly #all: number
  readonly #tell: OnProgress | undefined

  constructor(all: number, tell: OnProgress | undefined) {
    this.#all = all
    this.#tell = tell
  }

  async step(): Promise<void> {
    this.#done++
    await this.#tell?.(Math.min(1, this.#done / this.#all))
  }
}

export async function runMarket(world: World, variant: Variant, work: Progress): Promise<MarketRun> {
  const seen = worldUnder(world, variant.regime)
  const run = new MarketRun(seen, makeSellers(seen, variant.cogenerationOutsideE8), variant)
  for (let month = 0; month < world.zone.calendar.months.length; month++) {
    run.runMonth(month)
    await work.step()
  }
  return run
}

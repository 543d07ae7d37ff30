/** A whole market year of a variant, month by month, with a word to whoever waits after each. */
import { MarketRun } from './market-run.ts'
import { hostBatteries, payService } from './storage-service.ts'
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

/** Batteries that serve their hosts do so behind the meter, and are paid for it as their hosts' contracts have it. */
export async function runMarket(world: World, variant: Variant, work: Progress): Promise<MarketRun> {
  const seen = worldUnder(world, variant.regime)
  const serves = variant.storage && world.zone.storages.some(({ mode }) => mode !== 'arbitrage')
  const hosted = serves ? hostBatteries(seen, ({ mode }) => (mode === 'arbitrage' ? null : mode)) : null
  const own = hosted ? { ...seen, buyers: hosted.buyers } : seen
  const run = new MarketRun(own, makeSellers(own, variant.cogenerationOutsideE8), variant)
  for (let month = 0; month < world.zone.calendar.months.length; month++) {
    run.runMonth(month)
    await work.step()
  }
  if (hosted) {
    run.sheets.forEach((sheet, month) => {
      run.sheets[month] = payService(run.state, hosted, sheet, month)
    })
  }
  return run
}

/** Years without the market, by what batteries do in them and by the outside price of cogeneration. */
import type { RateE8 } from '../base/units.ts'
import type { StorageUnit } from '../scenario/zone.ts'
import { runBaseline, type BaselineRun } from './baseline-run.ts'
import { runUserSideBaseline } from './user-side.ts'
import { makeSellers, type World } from './world.ts'

/** Each baseline year of a world is run once. */
export class Baselines {
  readonly #world: World
  readonly #known = new Map<string, BaselineRun>()

  constructor(world: World) {
    this.#world = world
  }

  /** @param storage `as-named`: each battery in the mode that the scenario names for it */
  of(storage: 'idle' | 'user-side' | 'as-named', cogenerationOutsideE8: RateE8 | null): BaselineRun {
    const key = `${storage}/${cogenerationOutsideE8}`
    const known = this.#known.get(key)
    if (known) return known
    const run = this.#run(storage, cogenerationOutsideE8)
    this.#known.set(key, run)
    return run
  }

  #run(storage: 'idle' | 'user-side' | 'as-named', cogenerationOutsideE8: RateE8 | null): BaselineRun {
    const world = this.#world
    const serves = (unit: StorageUnit) => storage === 'user-side' || unit.baseline === 'user-side'
    const sellers = makeSellers(world, cogenerationOutsideE8)
    if (storage === 'idle') return runBaseline(world, sellers)
    if (!world.zone.storages.some(serves)) return this.of('idle', cogenerationOutsideE8)
    return runUserSideBaseline(world, sellers, serves)
  }
}

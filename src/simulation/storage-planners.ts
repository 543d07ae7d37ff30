/** Planners by length of horizon, each as large as the steps it was last asked for. */
import { StoragePlanner } from '../strategy/storage-plan.ts'

export class StoragePlanners {
  readonly #known = new Map<number, { readonly planner: StoragePlanner; readonly steps: number }>()

  of(intervals: number, steps: number): StoragePlanner {
    const known = this.#known.get(intervals)
    if (known && known.steps >= steps) return known.planner
    const planner = new StoragePlanner(intervals, 2 * steps)
    this.#known.set(intervals, { planner, steps: 2 * steps })
    return planner
  }
}

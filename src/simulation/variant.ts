/** What one market run of a scenario has that another has not: the regime, and which assets bid. */
import type { RateE8 } from '../base/units.ts'
import type { Regime } from '../grid/regimes/index.ts'

export interface Variant {
  readonly regime: Regime
  readonly storage: boolean
  readonly cogeneration: boolean
  /** an outside price to try for cogeneration, null for the scenario's own */
  readonly cogenerationOutsideE8: RateE8 | null
  /** keep tallies for the report: splits, cells, interval columns */
  readonly tallies: boolean
  /** keep every trade */
  readonly tradeList: boolean
}

/**
 * A wheeling regime (过网费办法) fills the arcs of a tree with fees, and says what a buyer pays on its own connection
 * on top. The latter is folded into the buyer's limit before clearing.
 */
import type { TdPrices } from '../td-prices.ts'
import type { TariffPart, VoltageLevel } from '../voltage.ts'

export interface LevelTree {
  /** parent[i] < i, -1 at the root */
  readonly parent: readonly number[]
  readonly level: readonly VoltageLevel[]
  /** level of the bus above the root outside the zone, null where there is none */
  readonly levelAboveRoot: VoltageLevel | null
}

export interface Filling {
  readonly feeUpTicks: Float64Array
  readonly feeDownTicks: Float64Array
  /** fee on the buyer's own connection [ticks] */
  readonly withdrawalTicks: (bus: number, part: TariffPart) => number
  /** false where a tree of fees cannot carry the rule to the letter; `note` says how it errs */
  readonly exact: boolean
  readonly note: string
}

/** T of a level in the column of a tariff part; the two-part column ends above 1 kV, so below it is the single one. */
export function tdPrice(prices: TdPrices, level: VoltageLevel, part: TariffPart): number {
  return (part === 'two' ? prices.two[level] : null) ?? prices.single[level]
}

/** Arcs without any fee. */
export function freeArcs(tree: LevelTree): { feeUpTicks: Float64Array; feeDownTicks: Float64Array } {
  return {
    feeUpTicks: new Float64Array(tree.parent.length),
    feeDownTicks: new Float64Array(tree.parent.length),
  }
}

/** The column an arc into a bus carries: below 1 kV all users are single-part, above it most are two-part. */
export function arcColumn(level: VoltageLevel): TariffPart {
  return level === '0.4kV' ? 'single' : 'two'
}

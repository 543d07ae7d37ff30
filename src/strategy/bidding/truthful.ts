/** `truthful`: the value itself, rounded so that a trade at the limit is never a loss. */
import type { Side } from './strategy.ts'

/**
 *     a buyer   ⌊value⌋            a seller   ⌈value⌉
 *
 * @param valueTicks what a kWh saves a buyer or earns a seller elsewhere, may be a fraction of a tick [0.0001 CNY/kWh]
 */
export function truthfulTicks(valueTicks: number, side: Side): number {
  return side === 0 ? Math.floor(valueTicks) : Math.ceil(valueTicks)
}

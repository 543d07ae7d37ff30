/** `markup`: the value shaded by a fixed share of it. */
import type { Side } from './strategy.ts'
import { truthfulTicks } from './truthful.ts'

/**
 *     a buyer   ⌊value − |value| · share⌋            a seller   ⌈value + |value| · share⌉
 *
 * @param share from 0, which is the truth, to 1
 */
export function markupTicks(valueTicks: number, side: Side, share: number): number {
  const shaded = Math.abs(valueTicks) * share
  return truthfulTicks(side === 0 ? valueTicks - shaded : valueTicks + shaded, side)
}

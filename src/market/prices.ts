/** From the range of supporting prices to the one price of each bus. */
import type { Network } from '../grid/network.ts'
import type { Clearing } from './clear.ts'

export const kDenominator = 10_000

export interface PriceRange {
  readonly floorTicks: number
  readonly capTicks: number
  /** k as whole ten-thousandths; 0 settles at the lowest supporting price, 10,000 at the highest */
  readonly kNumerator: number
}

/**
 * Clips both ends at every bus, then mixes them.
 *
 *     price = low + ⌊k · (high − low)⌋
 *
 * Whole numbers throughout: every constraint is a whole bound on one price or on a difference of two, so the result
 * still supports the clearing.
 */
export function busPrices(network: Network, clearing: Clearing, range: PriceRange, out: Float64Array): void {
  for (let bus = 0; bus < network.busCount; bus++) {
    const low = clip(clearing.priceLowTicks[bus]!, range)
    const high = clip(clearing.priceHighTicks[bus]!, range)
    out[bus] = mixed(low, high, range.kNumerator)
  }
}

/** A price between two that are clipped; an end itself is not computed. */
export function mixed(lowTicks: number, highTicks: number, kNumerator: number): number {
  if (kNumerator === 0) return lowTicks
  if (kNumerator === kDenominator) return highTicks
  return lowTicks + Math.floor((kNumerator * (highTicks - lowTicks)) / kDenominator)
}

/** A price inside floor and cap. */
export function clip(
  priceTicks: number,
  { floorTicks, capTicks }: Pick<PriceRange, 'floorTicks' | 'capTicks'>,
): number {
  return Math.min(capTicks, Math.max(floorTicks, priceTicks))
}

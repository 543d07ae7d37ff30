/**
 * Splits global horizontal irradiance into diffuse and direct normal.
 *
 * Source: D. G. Erbs, S. A. Klein, J. A. Duffie, "Estimation of the diffuse radiation fraction for hourly, daily and
 * monthly-average global radiation", Solar Energy 28 (1982) 293–302. Made for hours, used here for quarter-hours.
 */
import { radPerDeg } from '../sun.ts'

/** Diffuse share of global irradiance at a clearness index k = global / extraterrestrial horizontal. */
export function diffuseShare(clearness: number): number {
  const k = clearness
  if (k <= 0.22) return 1 - 0.09 * k
  if (k <= 0.8) return 0.9511 - 0.1604 * k + 4.388 * k ** 2 - 16.638 * k ** 3 + 12.336 * k ** 4
  return 0.165
}

/** Below this elevation direct normal irradiance would be a small number divided by a smaller one. [°] */
const lowestElevationDeg = 3

/**
 * @param extraterrestrial on a plane facing the sun [W/m²]
 * @returns diffuse horizontal and direct normal [W/m²]; all of it diffuse when the sun is low
 */
export function decompose(
  ghiWm2: number,
  elevationDeg: number,
  extraterrestrial: number,
): { dhiWm2: number; dniWm2: number } {
  if (elevationDeg < lowestElevationDeg) return { dhiWm2: ghiWm2, dniWm2: 0 }
  const sine = Math.sin(elevationDeg * radPerDeg)
  const dhiWm2 = ghiWm2 * diffuseShare(ghiWm2 / (extraterrestrial * sine))
  const dniWm2 = Math.min(extraterrestrial * 0.85, (ghiWm2 - dhiWm2) / sine)
  return { dhiWm2: ghiWm2 - dniWm2 * sine, dniWm2 }
}

/**
 * Irradiance on a tilted plane: direct by the angle of incidence, diffuse by Hay and Davies, the ground's reflection
 * isotropic; what the glass reflects at grazing angles by the ASHRAE modifier.
 *
 *     POA = DNI·cos θ·IAM(θ) + DHI·(A·cos θ / sin h + (1 − A)·(1 + cos β)/2) + GHI·ρ·(1 − cos β)/2,   A = DNI / E0
 *
 * Sources: J. E. Hay, J. A. Davies, Proc. First Canadian Solar Radiation Data Workshop (1980) 59–72;
 * ASHRAE 93-77 for IAM(θ) = 1 − b·(1/cos θ − 1) with b = 0.05.
 */
import { radPerDeg } from '../sun.ts'

export interface Plane {
  /** 0 flat, 90 upright [°] */
  readonly tiltDeg: number
  /** clockwise from north, 180 is south [°] */
  readonly azimuthDeg: number
  /** reflected share of the ground; 0.2 by default */
  readonly albedo?: number
}

export interface Irradiance {
  readonly ghiWm2: number
  readonly dniWm2: number
  readonly dhiWm2: number
  /** outside the atmosphere, facing the sun */
  readonly extraterrestrialWm2: number
}

const ashraeB = 0.05
/** The circumsolar term divides by the sun's height; pvlib's floor of cos 89° keeps sunrise from spiking. */
const lowestSine = 0.01745

/** @returns what reaches the cells of the plane [W/m²], ≥ 0 */
export function planeOfArrayWm2(
  plane: Plane,
  sun: { readonly elevationDeg: number; readonly azimuthDeg: number },
  { ghiWm2, dniWm2, dhiWm2, extraterrestrialWm2 }: Irradiance,
  options: { readonly reflection: boolean } = { reflection: true },
): number {
  if (ghiWm2 <= 0 && dhiWm2 <= 0 && dniWm2 <= 0) return 0
  const tilt = plane.tiltDeg * radPerDeg
  const height = sun.elevationDeg * radPerDeg
  const cosIncidence =
    Math.sin(height) * Math.cos(tilt) +
    Math.cos(height) * Math.sin(tilt) * Math.cos((sun.azimuthDeg - plane.azimuthDeg) * radPerDeg)
  const facing = sun.elevationDeg > 0 ? Math.max(0, cosIncidence) : 0
  const anisotropy = dniWm2 / extraterrestrialWm2
  const passed = options.reflection ? incidenceModifier(facing) : 1
  const direct = dniWm2 * facing * passed
  const sky =
    dhiWm2 *
    ((anisotropy * facing) / Math.max(lowestSine, Math.sin(height)) +
      ((1 - anisotropy) * (1 + Math.cos(tilt))) / 2)
  const ground = (ghiWm2 * (plane.albedo ?? 0.2) * (1 - Math.cos(tilt))) / 2
  return Math.max(0, direct + sky + ground)
}

function incidenceModifier(cosIncidence: number): number {
  if (cosIncidence <= 0) return 0
  return Math.max(0, 1 - ashraeB * (1 / cosIncidence - 1))
}

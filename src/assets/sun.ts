/**
 * Where the sun stands in the middle of each quarter-hour, by the library suncalc (within 0.02° of the NREL algorithm
 * above 2° elevation, refraction included).
 */
import { getPosition } from 'suncalc'
import { midMs, type Calendar } from '../base/calendar.ts'
import type { Site } from './site.ts'

/** One entry per interval; azimuth clockwise from north. [°] */
export interface SunTrack {
  readonly elevationDeg: Float64Array
  readonly azimuthDeg: Float64Array
}

const known = new WeakMap<Calendar, { site: Site; track: SunTrack }>()

export function sunTrack(site: Site, calendar: Calendar): SunTrack {
  const found = known.get(calendar)
  if (found && found.site === site) return found.track
  const track = {
    elevationDeg: new Float64Array(calendar.intervals),
    azimuthDeg: new Float64Array(calendar.intervals),
  }
  for (let interval = 0; interval < calendar.intervals; interval++) {
    const sun = sunAt(site, midMs(calendar, interval))
    track.elevationDeg[interval] = sun.elevationDeg
    track.azimuthDeg[interval] = sun.azimuthDeg
  }
  known.set(calendar, { site, track })
  return track
}

/** @param epochMs UTC */
export function sunAt(site: Site, epochMs: number): { elevationDeg: number; azimuthDeg: number } {
  const { altitude, azimuth } = getPosition(new Date(epochMs), site.latitudeDeg, site.longitudeDeg)
  return { elevationDeg: altitude, azimuthDeg: azimuth }
}

export const radPerDeg = Math.PI / 180

/**
 * Irradiance on a plane facing the sun outside the atmosphere.
 *
 *     1361 · (1 + 0.033 · cos(2π · day / 365))   [W/m²]
 */
export function extraterrestrialWm2(dayOfYear: number): number {
  return 1361 * (1 + 0.033 * Math.cos((2 * Math.PI * dayOfYear) / 365))
}

/**
 * The plant modelled from its own irradiance and temperature, by the functions of the product.
 *
 * Its instrument does not lie in the plane of the panels, so light is turned from one plane to the other: the horizontal
 * irradiance is sought that the decomposition and transposition of the product turn into what the instrument shows.
 */
import { planeOfArrayWm2, type Irradiance } from '../../../src/assets/pv/plane.ts'
import { acPowerKw, cellTemperatureC, dcPowerKw, type PvSystem } from '../../../src/assets/pv/system.ts'
import { extraterrestrialWm2, sunAt } from '../../../src/assets/sun.ts'
import { decompose } from '../../../src/assets/weather/decompose.ts'
import { plantKw, plantSite, type PlantDay, type Quarter } from './plant-data.ts'

/** Wind is not recorded. [m/s] */
const windMs = 2

export interface PlantModel {
  readonly panelTiltDeg: number
  readonly lossFraction: number
  readonly inverter: NonNullable<PvSystem['inverterCurve']>
  /** whether light is turned from the instrument's plane to the panels', or taken as shown */
  readonly light: 'turned' | 'as shown'
}

/** A quarter-hour's light, split and with the sun's place. */
export interface Lit {
  readonly quarter: Quarter
  readonly sun: { readonly elevationDeg: number; readonly azimuthDeg: number }
  readonly light: Irradiance
}

export function litQuarters({ quarters, day }: PlantDay, sensorTiltDeg: number): Lit[] {
  const extraterrestrial = extraterrestrialWm2(dayOfYear(day))
  return quarters
    .filter(({ totalWm2 }) => totalWm2 > 0)
    .map((quarter) => {
      const sun = sunAt(plantSite, quarter.middleMs)
      return { quarter, sun, light: lightOnPlane(quarter.totalWm2, sensorTiltDeg, sun, extraterrestrial) }
    })
}

/** Splits the light that an instrument facing south at a tilt shows. Low light is all diffuse, whatever the plane. */
export function lightOnPlane(
  shownWm2: number,
  tiltDeg: number,
  sun: { readonly elevationDeg: number; readonly azimuthDeg: number },
  extraterrestrial: number,
): Irradiance {
  let ghiWm2 = shownWm2
  let light: Irradiance = splitOf(ghiWm2, sun.elevationDeg, extraterrestrial)
  if (sun.elevationDeg < 3) return light
  for (let round = 0; round < 8; round++) {
    const plane = planeOfArrayWm2({ tiltDeg, azimuthDeg: 180 }, sun, light, { reflection: false })
    if (plane <= 0) return light
    ghiWm2 *= shownWm2 / plane
    light = splitOf(ghiWm2, sun.elevationDeg, extraterrestrial)
  }
  return light
}

function splitOf(ghiWm2: number, elevationDeg: number, extraterrestrial: number): Irradiance {
  return {
    ghiWm2,
    ...decompose(ghiWm2, elevationDeg, extraterrestrial),
    extraterrestrialWm2: extraterrestrial,
  }
}

/** Power of a quarter-hour. [kW] */
export function modelledKw(lit: Lit, { panelTiltDeg, lossFraction, inverter, light }: PlantModel): number {
  const { quarter } = lit
  const system: PvSystem = {
    capacityKwDc: plantKw,
    inverterKwAc: plantKw,
    tiltDeg: panelTiltDeg,
    azimuthDeg: 180,
    lossFraction,
    inverterEfficiency: 0.96,
    inverterCurve: inverter,
    temperatureCoefficientPerK: -0.0037,
    mounting: 'rack',
  }
  const poaWm2 = light === 'turned' ? planeOfArrayWm2(system, lit.sun, lit.light) : quarter.totalWm2
  const dcKw = dcPowerKw(system, poaWm2, cellTemperatureC('rack', poaWm2, quarter.airTempC, windMs))
  return acPowerKw(system, dcKw)
}

function dayOfYear(day: string): number {
  return Math.round((Date.parse(day) - Date.parse(`${day.slice(0, 4)}-01-01`)) / 86_400_000) + 1
}

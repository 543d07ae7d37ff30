/**
 * From weather to the alternating current of a PV system, the chain of PVWatts: plane irradiance, cell temperature,
 * direct current with losses, inverter with its limit.
 *
 *     T_cell = T_air + POA / (u0 + u1 · wind)                                  (Faiman 2008)
 *     P_dc   = capacity · POA / 1000 · (1 + γ · (T_cell − 25)) · (1 − losses)
 *     P_ac   = min(inverter, P_dc · η(P_dc))                                   (PVWatts v5 inverter curve, or one η)
 *
 * Source: A. P. Dobos, PVWatts Version 5 Manual, NREL/TP-6A20-62641 (2014). Leaves out spectrum, snow, shading by rows.
 */
import { intervalsPerDay } from '../../base/units.ts'
import type { Calendar } from '../../base/calendar.ts'
import type { Site } from '../site.ts'
import { extraterrestrialWm2, sunTrack, type SunTrack } from '../sun.ts'
import type { Weather } from '../weather/types.ts'
import { planeOfArrayWm2, type Plane } from './plane.ts'

export interface PvSystem extends Plane {
  /** at standard test conditions [kW] */
  readonly capacityKwDc: number
  /** limit of the inverter's output [kW] */
  readonly inverterKwAc: number
  /** soiling, wiring, mismatch, availability …; 0.14 by default elsewhere */
  readonly lossFraction: number
  /** nominal, 0.96 in PVWatts */
  readonly inverterEfficiency: number
  /** how the efficiency falls at part load: as in PVWatts (the default), or not at all */
  readonly inverterCurve?: 'pvwatts' | 'flat'
  /** power per kelvin of the cell above 25 °C, negative */
  readonly temperatureCoefficientPerK: number
  readonly mounting: 'rack' | 'roof'
}

/** Heat loss of the module, constant and per wind speed [W/m²K], [W/m²K per m/s]: Faiman (2008) for open racks; roofs cool less. */
const heatLoss = { rack: { constant: 25, wind: 6.84 }, roof: { constant: 20, wind: 4 } } as const

export function cellTemperatureC(
  mounting: PvSystem['mounting'],
  poaWm2: number,
  airTempC: number,
  windMs: number,
): number {
  const { constant, wind } = heatLoss[mounting]
  return airTempC + poaWm2 / (constant + wind * windMs)
}

/** Direct current power behind all losses. [kW] */
export function dcPowerKw(system: PvSystem, poaWm2: number, cellTempC: number): number {
  const temperature = 1 + system.temperatureCoefficientPerK * (cellTempC - 25)
  return Math.max(0, system.capacityKwDc * (poaWm2 / 1000) * temperature * (1 - system.lossFraction))
}

/**
 * Alternating current power.
 *
 *     η = η_nom / 0.9637 · (−0.0162·ζ − 0.0059/ζ + 0.9858),   ζ = P_dc / (inverter / η_nom)
 *
 * A flat curve is η_nom at every load.
 */
export function acPowerKw(system: PvSystem, dcKw: number): number {
  if (dcKw <= 0) return 0
  const load = (dcKw * system.inverterEfficiency) / system.inverterKwAc
  if (load >= 1) return system.inverterKwAc
  if (system.inverterCurve === 'flat') return dcKw * system.inverterEfficiency
  const efficiency = (system.inverterEfficiency / 0.9637) * (-0.0162 * load - 0.0059 / load + 0.9858)
  return Math.max(0, Math.min(system.inverterKwAc, dcKw * efficiency))
}

export interface PvInput {
  readonly weather: Weather
  readonly site: Site
  readonly calendar: Calendar
  readonly system: PvSystem
  readonly sun?: SunTrack
  /** room for the run's values, to be used and returned instead of new */
  readonly room?: Float64Array
}

const knownPlanes = new WeakMap<Weather, Map<string, Float64Array>>()

/** Mean power of every quarter-hour [kW], from 0 to the inverter's limit. */
export function pvPowerKw(input: PvInput): Float64Array {
  const { weather, system } = input
  const poaWm2 = planeYear(input)
  const powerKw = input.room ?? new Float64Array(poaWm2.length)
  for (let interval = 0; interval < poaWm2.length; interval++) {
    const poa = poaWm2[interval]!
    powerKw[interval] = 0
    if (poa <= 0) continue
    const cell = cellTemperatureC(
      system.mounting,
      poa,
      weather.airTempC[interval]!,
      weather.windMs[interval]!,
    )
    powerKw[interval] = acPowerKw(system, dcPowerKw(system, poa, cell))
  }
  return powerKw
}

/** Systems of one orientation share their plane's year. */
function planeYear({
  weather,
  site,
  calendar,
  system,
  sun = sunTrack(site, calendar),
}: PvInput): Float64Array {
  const planes = knownPlanes.get(weather) ?? new Map<string, Float64Array>()
  knownPlanes.set(weather, planes)
  const key = `${system.tiltDeg}/${system.azimuthDeg}/${system.albedo ?? ''}`
  const known = planes.get(key)
  if (known) return known
  const poaWm2 = new Float64Array(calendar.intervals)
  for (let interval = 0; interval < calendar.intervals; interval++) {
    if (weather.ghiWm2[interval]! <= 0) continue
    const day = calendar.days[Math.floor(interval / intervalsPerDay)]!
    const position = { elevationDeg: sun.elevationDeg[interval]!, azimuthDeg: sun.azimuthDeg[interval]! }
    poaWm2[interval] = planeOfArrayWm2(system, position, {
      ghiWm2: weather.ghiWm2[interval]!,
      dniWm2: weather.dniWm2[interval]!,
      dhiWm2: weather.dhiWm2[interval]!,
      extraterrestrialWm2: extraterrestrialWm2(day.dayOfYear),
    })
  }
  planes.set(key, poaWm2)
  return poaWm2
}

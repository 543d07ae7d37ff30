/**
 * The physical year of a zone: what every participant would consume and produce in each quarter-hour, grown from
 * weather, archetypes, files and chance. Physics is floating point up to here and whole Wh from here on.
 */
import { fail, type Fault } from '../base/errors.ts'
import { wholeYears } from '../base/calendar.ts'
import { energyWhOf, hoursPerInterval, uncheckedWhOf } from '../base/units.ts'
import { randomStream } from '../base/random.ts'
import { cogenerationPowerKw, heatDemand } from '../assets/cogeneration.ts'
import { readMetering } from '../assets/metering/read.ts'
import { synthesizeLoad } from '../assets/load/synthesize.ts'
import { sunTrack } from '../assets/sun.ts'
import { pvPowerKw } from '../assets/pv/system.ts'
import { parseEpw } from '../assets/weather/epw.ts'
import { synthesizeWeather } from '../assets/weather/synthetic.ts'
import type { Weather } from '../assets/weather/types.ts'
import type { CogenerationUnit, Enterprise, Zone } from '../scenario/zone.ts'
import { heatWhOf } from '../strategy/cogeneration-dispatch.ts'
import { tooLarge } from './countable.ts'
import { growFlexible, type FlexibleLoad } from './flexible-loads.ts'

/** Opens a data file that the scenario names; only the doors of the house know where files are. */
export type ReadFile = (path: string) => Uint8Array | undefined

/** What was found in a data file, and what the scenario allowed to be mended in it. */
export interface InputReport {
  readonly file: string
  readonly findings: readonly string[]
  readonly repairs: readonly { readonly kind: string; readonly count: number }[]
}

/** One column per unit, one whole Wh per interval. */
export interface Series {
  readonly loadWh: readonly Int32Array[]
  readonly pvWh: readonly Int32Array[]
  /** of a unit that is dispatched by price, what it could send out: it has that room on the wires */
  readonly cogenerationWh: readonly Int32Array[]
  /** heat asked of a dispatched unit, as the electric energy it comes with; negative while it is overhauled; null for others */
  readonly heatWh: readonly (Float64Array | null)[]
  /** the machines behind loads that are no curves; their columns stay empty until it is decided what they do */
  readonly flexible: readonly FlexibleLoad[]
  readonly inputs: readonly InputReport[]
}

export type Grown<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/** Grows the physical year. Faulty files are all answered together. */
export function growSeries(zone: Zone, readFile: ReadFile): Grown<Series> {
  const faults: Fault[] = []
  const inputs: InputReport[] = []
  const weather = growWeather(zone, readFile, faults, inputs)
  // One unit's year after the other passes through the same room: fresh memory costs more than what is done in it.
  const room = new Float64Array(wholeYears(zone.calendar).calendar.intervals)
  const loadWh = zone.enterprises.map((enterprise) =>
    growLoad({ zone, enterprise, weather, room }, readFile, faults, inputs),
  )
  if (faults.length > 0 || !weather) return { ok: false, faults }
  const sun = sunTrack(zone.site, zone.calendar)
  const { site, calendar } = zone
  const pvRoom = room.subarray(0, calendar.intervals)
  const pvWh = zone.pvUnits.map(({ system }) =>
    wholeWh(pvPowerKw({ weather, site, calendar, system, sun, room: pvRoom })),
  )
  const cogenerations = zone.cogenerations.map((unit) => growCogeneration(zone, unit, weather))
  const flexible = zone.enterprises
    .map((enterprise, index) => growFlexible(zone, enterprise, index, weather))
    .filter((load) => load !== null)
  return { ok: true, value: { loadWh, pvWh, ...columnsOf(cogenerations), flexible, inputs } }
}

function growWeather(
  zone: Zone,
  readFile: ReadFile,
  faults: Fault[],
  inputs: InputReport[],
): Weather | undefined {
  const { weather, site, calendar } = zone
  if (weather.kind === 'synthetic') {
    const random = randomStream(zone.seed, 'weather')
    return synthesizeWeather({ climate: weather.climate, site, calendar, random, ghiScale: weather.ghiScale })
  }
  const bytes = openFile(weather.file, 'weather.epw', readFile, faults)
  if (!bytes) return undefined
  const read = parseEpw(new TextDecoder().decode(bytes), {
    calendar,
    site,
    solarShiftHours: weather.solarShiftHours,
  })
  if ('faults' in read) {
    faults.push(...read.faults.map((fault) => ({ ...fault, file: weather.file })))
    return undefined
  }
  inputs.push({ file: weather.file, findings: read.findings, repairs: [] })
  return read.weather
}

interface LoadInput {
  readonly zone: Zone
  readonly enterprise: Enterprise
  readonly weather: Weather | undefined
  readonly room: Float64Array
}

interface CogenerationYear {
  readonly energyWh: Int32Array
  readonly heatWh: Float64Array | null
}

function growCogeneration(zone: Zone, unit: CogenerationUnit, weather: Weather): CogenerationYear {
  const input = {
    spec: unit.spec,
    calendar: zone.calendar,
    holidays: zone.holidays,
    airTempC: weather.airTempC,
    random: randomStream(zone.seed, `cogeneration/${unit.id}`),
  }
  const { dispatch } = unit
  if (dispatch === null) return { energyWh: wholeWh(cogenerationPowerKw(input)), heatWh: null }
  const heatWh = heatWhOf(heatDemand(input), dispatch.mostWh)
  return { energyWh: Int32Array.from(heatWh, (heat) => (heat < 0 ? 0 : dispatch.mostWh)), heatWh }
}

function columnsOf(years: readonly CogenerationYear[]): Pick<Series, 'cogenerationWh' | 'heatWh'> {
  return { cogenerationWh: years.map((year) => year.energyWh), heatWh: years.map((year) => year.heatWh) }
}

function growLoad(
  { zone, enterprise, weather, room }: LoadInput,
  readFile: ReadFile,
  faults: Fault[],
  inputs: InputReport[],
): Int32Array {
  const { load } = enterprise
  if (load.kind === 'archetype') {
    if (!weather) return new Int32Array(0)
    return wholeWh(
      synthesizeLoad({
        archetype: load.archetype,
        annualKwh: enterprise.annualKwh,
        calendar: zone.calendar,
        holidays: zone.holidays,
        airTempC: weather.airTempC,
        random: randomStream(zone.seed, `load/${enterprise.id}`),
        room,
      }),
    )
  }
  // A machine's load is nobody's to say yet.
  if (load.kind !== 'file') return new Int32Array(zone.calendar.intervals)
  const bytes = openFile(load.file, `participants.enterprises.${enterprise.id}.load.file`, readFile, faults)
  if (!bytes) return new Int32Array(0)
  const read = readMetering(bytes, load.options, zone.calendar, load.file)
  if ('faults' in read) {
    faults.push(...read.faults)
    return new Int32Array(0)
  }
  const beyond = firstBeyond(read.powerKw)
  if (beyond >= 0) {
    const wanted = `at most ${Math.floor(mostWh / 1000 / hoursPerInterval)} kW`
    const found = { id: enterprise.id, file: load.file, wanted, kw: read.powerKw[beyond]! }
    faults.push(tooLarge(found, zone.calendar, beyond))
    return new Int32Array(0)
  }
  inputs.push({ file: load.file, findings: read.findings, repairs: read.repairs })
  return wholeWh(read.powerKw)
}

function openFile(file: string, path: string, readFile: ReadFile, faults: Fault[]): Uint8Array | undefined {
  const bytes = readFile(file)
  if (!bytes) faults.push({ code: 'file-missing', path, wanted: 'a file that can be read', came: file })
  return bytes
}

/** A column's element holds so much. [Wh] */
const mostWh = 2 ** 31 - 1

/** The passage from physics to bookkeeping for one unit's year. */
function wholeWh(powerKw: Float64Array): Int32Array {
  const energyWh = new Int32Array(powerKw.length)
  let beyond = 0
  for (let interval = 0; interval < powerKw.length; interval++) {
    const value = uncheckedWhOf(powerKw[interval]!)
    energyWh[interval] = value
    beyond |= Number(!(value <= mostWh))
  }
  if (beyond) failBeyond(powerKw)
  return energyWh
}

function firstBeyond(powerKw: Float64Array): number {
  return powerKw.findIndex((each) => !(uncheckedWhOf(each) <= mostWh))
}

function failBeyond(powerKw: Float64Array): never {
  const interval = firstBeyond(powerKw)
  return fail(`${energyWhOf(powerKw[interval]!)} Wh in interval ${interval} is beyond ${mostWh} Wh`)
}

/**
 * Reads an EnergyPlus weather file (EPW): 8 header lines, then 8760 hours of 35 fields, hours numbered 1 to 24.
 *
 * A typical year has no year of its own, so it is laid on any calendar by month and day, from its time zone to that of the run
 * (files of PVGIS are in UTC). Hours become quarter-hours of
 * the same sum, shaped by the sun's height. The solar columns of some files lag the clock; how much is found from the
 * energy that would fall with the sun below the horizon.
 */
import { clockOffsetHours, type Calendar } from '../../base/calendar.ts'
import { show, type Fault } from '../../base/errors.ts'
import { intervalsPerDay } from '../../base/units.ts'
import { numberOf } from '../number-text.ts'
import type { Site } from '../site.ts'
import { sunAt, sunTrack } from '../sun.ts'
import { clearSkyWm2 } from './synthetic.ts'
import type { Weather } from './types.ts'

export interface EpwOptions {
  readonly calendar: Calendar
  /** where the zone lies; the file's own place when left out */
  readonly site?: Site
  /** hours to move the solar columns by; −1 when they are an hour late */
  readonly solarShiftHours?: number | 'detect'
}

export type EpwResult =
  | { readonly weather: Weather; readonly site: Site; readonly findings: readonly string[] }
  | { readonly faults: readonly Fault[] }

interface HourlyYear {
  readonly site: Site
  readonly utcOffsetHours: number
  readonly airTempC: Float64Array
  readonly windMs: Float64Array
  readonly ghiWm2: Float64Array
  readonly dniWm2: Float64Array
  readonly dhiWm2: Float64Array
}

const columns = [
  { name: 'airTempC', field: 6, label: 'dry-bulb temperature', low: -70, high: 70 },
  { name: 'ghiWm2', field: 13, label: 'global horizontal radiation', low: 0, high: 1500 },
  { name: 'dniWm2', field: 14, label: 'direct normal radiation', low: 0, high: 1500 },
  { name: 'dhiWm2', field: 15, label: 'diffuse horizontal radiation', low: 0, high: 1500 },
  { name: 'windMs', field: 21, label: 'wind speed', low: 0, high: 60 },
] as const

const hoursPerYear = 8760

export function parseEpw(text: string, options: EpwOptions): EpwResult {
  const read = readHours(text)
  if ('faults' in read) return read
  const site = options.site ?? read.site
  const wanted = options.solarShiftHours ?? 0
  const found = findSolarClockShift(read)
  const shift = wanted === 'detect' ? found : wanted
  const findings = [...describeShift(found, shift), ...describeClock(read.utcOffsetHours)]
  return { weather: spread(read, options.calendar, site, shift), site, findings }
}

function describeShift(found: number, used: number): string[] {
  const said =
    found === 0
      ? 'the solar columns agree with the clock'
      : `the solar columns stand ${Math.abs(found)} h ${found < 0 ? 'late' : 'early'} against the sun`
  return [`${said}; they were moved by ${used} h`]
}

function describeClock(utcOffsetHours: number): string[] {
  if (utcOffsetHours === clockOffsetHours) return []
  return [`its clock is ${utcOffsetHours} h from UTC; it was laid on that of the run, ${clockOffsetHours} h`]
}

function readHours(text: string): HourlyYear | { faults: Fault[] } {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((text, at) => ({ text, line: at + 1 }))
    .filter(({ text }) => text !== '')
  const location = lines[0]?.text.split(',') ?? []
  const numbers = location.slice(6, 10).map((field) => numberOf(field.trim()))
  const faults: Fault[] = []
  if (location[0] !== 'LOCATION' || numbers.length < 4 || numbers.some((value) => !Number.isFinite(value))) {
    faults.push(
      fault(
        1,
        'LOCATION',
        'a line LOCATION with latitude, longitude, time zone and elevation',
        lines[0]?.text ?? '',
      ),
    )
  } else if (!Number.isInteger(numbers[2])) {
    faults.push(fault(1, 'time zone', 'whole hours from UTC', `${location[8]}`))
  }
  const rows = lines.slice(8)
  if (rows.length !== hoursPerYear)
    faults.push(fault(lines.at(-1)?.line ?? 1, 'hours', `${hoursPerYear} hours`, `${rows.length}`))
  if (faults.length > 0) return { faults }
  const column = () => new Float64Array(hoursPerYear)
  const data = { airTempC: column(), windMs: column(), ghiWm2: column(), dniWm2: column(), dhiWm2: column() }
  rows.forEach((row, hour) => readRow(row, hour, data, faults))
  if (faults.length > 0) return { faults: capped(faults) }
  const [latitudeDeg, longitudeDeg, utcOffsetHours, altitudeM] = numbers as [number, number, number, number]
  return { ...data, site: { latitudeDeg, longitudeDeg, altitudeM }, utcOffsetHours }
}

function readRow(
  { text, line }: { readonly text: string; readonly line: number },
  hour: number,
  data: Record<(typeof columns)[number]['name'], Float64Array>,
  faults: Fault[],
): void {
  const fields = text.split(',')
  for (const { name, field, label, low, high } of columns) {
    const value = numberOf(fields[field]?.trim() ?? '')
    if (!(value >= low && value <= high)) {
      faults.push(
        fault(line, label, `a number from ${low} to ${high} (9999 marks a missing one)`, fields[field] ?? ''),
      )
    } else data[name][hour] = value
  }
}

function fault(line: number, path: string, wanted: string, came: string): Fault {
  return { code: 'epw', line, path, wanted, came: show(came) }
}

function capped(faults: readonly Fault[]): Fault[] {
  if (faults.length <= 50) return [...faults]
  const rest = faults.length - 50
  return [
    ...faults.slice(0, 50),
    { code: 'epw', path: '', wanted: 'no further faults', came: `${rest} more like these` },
  ]
}

/**
 * How many hours the solar columns must be moved so that they agree with the sun: of −2 to 2 the shift with the least
 * radiation below the horizon.
 */
export function findSolarClockShift(year: HourlyYear): number {
  const night = [-2, -1, 0, 1, 2].map((shift) => ({ shift, energy: energyBelowHorizon(year, shift) }))
  const least = night.reduce((best, each) => (each.energy < best.energy ? each : best))
  const unmoved = night.find(({ shift }) => shift === 0)!
  // The clock is believed unless it is clearly wrong: 1 kWh/m² a year more at night than after the move.
  return unmoved.energy - least.energy > 1000 ? least.shift : 0
}

function energyBelowHorizon(year: HourlyYear, shift: number): number {
  let energy = 0
  for (let hour = 0; hour < hoursPerYear; hour++) {
    if (year.ghiWm2[hour] === 0) continue
    const middleMs = Date.UTC(2005, 0, 1) + (hour + 0.5 + shift - year.utcOffsetHours) * 3_600_000
    if (sunAt(year.site, middleMs).elevationDeg < -3) energy += year.ghiWm2[hour]!
  }
  return energy
}

/** Lays the typical year on a calendar and its clock; 29 February repeats the 28th. */
function spread(year: HourlyYear, calendar: Calendar, site: Site, shift: number): Weather {
  const column = () => new Float64Array(calendar.intervals)
  const weather = {
    ghiWm2: column(),
    dniWm2: column(),
    dhiWm2: column(),
    airTempC: column(),
    windMs: column(),
  }
  const sun = sunTrack(site, calendar)
  const behindHours = clockOffsetHours - year.utcOffsetHours
  calendar.days.forEach((day, index) => {
    const leap = (day.year % 4 === 0 && day.year % 100 !== 0) || day.year % 400 === 0
    const dayOfTypicalYear = day.dayOfYear - (leap && day.dayOfYear > 59 ? 1 : 0)
    for (let hour = 0; hour < 24; hour++) {
      const at = hourOfYear((dayOfTypicalYear - 1) * 24 + hour - behindHours)
      const solarHour = hourOfYear(at - shift)
      spreadHour(year, weather, index * intervalsPerDay + hour * 4, at, solarHour, sun.elevationDeg)
    }
  })
  return weather
}

function hourOfYear(hour: number): number {
  return (hour + hoursPerYear) % hoursPerYear
}

function spreadHour(
  year: HourlyYear,
  weather: Weather,
  first: number,
  hour: number,
  solarHour: number,
  elevationDeg: Float64Array,
): void {
  const height = [0, 1, 2, 3].map((quarter) => clearSkyWm2(elevationDeg[first + quarter]!))
  const total = height.reduce((sum, value) => sum + value, 0)
  for (let quarter = 0; quarter < 4; quarter++) {
    const share = total > 0 ? (4 * height[quarter]!) / total : 1
    weather.ghiWm2[first + quarter] = year.ghiWm2[solarHour]! * share
    weather.dhiWm2[first + quarter] = year.dhiWm2[solarHour]! * share
    weather.dniWm2[first + quarter] = elevationDeg[first + quarter]! > 0 ? year.dniWm2[solarHour]! : 0
    weather.airTempC[first + quarter] = year.airTempC[hour]!
    weather.windMs[first + quarter] = year.windMs[hour]!
  }
}

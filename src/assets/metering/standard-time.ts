/** Stamps of a file's own clock, laid on the standard time of its zone so that every day has 96 quarter-hours. */
import type { Notes } from './notes.ts'
import type { MeteringOptions } from './options.ts'
import type { Readings } from './readings.ts'
import { formatMinute, formatOffset } from './stamps.ts'
import { isZone, ZoneClock } from './zone-clock.ts'

export const defaultZone = 'Asia/Shanghai'

/**
 * @returns stamps in minutes from 1970 of the zone's standard time, NaN where a time does not exist; undefined for a
 * zone that is none
 */
export function toStandardTime(
  readings: Readings,
  options: MeteringOptions,
  notes: Notes,
): Float64Array | undefined {
  const zone = options.timeZone ?? defaultZone
  if (!isZone(zone)) {
    notes.fault(0, 'timeZone', `a zone such as ${defaultZone}`, zone)
    return undefined
  }
  if (readings.wholeDays) return readings.minute
  const shift = new StandardTime(zone, readings, notes)
  const minutes = readings.minute.slice(0, readings.count)
  for (let at = 0; at < readings.count; at++) minutes[at] = shift.minuteOf(at)
  shift.report(options.repairs?.dayLength === 'by-offset')
  return minutes
}

class StandardTime {
  readonly #zone: string
  readonly #clock: ZoneClock
  readonly #readings: Readings
  readonly #notes: Notes
  /** local times that come twice and have come once */
  readonly #seen = new Set<number>()
  /** rows by an offset the zone does not have */
  readonly #foreign = new Map<number, { line: number; rows: number }>()
  /** first line of each day that has not 96 quarter-hours, by its midnight */
  readonly #oddDays = new Map<number, number>()
  #lastDay = Number.NaN
  #utcRows = 0
  #summerRows = 0

  constructor(zone: string, readings: Readings, notes: Notes) {
    this.#zone = zone
    this.#clock = new ZoneClock(zone, readings.minute[0]!)
    this.#readings = readings
    this.#notes = notes
  }

  minuteOf(reading: number): number {
    const minute = this.#readings.minute[reading]!
    const line = this.#readings.line[reading]!
    const said = this.#readings.offsetMinutes[reading]!
    const offset = Number.isNaN(said) ? this.#offsetOf(minute, line) : this.#checked(minute, said, line)
    if (Number.isNaN(offset)) return Number.NaN
    const utc = minute - offset
    this.#noteDay(utc + this.#clock.offsetAt(utc), line)
    if (this.#clock.offsetAt(utc) !== this.#clock.standardOffset) this.#summerRows++
    return utc + this.#clock.standardOffset
  }

  /** Of a stamp without an offset: the hour that comes twice is in summer time the first time. */
  #offsetOf(minute: number, line: number): number {
    const offsets = this.#clock.offsetsOf(minute)
    if (offsets.length === 1) return offsets[0]!
    if (offsets.length === 0) {
      this.#notes.fault(line, 'time', `a time that exists in ${this.#zone}`, formatMinute(minute))
      return Number.NaN
    }
    const isSecond = this.#seen.has(minute)
    this.#seen.add(minute)
    return offsets[isSecond ? 1 : 0]!
  }

  /** An offset must be the zone's own, or UTC. */
  #checked(minute: number, offset: number, line: number): number {
    if (offset === this.#clock.offsetAt(minute - offset)) return offset
    if (offset === 0) {
      this.#utcRows++
      return offset
    }
    const known = this.#foreign.get(offset)
    if (known) known.rows++
    else this.#foreign.set(offset, { line, rows: 1 })
    return Number.NaN
  }

  #noteDay(localMinute: number, line: number): void {
    // The last quarter of a day stamped by its end reads as the next day's midnight.
    const within = this.#readings.side === 'end' ? localMinute - 15 : localMinute
    const day = Math.floor(within / 1440)
    if (day === this.#lastDay) return
    this.#lastDay = day
    if (!this.#oddDays.has(day) && this.#clock.quartersOfDay(day * 1440) !== 96) this.#oddDays.set(day, line)
  }

  report(isAsked: boolean): void {
    const { standardOffset } = this.#clock
    for (const [offset, { line, rows }] of this.#foreign) {
      const wanted = `the offset ${formatOffset(standardOffset)} of ${this.#zone}, or the option timeZone`
      this.#notes.fault(line, 'time', wanted, `${formatOffset(offset)} in ${rows} rows`)
    }
    for (const [day, line] of this.#oddDays) this.#reportDay(day, line, isAsked)
    if (this.#utcRows > 0)
      this.#notes.findings.push(`${this.#utcRows} stamps in UTC were laid on ${this.#zone}`)
    if (this.#summerRows > 0) {
      const told = `${this.#summerRows} stamps in summer time were laid on UTC${formatOffset(standardOffset)}`
      this.#notes.findings.push(told)
    }
  }

  #reportDay(day: number, line: number, isAsked: boolean): void {
    if (isAsked) {
      this.#notes.mended('day-length', line)
      return
    }
    const came = `${this.#clock.quartersOfDay(day * 1440)} on ${formatMinute(day * 1440).slice(0, 10)}`
    this.#notes.fault(line, 'day', 'days of 96 quarter-hours, or the repair dayLength: by-offset', came)
  }
}

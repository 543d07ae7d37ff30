/** Readings laid on the intervals of the run, one number each. */
import type { Calendar } from '../../base/calendar.ts'
import { show } from '../../base/errors.ts'
import { intervalsPerDay } from '../../base/units.ts'
import { numberOf } from '../number-text.ts'
import type { Notes } from './notes.ts'
import type { MeteringOptions } from './options.ts'
import type { Readings } from './readings.ts'
import { runDays, type RunDays } from './run-days.ts'
import { formatMinute } from './stamps.ts'

const kwPer = { kw: 1, kwh: 4, mw: 1000, w: 0.001 } as const
const minutesPerDay = 1440

export interface Placement {
  /** NaN where there is no number [kW] */
  readonly powerKw: Float64Array
  /** line an interval was read from, 0 for none */
  readonly lineOf: Int32Array
  /** 1 where what stood there was refused, so that its absence is no second fault */
  readonly refused: Uint8Array
}

/** @param minutes stamp of each reading, standard time, NaN for one to leave out */
export function place(
  readings: Readings,
  minutes: Float64Array,
  options: MeteringOptions,
  calendar: Calendar,
  notes: Notes,
): Placement | undefined {
  const lag = readings.side === 'end' ? 15 : 0
  const starts = minutes.map((minute) => minute - lag)
  const fileDays = daysIn(starts)
  const days = fileDays.length > 0 ? runDays(fileDays, calendar, options.mapYear ?? false, notes) : undefined
  if (!days) return undefined
  const placer = new Placer(readings, options, calendar, days, notes)
  for (let at = 0; at < readings.count; at++) placer.place(at, starts[at]!)
  placer.report()
  return placer
}

function daysIn(starts: Float64Array): number[] {
  const days = new Set<number>()
  for (const start of starts) if (!Number.isNaN(start)) days.add(Math.floor(start / minutesPerDay))
  return [...days]
}

class Placer implements Placement {
  readonly powerKw: Float64Array
  readonly lineOf: Int32Array
  readonly refused: Uint8Array
  readonly #readings: Readings
  readonly #options: MeteringOptions
  readonly #days: RunDays
  readonly #notes: Notes
  readonly #kwPerUnit: number
  #latest = -Infinity
  #disorder = 0
  #firstDisorder = 0
  #outside = 0

  constructor(readings: Readings, options: MeteringOptions, calendar: Calendar, days: RunDays, notes: Notes) {
    this.powerKw = new Float64Array(calendar.intervals).fill(Number.NaN)
    this.lineOf = new Int32Array(calendar.intervals)
    this.refused = new Uint8Array(calendar.intervals)
    this.#readings = readings
    this.#options = options
    this.#days = days
    this.#notes = notes
    this.#kwPerUnit = kwPer[options.unit] * (options.multiplier ?? 1)
  }

  place(reading: number, start: number): void {
    if (Number.isNaN(start)) return
    const line = this.#readings.line[reading]!
    if (start < this.#latest && this.#disorder++ === 0) this.#firstDisorder = line
    this.#latest = Math.max(start, this.#latest)
    const day = Math.floor(start / minutesPerDay)
    const quarter = (start - day * minutesPerDay) / 15
    if (!Number.isInteger(quarter)) {
      const stamp = new Date(this.#readings.minute[reading]! * 60_000).toISOString().slice(0, 19)
      this.#notes.fault(line, 'time', 'a whole quarter-hour', stamp)
      return
    }
    const runs = this.#days.get(day)!
    if (runs.length === 0) this.#outside++
    else this.#put(reading, line, start, runs, quarter)
  }

  #put(reading: number, line: number, start: number, runs: readonly number[], quarter: number): void {
    const before = this.lineOf[runs[0]! * intervalsPerDay + quarter]!
    if (before > 0) {
      if (this.#options.repairs?.duplicates === 'first') this.#notes.mended('duplicate', line)
      else {
        const came = `${formatMinute(start)} again, first in line ${before}`
        this.#notes.fault(line, 'time', 'every quarter-hour once', came)
      }
      return
    }
    const faultsBefore = this.#notes.faultCount
    const kw = this.#valueKw(reading, line)
    const isRefused = this.#notes.faultCount > faultsBefore
    for (const run of runs) {
      const interval = run * intervalsPerDay + quarter
      this.powerKw[interval] = kw
      this.lineOf[interval] = line
      this.refused[interval] = isRefused ? 1 : 0
    }
  }

  /** NaN for an empty cell, and for text or a refused value after saying so. */
  #valueKw(reading: number, line: number): number {
    const text = this.#readings.text[reading]!
    const { repairs } = this.#options
    if (text === '') return Number.NaN
    const value = numberOf(text)
    if (!Number.isFinite(value)) {
      if (repairs?.text === 'gap') this.#notes.mended('text', line)
      else this.#notes.fault(line, this.#readings.headingOf(reading), 'a number', show(text))
      return Number.NaN
    }
    if (value < 0) {
      if (repairs?.negative === 'zero') this.#notes.mended('negative', line)
      else this.#notes.fault(line, this.#readings.headingOf(reading), 'a number not below 0', text)
      return repairs?.negative === 'zero' ? 0 : Number.NaN
    }
    return value * this.#kwPerUnit
  }

  report(): void {
    if (this.#disorder > 0) {
      const rows = `${this.#disorder} rows stood out of order, the first in line ${this.#firstDisorder}`
      this.#notes.findings.push(`${rows}; they were put in order`)
    }
    if (this.#outside > 0) {
      this.#notes.findings.push(`${this.#outside} values lie outside the run and were not used`)
    }
  }
}

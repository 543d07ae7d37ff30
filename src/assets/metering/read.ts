/**
 * A year of quarter-hour means out of a metering file. Every interval of the run gets exactly one number, or the file
 * is refused with the line and the reason; repairs are made only when asked for, and counted.
 */
import type { Calendar } from '../../base/calendar.ts'
import type { Fault } from '../../base/errors.ts'
import type { MeteringOptions } from './options.ts'
import { fault, readTable, type Reading } from './table.ts'

export interface Repair {
  readonly kind: 'gap' | 'text' | 'negative' | 'duplicate'
  count: number
  /** line of the first one, 0 where nothing stands in the file */
  readonly firstLine: number
}

export type MeteringResult =
  | {
      readonly powerKw: Float64Array
      readonly repairs: readonly Repair[]
      readonly findings: readonly string[]
    }
  | { readonly faults: readonly Fault[] }

const mostFaults = 50
const kwPer = { kw: 1, kwh: 4, mw: 1000, w: 0.001 } as const

export function readMetering(
  bytes: Uint8Array,
  options: MeteringOptions,
  calendar: Calendar,
  fileName: string,
): MeteringResult {
  const table = readTable(bytes, options, fileName)
  if ('faults' in table) return { faults: capped(table.faults) }
  const reader = new Reader(options, calendar, fileName)
  for (const reading of table.readings) reader.place(reading, table.stamps)
  return reader.finish(table.findings)
}

class Reader {
  readonly #options: MeteringOptions
  readonly #calendar: Calendar
  readonly #file: string
  readonly #powerKw: Float64Array
  readonly #faults: Fault[] = []
  readonly #repairs = new Map<Repair['kind'], Repair>()
  #outside = 0
  #lastMinute = -Infinity
  #disorder = 0

  constructor(options: MeteringOptions, calendar: Calendar, file: string) {
    this.#options = options
    this.#calendar = calendar
    this.#file = file
    this.#powerKw = new Float64Array(calendar.intervals).fill(Number.NaN)
  }

  place(reading: Reading, stamps: 'start' | 'end'): void {
    if (reading.minute < this.#lastMinute) this.#disorder++
    this.#lastMinute = reading.minute
    const startMinute = stamps === 'end' ? reading.minute - 15 : reading.minute
    if (startMinute % 15 !== 0) {
      this.#faults.push(fault(this.#file, reading.line, 'time', 'a whole quarter-hour', reading.text))
      return
    }
    const intervals = this.#intervalsOf(startMinute)
    if (intervals.length === 0) this.#outside++
    for (const interval of intervals) this.#fill(interval, reading)
  }

  /** The intervals of the run a minute stands for: one, or with mapYear that quarter of every such day. */
  #intervalsOf(startMinute: number): number[] {
    const calendar = this.#calendar
    if (!this.#options.mapYear) {
      const interval = startMinute / 15 - (calendar.startMs / 60_000 + 480) / 15
      return interval >= 0 && interval < calendar.intervals ? [interval] : []
    }
    const stamp = new Date(startMinute * 60_000).toISOString()
    const quarter = (((startMinute % 1440) + 1440) % 1440) / 15
    return (this.#daysByDate().get(stamp.slice(5, 10)) ?? []).map((day) => day * 96 + quarter)
  }

  #byDate: Map<string, number[]> | undefined

  /** Days of the run by month and day; 29 February takes the values of the 28th as well. */
  #daysByDate(): Map<string, number[]> {
    if (this.#byDate) return this.#byDate
    this.#byDate = new Map()
    for (const [index, { date }] of this.#calendar.days.entries()) {
      const key = date.slice(5) === '02-29' ? '02-28' : date.slice(5)
      this.#byDate.set(key, [...(this.#byDate.get(key) ?? []), index])
    }
    return this.#byDate
  }

  #fill(interval: number, reading: Reading): void {
    const value = this.#value(reading)
    if (value === undefined) return
    if (!Number.isNaN(this.#powerKw[interval]!)) {
      if (this.#options.repairs?.duplicates === 'first') this.#mend('duplicate', reading.line)
      else
        this.#faults.push(
          fault(this.#file, reading.line, 'time', 'every quarter-hour once', 'one that was there before'),
        )
      return
    }
    this.#powerKw[interval] = value
  }

  #value({ text, line }: Reading): number | undefined {
    const { repairs, unit, multiplier = 1 } = this.#options
    const value = text === '' ? Number.NaN : Number(text)
    if (!Number.isFinite(value)) {
      if (repairs?.text === 'gap') this.#mend('text', line)
      else this.#faults.push(fault(this.#file, line, 'value', 'a number', text))
      return undefined
    }
    if (value < 0) {
      if (repairs?.negative !== 'zero') {
        this.#faults.push(fault(this.#file, line, 'value', 'a number not below 0', text))
        return undefined
      }
      this.#mend('negative', line)
    }
    return Math.max(0, value) * kwPer[unit] * multiplier
  }

  #mend(kind: Repair['kind'], firstLine: number, count = 1): void {
    const known = this.#repairs.get(kind)
    if (known) known.count += count
    else this.#repairs.set(kind, { kind, count, firstLine })
  }

  finish(findings: readonly string[]): MeteringResult {
    this.#closeGaps()
    if (this.#faults.length > 0) return { faults: capped(this.#faults) }
    const said = [...findings]
    if (this.#disorder > 0) said.push(`${this.#disorder} rows stood out of order and were put in order`)
    if (this.#outside > 0) said.push(`${this.#outside} rows lie outside the run and were not used`)
    return { powerKw: this.#powerKw, repairs: [...this.#repairs.values()], findings: said }
  }

  #closeGaps(): void {
    const calendar = this.#calendar
    for (let interval = 0; interval < calendar.intervals; interval++) {
      if (!Number.isNaN(this.#powerKw[interval]!)) continue
      let end = interval
      while (end < calendar.intervals && Number.isNaN(this.#powerKw[end]!)) end++
      this.#closeGap(interval, end)
      interval = end - 1
    }
  }

  #closeGap(first: number, end: number): void {
    const how = this.#options.repairs?.gaps ?? 'refuse'
    const before = first > 0 ? this.#powerKw[first - 1]! : this.#powerKw[end]
    const after = end < this.#calendar.intervals ? this.#powerKw[end]! : before
    const fromDayBefore = how === 'previous-day' && first >= 96
    if (
      how === 'refuse' ||
      before === undefined ||
      after === undefined ||
      (how === 'previous-day' && !fromDayBefore)
    ) {
      const day = this.#calendar.days[Math.floor(first / 96)]!.date
      this.#faults.push(
        fault(
          this.#file,
          0,
          'gap',
          'a value for every quarter-hour',
          `none for ${end - first} from ${day}, interval ${first % 96} of the day`,
        ),
      )
      this.#powerKw.fill(0, first, end)
      return
    }
    this.#mend('gap', 0, end - first)
    for (let interval = first; interval < end; interval++) {
      const share = (interval - first + 1) / (end - first + 1)
      this.#powerKw[interval] = fromDayBefore
        ? this.#powerKw[interval - 96]!
        : before + share * (after - before)
    }
  }
}

function capped(faults: readonly Fault[]): Fault[] {
  if (faults.length <= mostFaults) return [...faults]
  const rest = faults.length - mostFaults
  return [
    ...faults.slice(0, mostFaults),
    { code: 'metering', path: '', wanted: 'no further faults', came: `${rest} more like these` },
  ]
}

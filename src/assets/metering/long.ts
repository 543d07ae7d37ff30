/** A file with one row per quarter-hour: a stamp and a value. */
import { show } from '../../base/errors.ts'
import { isMeterHeading, listed, stampSideOf } from './headings.ts'
import { rowsOfMeter } from './meters.ts'
import type { Notes } from './notes.ts'
import type { MeteringOptions, StampSide } from './options.ts'
import type { Readings } from './readings.ts'
import type { Row, Rows } from './rows.ts'
import { formatMinute, parseClock, parseStamp, type Stamp } from './stamps.ts'
import { holdsTimes, timeColumns, type TimeColumns } from './time-columns.ts'

export function readLong(file: Rows, options: MeteringOptions, notes: Notes): Readings | undefined {
  const { header } = file
  const all = header.cells.map((_, at) => at)
  const times = timeColumns(file, all, notes)
  if (!times) return undefined
  const free = all.filter((at) => at !== times.stamp && at !== times.clock && !holdsTimes(file, at))
  const value = valueColumn(header, free, options.column, notes)
  if (value === undefined) return undefined
  const others = free.filter((at) => at !== value)
  const rows = rowsOfMeter(file, others, options.meter, notes)
  return rows && gather(header, rows, times, value, options.stamps, notes)
}

/** By its name, or the only one there is besides times and meters. */
function valueColumn(
  header: Row,
  free: readonly number[],
  name: string | undefined,
  notes: Notes,
): number | undefined {
  const found =
    name === undefined
      ? free.filter((at) => !isMeterHeading(header.cells[at]!))
      : free.filter((at) => header.cells[at] === name.trim())
  if (found.length === 1) return found[0]
  const wanted = name === undefined ? 'the option column, to say which' : `one column ${show(name)}`
  notes.fault(header.line, 'column', wanted, listed(free.map((at) => header.cells[at]!)))
  return undefined
}

function gather(
  header: Row,
  rows: readonly Row[],
  times: TimeColumns,
  value: number,
  wanted: MeteringOptions['stamps'],
  notes: Notes,
): Readings | undefined {
  const line = new Int32Array(rows.length)
  const minute = new Float64Array(rows.length)
  const offsetMinutes = new Float64Array(rows.length)
  const text: string[] = []
  let midnightEnds = 0
  let timesOfDay = 0
  for (const { line: at, cells } of rows) {
    const stamp = stampOf(cells, times)
    if (!stamp) {
      const came = [times.stamp, times.clock].flatMap((column) =>
        column === undefined ? [] : [cells[column]],
      )
      notes.fault(at, header.cells[times.stamp]!, 'a time such as 2027-01-05 00:15', show(came.join(' ')))
      continue
    }
    if (stamp.atMidnightEnd) midnightEnds++
    if (stamp.hasTime) timesOfDay++
    const count = text.push(cells[value]!)
    line[count - 1] = at
    minute[count - 1] = stamp.minute
    offsetMinutes[count - 1] = stamp.offsetMinutes
  }
  const count = text.length
  if (count === 0) return undefined
  if (timesOfDay === 0) {
    notes.fault(line[0]!, header.cells[times.stamp]!, 'dates with a time of day', formatMinute(minute[0]!))
    return undefined
  }
  const heading = header.cells[times.clock ?? times.stamp]!
  const side = decideSide(wanted, heading, midnightEnds > 0, minute.subarray(0, count), notes)
  if (!side) return undefined
  const name = header.cells[value]!
  return { count, line, minute, offsetMinutes, text, side, wholeDays: false, headingOf: () => name }
}

function stampOf(cells: readonly string[], { stamp, clock }: TimeColumns): Stamp | undefined {
  const date = parseStamp(cells[stamp]!)
  if (!date || clock === undefined) return date
  const minutes = parseClock(cells[clock]!)
  if (minutes === undefined) return undefined
  return { ...date, minute: date.minute + minutes, hasTime: true, atMidnightEnd: minutes === 1440 }
}

/** What stamps name: as asked, as the heading says, as 24:00 says, or as the first and last of whole days say. */
function decideSide(
  wanted: MeteringOptions['stamps'],
  heading: string,
  hasMidnightEnd: boolean,
  minute: Float64Array,
  notes: Notes,
): StampSide | undefined {
  if (wanted === 'start' || wanted === 'end') return wanted
  const said = stampSideOf(heading) ?? (hasMidnightEnd ? 'end' : undefined)
  if (said) return said
  const first = minute.reduce((low, each) => Math.min(low, each), Infinity)
  const last = minute.reduce((high, each) => Math.max(high, each), -Infinity)
  const side = sideOfSpan(modulo(first, 1440), modulo(last, 1440))
  const span = `${formatMinute(first)} to ${formatMinute(last)}`
  if (side) notes.findings.push(`stamps read as the ${side} of their quarter-hour: they go from ${span}`)
  else notes.fault(1, 'stamps', 'the option stamps, start or end: the file does not show it', span)
  return side
}

function sideOfSpan(firstClock: number, lastClock: number): StampSide | undefined {
  if (firstClock === 0 && lastClock === 1425) return 'start'
  return firstClock === 15 && lastClock === 0 ? 'end' : undefined
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor
}

/** A file with one row per meter and day, and 96 columns named by the clock or P1 … P96. */
import { show } from '../../base/errors.ts'
import { listed, quarterColumns, wideHeaders } from './headings.ts'
import { rowsOfMeter } from './meters.ts'
import type { Notes } from './notes.ts'
import type { MeteringOptions, StampSide } from './options.ts'
import type { Readings } from './readings.ts'
import type { Row, Rows } from './rows.ts'
import { parseStamp } from './stamps.ts'
import { timeColumns } from './time-columns.ts'

const quartersPerDay = 96

export function readWide(file: Rows, options: MeteringOptions, notes: Notes): Readings | undefined {
  const { header } = file
  const quarters = quarterColumns(header.cells)
  if (!quarters) {
    notes.fault(header.line, 'header', `the 96 columns ${wideHeaders}`, listed(header.cells))
    return undefined
  }
  const side = decideSide(quarters.side, options.stamps, header, notes)
  const taken = new Set(quarters.columns)
  const others = header.cells.flatMap((_, at) => (taken.has(at) ? [] : [at]))
  const times = timeColumns(file, others, notes)
  if (!side || !times) return undefined
  const free = others.filter((at) => at !== times.stamp)
  const rows = rowsOfMeter(file, free, options.meter, notes)
  return rows && gather(header, daysOf(header, rows, times.stamp, options, notes), quarters.columns, side)
}

/** Clock names say what they name; P1 … P96 do not, and an option that contradicts the names is refused. */
function decideSide(
  named: StampSide | undefined,
  wanted: MeteringOptions['stamps'],
  header: Row,
  notes: Notes,
): StampSide | undefined {
  const asked = wanted === 'detect' ? undefined : wanted
  if (named && asked && named !== asked) {
    notes.fault(header.line, 'stamps', `${named}, as the columns are named`, asked)
    return undefined
  }
  if (!named && !asked) {
    const wanted = 'the option stamps, start (P1 is 00:00) or end (P1 is 00:15): P1 … P96 do not say'
    notes.fault(header.line, 'stamps', wanted, 'nothing')
  }
  return named ?? asked
}

interface DayRow {
  readonly row: Row
  /** minutes from 1970 of its 00:00 */
  readonly midnight: number
}

/** The rows that hold a day each; a day that comes twice is a fault, or kept once where that is asked for. */
function daysOf(
  { cells: header }: Row,
  rows: readonly Row[],
  date: number,
  { repairs }: MeteringOptions,
  notes: Notes,
): DayRow[] {
  const lineOf = new Map<number, number>()
  return rows.flatMap((row) => {
    const text = row.cells[date]!
    const stamp = parseStamp(text)
    if (!stamp || stamp.minute % 1440 !== 0) {
      notes.fault(row.line, header[date]!, 'a date such as 20270105', show(text))
      return []
    }
    const before = lineOf.get(stamp.minute)
    if (before === undefined) {
      lineOf.set(stamp.minute, row.line)
      return [{ row, midnight: stamp.minute }]
    }
    if (repairs?.duplicates === 'first') notes.mended('duplicate', row.line, quartersPerDay)
    else notes.fault(row.line, header[date]!, 'every day once', `${text} again, first in line ${before}`)
    return []
  })
}

function gather(
  { cells: header }: Row,
  days: readonly DayRow[],
  columns: readonly number[],
  side: StampSide,
): Readings | undefined {
  const count = days.length * quartersPerDay
  if (count === 0) return undefined
  const line = new Int32Array(count)
  const minute = new Float64Array(count)
  const text: string[] = []
  for (const { row, midnight } of days) {
    for (const [quarter, column] of columns.entries()) {
      const at = text.push(row.cells[column]!) - 1
      line[at] = row.line
      minute[at] = midnight + 15 * (side === 'end' ? quarter + 1 : quarter)
    }
  }
  return {
    count,
    line,
    minute,
    offsetMinutes: new Float64Array(count).fill(Number.NaN),
    text,
    side,
    wholeDays: true,
    headingOf: (reading) => header[columns[reading % quartersPerDay]!]!,
  }
}

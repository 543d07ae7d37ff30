/** The column or columns of a file that hold its times. */
import { isTimeHeading, listed, stampSideOf } from './headings.ts'
import type { Notes } from './notes.ts'
import type { Rows } from './rows.ts'
import { parseClock, parseStamp } from './stamps.ts'

export interface TimeColumns {
  /** the date, with or without the time of day */
  readonly stamp: number
  /** the time of day where it has a column of its own */
  readonly clock?: number
}

/** Whether a column holds times, by its heading and its first value. */
export function holdsTimes({ header, rows }: Rows, at: number): boolean {
  const cell = rows[0]?.cells[at] ?? ''
  return isTimeHeading(header.cells[at]!) && (parseStamp(cell) ?? parseClock(cell)) !== undefined
}

/**
 * Columns are known by their headings (`时间`, `date`, …). Where no heading speaks of time, the one column that holds
 * written dates is taken, and that is said; a column of bare digits is never taken for dates without a heading. Of a start and an
 * end (`开始时间`, `结束时间`) it is the start.
 */
export function timeColumns(
  { header, rows }: Rows,
  candidates: readonly number[],
  notes: Notes,
): TimeColumns | undefined {
  const cell = (at: number) => rows[0]?.cells[at] ?? ''
  const headed = candidates.filter((at) => isTimeHeading(header.cells[at]!))
  const written = (headed.length > 0 ? headed : candidates).filter(
    (at) => parseStamp(cell(at)) !== undefined && (headed.length > 0 || /\D/.test(cell(at))),
  )
  const [stamp, ...others] = headed.length === 1 ? headed : startAmong(written, header)
  if (stamp === undefined || others.length > 0) {
    const wanted = 'one column of times such as 2027-01-05 00:15, with a heading such as time or 时间'
    notes.fault(header.line, 'header', wanted, listed(header.cells))
    return undefined
  }
  if (headed.length === 0) notes.findings.push(`column ${listed([header.cells[stamp]!])} read as times`)
  const timesOfDay = candidates.filter((at) => at !== stamp && parseClock(cell(at)) !== undefined)
  const clocks = startAmong(timesOfDay, header)
  const needsClock = parseStamp(cell(stamp))?.hasTime === false && clocks.length === 1
  return needsClock ? { stamp, clock: clocks[0]! } : { stamp }
}

/** The one column of several that is headed as a start, else all of them. */
function startAmong(columns: readonly number[], { cells }: Rows['header']): readonly number[] {
  const starts = columns.filter((at) => stampSideOf(cells[at]!) === 'start')
  return starts.length === 1 ? starts : columns
}

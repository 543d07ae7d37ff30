/** A metering file as rows of (local minute, text), whatever its encoding, separator and layout. */
import { parse } from 'csv-parse/sync'
import { show, type Fault } from '../../base/errors.ts'
import type { MeteringOptions } from './options.ts'
import { parseClock, parseStamp } from './stamps.ts'

export interface Reading {
  /** line of the file */
  readonly line: number
  /** minutes since 1970 of the local clock, or of standard time where stamps carry an offset */
  readonly minute: number
  readonly text: string
}

export interface Table {
  readonly readings: readonly Reading[]
  readonly stamps: 'start' | 'end'
  readonly findings: readonly string[]
}

interface Row {
  readonly line: number
  readonly cells: readonly string[]
}

const quartersPerDay = 96

export function readTable(
  bytes: Uint8Array,
  options: MeteringOptions,
  file: string,
): Table | { faults: Fault[] } {
  const findings: string[] = []
  const text = decode(bytes, options.encoding ?? 'detect', findings)
  if (text === undefined) {
    return {
      faults: [fault(file, 1, 'encoding', options.encoding ?? 'UTF-8 or GBK text', 'bytes that are neither')],
    }
  }
  const delimiter = (text.split('\n', 1)[0]!.match(/;/g) ?? []).length > 0 ? ';' : ','
  const records = parse(text, {
    bom: true,
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
    trim: true,
  })
  const rows = (records as unknown as { record: string[]; info: { lines: number } }[]).map(
    ({ record, info }) => ({
      line: info.lines,
      cells: record,
    }),
  )
  const header = rows[0]
  if (!header || rows.length < 2)
    return { faults: [fault(file, 1, 'file', 'a header and at least one row', 'less')] }
  const clocks = header.cells.flatMap((cell, at) => (parseClock(cell) === undefined ? [] : [at]))
  const points = header.cells.flatMap((cell, at) => (/^[Pp]\d{1,2}$/.test(cell) ? [at] : []))
  if (clocks.length >= quartersPerDay - 4) return readWide(rows, clocks, undefined, options, file, findings)
  if (points.length === quartersPerDay) return readWide(rows, points, options.stamps, options, file, findings)
  return readLong(rows, options, file, findings)
}

function decode(
  bytes: Uint8Array,
  encoding: 'utf-8' | 'gbk' | 'detect',
  findings: string[],
): string | undefined {
  const candidates = encoding === 'detect' ? (['utf-8', 'gbk'] as const) : [encoding]
  for (const each of candidates) {
    try {
      const text = new TextDecoder(each, { fatal: true }).decode(bytes)
      if (encoding === 'detect' && each === 'gbk') findings.push('read as GBK')
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
        findings.push('byte-order mark passed over')
      return text
    } catch {
      // The next encoding is tried; with none left the file is refused.
    }
  }
  return undefined
}

/** One row per quarter-hour: a stamp and a value. */
function readLong(
  rows: readonly Row[],
  options: MeteringOptions,
  file: string,
  findings: string[],
): Table | { faults: Fault[] } {
  const { cells } = rows[0]!
  const column = valueColumn(cells, options.column)
  if (column < 0) {
    const wanted =
      options.column === undefined
        ? 'the option column, since there are several'
        : `a column ${options.column}`
    return { faults: [fault(file, 1, 'column', wanted, cells.join(' | '))] }
  }
  const faults: Fault[] = []
  let standardOffset: number | undefined
  let offsets = 0
  const readings: Reading[] = []
  for (const { line, cells: row } of rows.slice(1)) {
    const stamp = parseStamp(row[0] ?? '')
    if (row.length !== cells.length)
      faults.push(fault(file, line, 'row', `${cells.length} columns`, `${row.length}`))
    else if (!stamp)
      faults.push(fault(file, line, cells[0]!, 'a time such as 2027-01-05 00:15', row[0] ?? ''))
    else {
      // Stamps with an offset are instants: laid on the standard time of the first row, summer time leaves no gap.
      standardOffset ??= stamp.offsetMinutes
      if (stamp.offsetMinutes !== standardOffset) offsets++
      const moved = stamp.offsetMinutes === undefined ? 0 : standardOffset! - stamp.offsetMinutes
      readings.push({ line, minute: stamp.minute + moved, text: row[column]! })
    }
  }
  if (offsets > 0)
    findings.push(`${offsets} stamps in summer time were laid on the standard time of the first row`)
  const stamps = stampsOf(readings, options.stamps)
  if (!stamps)
    faults.push(fault(file, 2, 'stamps', 'the option stamps: start or end', 'a file that does not show it'))
  return faults.length > 0 ? { faults } : { readings, stamps: stamps!, findings }
}

function valueColumn(header: readonly string[], wanted: string | undefined): number {
  if (wanted !== undefined) return header.indexOf(wanted)
  return header.length === 2 ? 1 : -1
}

/** A file that begins at 00:00 of one day names starts, one that begins at 00:15 and ends at 00:00 names ends. */
function stampsOf(
  readings: readonly Reading[],
  wanted: MeteringOptions['stamps'],
): 'start' | 'end' | undefined {
  if (wanted === 'start' || wanted === 'end') return wanted
  const clock = (reading: Reading | undefined) =>
    reading === undefined ? -1 : ((reading.minute % 1440) + 1440) % 1440
  if (clock(readings[0]) === 0) return 'start'
  return clock(readings[0]) === 15 && clock(readings.at(-1)) === 0 ? 'end' : undefined
}

/** One row per meter and day: 96 columns named by the clock or P1 … P96. */
function readWide(
  rows: readonly Row[],
  columns: readonly number[],
  pointStamps: MeteringOptions['stamps'],
  options: MeteringOptions,
  file: string,
  findings: string[],
): Table | { faults: Fault[] } {
  const { cells } = rows[0]!
  const faults: Fault[] = []
  const first = parseClock(cells[columns[0]!]!)
  const stamps = first === undefined ? pointStamps : first === 0 ? 'start' : 'end'
  if (stamps !== 'start' && stamps !== 'end') {
    faults.push(
      fault(file, 1, 'stamps', 'the option stamps: start or end, since P1 … P96 do not say', 'none'),
    )
  }
  if (columns.length !== quartersPerDay) {
    faults.push(fault(file, 1, 'columns', `${quartersPerDay} quarter-hours a day`, `${columns.length}`))
  }
  const dateColumn = rows[1]!.cells.findIndex(
    (cell, at) => !columns.includes(at) && parseStamp(cell) !== undefined,
  )
  const meterColumn = cells.findIndex((_, at) => !columns.includes(at) && at !== dateColumn)
  const wanted = rows
    .slice(1)
    .filter(({ cells: row }) => options.meter === undefined || row[meterColumn] === options.meter)
  const meters = new Set(wanted.map(({ cells: row }) => row[meterColumn]))
  if (dateColumn < 0)
    faults.push(
      fault(file, 2, 'date', 'a column with dates such as 20270105', rows[1]!.cells.slice(0, 3).join()),
    )
  if (meterColumn >= 0 && meters.size > 1) {
    faults.push(
      fault(
        file,
        2,
        'meter',
        'the option meter, since there are several',
        [...meters].slice(0, 5).join(', '),
      ),
    )
  }
  if (wanted.length === 0) faults.push(fault(file, 1, 'meter', `rows of meter ${options.meter}`, 'none'))
  if (faults.length > 0) return { faults }
  const readings = wanted.flatMap(({ line, cells: row }) => {
    const stamp = parseStamp(row[dateColumn]!)
    if (!stamp) {
      faults.push(fault(file, line, cells[dateColumn]!, 'a date such as 20270105', row[dateColumn] ?? ''))
      return []
    }
    return columns.map((column, quarter) => ({
      line,
      minute: stamp.minute + (parseClock(cells[column]!) ?? (quarter + (stamps === 'end' ? 1 : 0)) * 15),
      text: row[column] ?? '',
    }))
  })
  return faults.length > 0 ? { faults } : { readings, stamps: stamps as 'start' | 'end', findings }
}

export function fault(file: string, line: number, path: string, wanted: string, came: string): Fault {
  return { code: 'metering', file, line, path, wanted, came: show(came) }
}

/** The text of a metering file as a header and rows, each with its line. */
import { CsvError, parse } from 'csv-parse/sync'
import { show } from '../../base/errors.ts'
import type { Notes } from './notes.ts'

export interface Row {
  /** line of the file, from 1 */
  readonly line: number
  readonly cells: readonly string[]
}

export interface Rows {
  readonly header: Row
  /** as many cells each as the header */
  readonly rows: readonly Row[]
}

const delimiters = [',', ';', '\t'] as const

/** Splits comma-, semicolon- or tab-separated text; rows of another width than the header are faults. */
export function splitRows(text: string, notes: Notes): Rows | undefined {
  const lines = parseLines(text, notes)
  if (!lines) return undefined
  const [header, ...rows] = lines
  if (!header || rows.length === 0) {
    notes.fault(
      header?.line ?? 1,
      'file',
      'a header and at least one row',
      header ? 'a header alone' : 'nothing',
    )
    return undefined
  }
  const width = header.cells.length
  if (width < 2) {
    notes.fault(header.line, 'header', 'columns apart by comma or semicolon', show(header.cells[0]))
    return undefined
  }
  const whole = rows.filter(({ line, cells }) => {
    if (cells.length === width) return true
    notes.fault(line, 'row', `${width} columns as in the header`, `${cells.length}`)
    return false
  })
  return { header, rows: whole }
}

function parseLines(text: string, notes: Notes): Row[] | undefined {
  try {
    const records = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      relax_column_count: true,
      skip_empty_lines: true,
      info: true,
    }) as unknown as { record: string[]; info: { lines: number } }[]
    return records.map(({ record, info }) => ({ line: info.lines, cells: record.map((cell) => cell.trim()) }))
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line: unknown = error.lines
    notes.fault(typeof line === 'number' ? line : 1, 'row', 'cells with closed quotes', show(error.message))
    return undefined
  }
}

/** The separator that occurs most often in the first line. */
function delimiterOf(text: string): string {
  const first = text.slice(0, text.indexOf('\n') >>> 0)
  const count = (delimiter: string) => first.split(delimiter).length
  return delimiters.reduce((best, each) => (count(each) > count(best) ? each : best))
}

/** CSV as spreadsheet programs want it: UTF-8 with a byte-order mark, CRLF, text that looks like a formula disarmed. */
import { stringify } from 'csv-stringify/sync'

const byteOrderMark = '\uFEFF'

export function csv(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const guarded = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? guard(cell) : cell)))
  return byteOrderMark + stringify([[...header], ...guarded], { record_delimiter: 'windows' })
}

/** A cell that a spreadsheet would run as a formula gets an apostrophe. */
export function guard(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}

/** Rows of plain numbers and times, joined by hand: a year has 35,040 of them. */
export function* csvChunks(
  header: readonly string[],
  rows: number,
  rowAt: (row: number) => string,
): Generator<string> {
  yield `${byteOrderMark}${header.join(',')}\r\n`
  const chunkRows = 4096
  for (let first = 0; first < rows; first += chunkRows) {
    let chunk = ''
    for (let row = first; row < Math.min(rows, first + chunkRows); row++) chunk += `${rowAt(row)}\r\n`
    yield chunk
  }
}

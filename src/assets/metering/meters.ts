/** Which rows of a file belong to the meter that was asked for. */
import { show } from '../../base/errors.ts'
import { isMeterHeading } from './headings.ts'
import type { Notes } from './notes.ts'
import type { Row, Rows } from './rows.ts'

/**
 * @param free columns that are neither times nor values: one of them may name the meter
 * @param meter the one asked for, or undefined where the file should have only one
 * @returns its rows, or undefined with a fault that says which meters there are
 */
export function rowsOfMeter(
  { header, rows }: Rows,
  free: readonly number[],
  meter: string | undefined,
  notes: Notes,
): readonly Row[] | undefined {
  const headed = free.filter((at) => isMeterHeading(header.cells[at]!))
  if (meter === undefined) {
    const mixed = headed.find((at) => idsOf(rows, at).length > 1)
    if (mixed === undefined) return rows
    notes.fault(
      header.line,
      header.cells[mixed]!,
      'the option meter, since there are several',
      shown(rows, mixed),
    )
    return undefined
  }
  const holding = free.filter((at) => rows.some(({ cells }) => cells[at] === meter))
  const column = holding.find((at) => headed.includes(at)) ?? holding[0]
  if (column !== undefined) return rows.filter(({ cells }) => cells[column] === meter)
  const came = headed.length > 0 ? `only ${shown(rows, headed[0]!)}` : 'no column that names meters'
  notes.fault(header.line, 'meter', `rows of meter ${show(meter)}`, came)
  return undefined
}

function idsOf(rows: readonly Row[], column: number): string[] {
  return [...new Set(rows.map(({ cells }) => cells[column]!))]
}

function shown(rows: readonly Row[], column: number): string {
  const ids = idsOf(rows, column)
  return ids.slice(0, 5).join(', ') + (ids.length > 5 ? ` and ${ids.length - 5} more` : '')
}

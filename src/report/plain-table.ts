/** Tables for a terminal. No boxes: columns stand apart by two spaces, which also survives a copy into a mail. */
import Table from 'cli-table3'

const chars = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid']
    .flatMap((edge) => [edge, `${edge}-mid`, `${edge}-left`, `${edge}-right`])
    .concat('left-mid', 'mid-mid', 'right-mid', 'middle')
    .map((edge) => [edge, edge === 'middle' ? '  ' : '']),
)

export interface PlainTableOptions {
  readonly color: boolean
  /** so many columns from the left are text and stand left, the others are numbers and stand right */
  readonly textColumns?: number
}

/** A row of cells, or a heading over the rows that follow. */
export type PlainRow = readonly string[] | { readonly group: string }

export function plainTable(
  head: readonly string[],
  rows: readonly PlainRow[],
  { color, textColumns = 1 }: PlainTableOptions,
): string {
  const padding = { 'padding-left': 0, 'padding-right': 0, border: [] }
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, column) => (column < textColumns ? 'left' : 'right')),
    chars,
    style: color ? padding : { ...padding, head: [] },
  })
  for (const row of rows) {
    table.push('group' in row ? [{ content: row.group, colSpan: head.length }] : [...row])
  }
  return table.toString()
}

/** What the sections of a validation page hand to the script that writes it and to the tests that hold it. */

export type Size = 'slice' | 'full'

export interface Findings {
  /** rows of the page's table, in the order of its columns but without the last, the command */
  readonly rows: readonly (readonly string[])[]
  /** further parts of the page by name */
  readonly blocks?: Readonly<Record<string, string>>
  /** what did not come out as it must; the page shows it, the script ends with a fault */
  readonly misses: readonly string[]
}

export interface Section {
  /** page and part, `clearing/italy`: what `npm run validation` takes as an argument */
  readonly name: string
  /** a data file outside the repository that it cannot do without */
  readonly needs?: string
  /** whether the slice is the full run, so that a test can hold the page to the last figure */
  readonly sliceIsAll?: true
  /** @param size a slice has the rows of the full run, made of fewer cases */
  readonly run: (size: Size) => Findings
}

/** A whole number with thousands set apart. */
export function count(value: number | bigint): string {
  return value.toLocaleString('en-US')
}

/** A table of Markdown; columns after the first are numbers where `numeric` says so. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], numeric = true): string {
  const rule = head.map((_, column) => (numeric && column > 0 ? '--:' : '---'))
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|${rule.join('|')}|`, ...rows.map(line)].join('\n')
}

/** Tables of the documentation, held to what the code says; OVERWALL_UPDATE=1 writes them anew. */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'

const tablePattern = /(?:^\|.*\n)+/gm

/** Holds the n-th table of a page, counted from 0, to its rows; the first row is the heading. */
export function holdTable(file: string, nth: number, [head, ...rows]: readonly (readonly string[])[]): void {
  const lines = [head!, head!.map(() => '---'), ...rows].map((cells, at) =>
    at === 1 ? `|${cells.join('|')}|\n` : `| ${cells.join(' | ')} |\n`,
  )
  const text = readFileSync(file, 'utf8')
  const table = [...text.matchAll(tablePattern)][nth]!
  if (process.env['OVERWALL_UPDATE'])
    writeFileSync(
      file,
      text.slice(0, table.index) + lines.join('') + text.slice(table.index + table[0].length),
    )
  else expect(table[0]).toBe(lines.join(''))
}

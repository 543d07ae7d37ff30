/** Text into HTML, with everything a user may have written made harmless. */

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!)
}

/** A row of cells, the first of which names it, or a heading over the rows that follow. */
export type HtmlRow = readonly string[] | { readonly group: string }

/** A table with a caption. Columns of numbers stand right, under headings that stand right too. */
export function htmlTable(caption: string, header: readonly string[], rows: readonly HtmlRow[]): string {
  const plain = rows.filter((row): row is readonly string[] => !('group' in row))
  const numeric = header.map((_, column) => column > 0 && plain.every((row) => isNumeric(row[column] ?? '')))
  const head = header.map((cell, column) => `<th scope="col"${mark(numeric[column]!)}>${escape(cell)}</th>`)
  const body = rows.map((row) =>
    'group' in row
      ? `<tr class="group"><th scope="rowgroup" colspan="${header.length}">${escape(row.group)}</th></tr>`
      : `<tr>${row.map((cell, column) => htmlCell(cell, column, numeric[column]!)).join('')}</tr>`,
  )
  return `<table><caption>${escape(caption)}</caption><thead><tr>${head.join('')}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`
}

function htmlCell(cell: string, column: number, numeric: boolean): string {
  if (column === 0) return `<th scope="row">${escape(cell)}</th>`
  return `<td${mark(numeric)}>${escape(cell)}</td>`
}

const mark = (numeric: boolean) => (numeric ? ' class="n"' : '')

/** A number as this report writes one, a dash, or several numbers with commas, slashes or a unit between. */
function isNumeric(cell: string): boolean {
  return /^[-+−–]?[\d.,]*( ?%)?( [/,] ?[\d.,]+( ?%)?)*$/.test(cell)
}

export function section(id: string, title: string, ...parts: readonly string[]): string {
  return `<section id="${id}"><h2>${escape(title)}</h2>\n${parts.join('\n')}\n</section>`
}

export function paragraph(text: string): string {
  return `<p>${escape(text)}</p>`
}

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

/** A table with a caption; the first column names the row. Cells that begin with a digit, a sign or – stand right. */
export function htmlTable(
  caption: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const head = header.map((cell) => `<th scope="col">${escape(cell)}</th>`).join('')
  const body = rows.map((row) => `<tr>${row.map(htmlCell).join('')}</tr>`).join('\n')
  return `<table><caption>${escape(caption)}</caption><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`
}

function htmlCell(cell: string, column: number): string {
  if (column === 0) return `<th scope="row">${escape(cell)}</th>`
  const numeric = /^[-+−–]?[\d.,]*( ?%)?$/.test(cell)
  return `<td${numeric ? ' class="n"' : ''}>${escape(cell)}</td>`
}

export function section(id: string, title: string, ...parts: readonly string[]): string {
  return `<section id="${id}"><h2>${escape(title)}</h2>\n${parts.join('\n')}\n</section>`
}

export function paragraph(text: string): string {
  return `<p>${escape(text)}</p>`
}

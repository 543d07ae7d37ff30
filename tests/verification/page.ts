/**
 * The text of a validation page, without disk. A page has one table between `<!-- table -->` and `<!-- end -->`, whose rows
 * name in their last cell the command that wrote them, and blocks between `<!-- block: NAME -->` and `<!-- end -->`. What no
 * command wrote anew stays as it is.
 */
import type { Findings, Section } from './findings.ts'

export const commandOf = ({ name }: Section) => `\`npm run validation -- ${name}\``

/** The cells of a section's rows as they stand on the page. */
export function rowsOnPage(text: string, section: Section): string[][] {
  return tableRows(text).filter((cells) => cells.at(-1) === commandOf(section))
}

/** A block as it stands on the page. */
export function blockOnPage(text: string, name: string): string {
  return between(text, `block: ${name}`).inside
}

/**
 * @param order the sections of the page; rows of others are dropped
 * @returns the page with what one section found
 */
export function withFindings(
  text: string,
  order: readonly Section[],
  section: Section,
  { rows, blocks = {} }: Findings,
): string {
  const [head, rule] = between(text, 'table').inside.split('\n')
  const own = rows.map((cells) => [...cells, commandOf(section)])
  const lines = order
    .flatMap((each) => (each.name === section.name ? own : rowsOnPage(text, each)))
    .map((cells) => `| ${cells.join(' | ')} |`)
  const withTable = withPart(text, 'table', [head!, rule!, ...lines].join('\n'))
  return Object.entries(blocks).reduce(
    (page, [name, body]) => withPart(page, `block: ${name}`, body),
    withTable,
  )
}

function tableRows(text: string): string[][] {
  return between(text, 'table')
    .inside.split('\n')
    .slice(2)
    .map((line) => line.slice(2, -2).split(' | '))
}

/** The text with another body between `<!-- MARK -->` and the next `<!-- end -->`. */
function withPart(text: string, mark: string, body: string): string {
  const { before, after } = between(text, mark)
  return `${before}${body}\n${after}`
}

function between(text: string, mark: string): { before: string; inside: string; after: string } {
  const opening = `<!-- ${mark} -->\n`
  const start = text.indexOf(opening) + opening.length
  const end = text.indexOf('<!-- end -->', start)
  if (start < opening.length || end < 0) throw new Error(`the page has no place for <!-- ${mark} -->`)
  return { before: text.slice(0, start), inside: text.slice(start, end).trimEnd(), after: text.slice(end) }
}

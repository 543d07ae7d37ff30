/**
 * Text in columns of a terminal. A Chinese character takes two; what takes none, or would move the cursor or colour the
 * screen, is shown by its number, as names in a book are somebody else's text.
 */
import widthOf from 'string-width'

export { widthOf }

const unseen = /[\p{C}\p{Zl}\p{Zp}]/gu

/** A line break or an escape sequence in a name becomes `\u{a}` or `\u{1b}[31m`. */
export function visible(text: string): string {
  return text.replace(unseen, (each) => `\\u{${each.codePointAt(0)!.toString(16)}}`)
}

/** As much of a text as fits, with `..` for what does not. */
export function cutTo(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${headOf(text, width - 2)}..`
}

/**
 * Lines of at most `width` columns, broken at spaces and, where a word is too long, inside it.
 *
 * @param first what the first line begins with, `rest` the others
 */
export function wrap(text: string, width: number, { first = '', rest = '' } = {}): string[] {
  const lines: string[] = []
  let line = first
  let isBare = true
  const next = () => {
    lines.push(line)
    line = rest
    isBare = true
  }
  for (let word of text.split(' ')) {
    if (!isBare && widthOf(line) + 1 + widthOf(word) > width) next()
    if (!isBare) line += ' '
    while (widthOf(line) + widthOf(word) > width) {
      const head = headOf(word, width - widthOf(line))
      word = word.slice(head.length)
      line += head
      next()
    }
    line += word
    isBare = false
  }
  return [...lines, line]
}

function headOf(text: string, width: number): string {
  let head = ''
  for (const each of text) {
    if (widthOf(head + each) > width) break
    head += each
  }
  return head
}

/** Code blocks and tables of a page, and those that show what a program has; OVERWALL_UPDATE=1 writes these anew. */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'

const fence = /^```(\w+)\n([\s\S]*?)^```$/gm

export function textOf(file: string): string {
  return readFileSync(file, 'utf8')
}

/** Contents of a page's blocks in a language, in the sequence of the page. */
export function blocksOf(file: string, language: string): string[] {
  return [...textOf(file).matchAll(fence)].filter(([, name]) => name === language).map(([, , text]) => text!)
}

/** Holds the n-th block in a language to what was printed. */
export function holdBlock(file: string, language: string, nth: number, printed: string): void {
  let at = -1
  hold(file, (block, name) => (name === language && ++at === nth ? `\`\`\`${name}\n${printed}\`\`\`` : block))
}

/** Holds the rows of the table whose first line begins so. */
export function holdTableBelow(file: string, head: string, rows: readonly string[]): void {
  const text = textOf(file)
  const start = text.indexOf('\n', text.indexOf('|---', text.indexOf(head))) + 1
  expect(start).toBeGreaterThan(head.length)
  const end = start + /^(\|.*\n)*/.exec(text.slice(start))![0].length
  settle(file, text, text.slice(0, start) + rows.join('') + text.slice(end))
}

function hold(file: string, renew: (block: string, name: string) => string): void {
  const text = textOf(file)
  settle(file, text, text.replace(fence, renew))
}

function settle(file: string, text: string, wanted: string): void {
  if (process.env['OVERWALL_UPDATE']) writeFileSync(file, wanted)
  else expect(text).toBe(wanted)
}

/** Code blocks of a page, and the blocks that show what a command prints; OVERWALL_UPDATE=1 writes these anew. */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'

const fence = /^```(\w+)\n([\s\S]*?)^```$/gm

/** Contents of a page's blocks in a language, in the sequence of the page. */
export function blocksOf(file: string, language: string): string[] {
  const all = readFileSync(file, 'utf8').matchAll(fence)
  return [...all].filter(([, name]) => name === language).map(([, , text]) => text!)
}

/** Holds the n-th block in a language to what was printed. */
export function holdBlock(file: string, language: string, nth: number, printed: string): void {
  if (process.env['OVERWALL_UPDATE']) {
    let at = -1
    const renew = (block: string, name: string) =>
      name === language && ++at === nth ? `\`\`\`${name}\n${printed}\`\`\`` : block
    writeFileSync(file, readFileSync(file, 'utf8').replace(fence, renew))
  } else expect(blocksOf(file, language)[nth]).toBe(printed)
}

/** The pages of docs/validation hold what their sections find; `npm run validation` writes them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { dataFile, isMissing } from './data.ts'
import { blockOnPage, commandOf, rowsOnPage, withFindings } from './page.ts'
import { pages } from './sections.ts'

const folder = 'docs/validation'
const read = (file: string) => readFileSync(path.join(folder, file), 'utf8')
const sections = Object.entries(pages).flatMap(([page, own]) => own.map((section) => ({ page, section })))

test.for(sections)(
  '$section.name stands on its page as a run would write it',
  ({ page, section }, context) => {
    if (section.needs !== undefined && isMissing(section.needs)) {
      return context.skip(`${dataFile(section.needs)} is missing`)
    }
    const text = read(`${page}.md`)
    const { rows, blocks = {}, misses } = section.run('slice')
    const standing = rowsOnPage(text, section)
    expect(misses).toEqual([])
    expect(standing.map((cells) => cells.slice(0, 2))).toEqual(rows.map((cells) => cells.slice(0, 2)))
    for (const name of Object.keys(blocks)) expect(blockOnPage(text, name)).not.toBe('')
    if (!section.sliceIsAll) return
    expect(standing.map((cells) => cells.slice(0, -1))).toEqual(rows)
    for (const [name, body] of Object.entries(blocks)) expect(blockOnPage(text, name)).toBe(body)
  },
)

test('withFindings() puts rows in the order of the sections and keeps those of the others', () => {
  const [first, second] = [{ name: 'p/a' }, { name: 'p/b' }].map((each) => ({
    ...each,
    run: () => ({ rows: [], misses: [] }),
  }))
  const empty =
    '<!-- table -->\n| x | command |\n|---|---|\n<!-- end -->\n\n<!-- block: n -->\n<!-- end -->\n'
  const order = [first!, second!]
  const later = withFindings(empty, order, second!, { rows: [['2']], misses: [] })
  const both = withFindings(later, order, first!, { rows: [['1']], blocks: { n: 'text' }, misses: [] })
  expect(rowsOnPage(both, second!)).toEqual([['2', commandOf(second!)]])
  expect(both.indexOf('| 1 |')).toBeLessThan(both.indexOf('| 2 |'))
  expect(blockOnPage(both, 'n')).toBe('text')
  expect(withFindings(both, order, first!, { rows: [['1']], blocks: { n: 'text' }, misses: [] })).toBe(both)
  expect(() => withFindings('', order, first!, { rows: [], misses: [] })).toThrow('no place')
})

test('docs/validation/README.md names every page beside it, and every link of the pages leads somewhere', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.md'))
  for (const file of files) {
    if (file !== 'README.md') expect(read('README.md')).toContain(`(${file})`)
    for (const [, target] of read(file).matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      expect(existsSync(path.join(folder, target!)), `${file}: ${target}`).toBe(true)
    }
  }
})

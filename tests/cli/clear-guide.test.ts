/** What docs/guides/clear.md shows is what the commands print; OVERWALL_UPDATE=1 npx vitest run tests/cli/clear-guide.test.ts */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { blocksOf, holdBlock } from './guide-blocks.ts'

const guide = 'docs/guides/clear.md'
const file = path.join(mkdtempSync(path.join(tmpdir(), 'overwall-')), 'book.json')

function clear(args: readonly string[], input = '') {
  return spawnSync(process.execPath, ['src/cli/main.ts', 'clear', ...args], { encoding: 'utf8', input })
}

test('the result of the book in the guide', () => {
  const [book, result] = blocksOf(guide, 'json')
  writeFileSync(file, book!)
  expect(JSON.parse(clear([file]).stdout)).toEqual(JSON.parse(result!))
})

test('the four lines of the guide and their answers', () => {
  const { stdout, status } = clear(['-'], blocksOf(guide, 'text')[0]!)
  holdBlock(guide, 'text', 1, stdout)
  expect(status).toBe(1)
})

/** What docs/guides/clear.md shows is what the commands print; OVERWALL_UPDATE=1 npx vitest run tests/cli/clear-guide.test.ts */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { reasonCodes, restCodes } from '../../src/market/explain/explanation.ts'
import { mostExplained, mostSteps } from '../../src/market/explain/explain-json.ts'
import { blocksOf, holdBlock, holdTableBelow, textOf } from './guide-blocks.ts'

const guide = 'docs/guides/clear.md'
const file = path.join(mkdtempSync(path.join(tmpdir(), 'overwall-')), 'book.json')
const [book, result] = blocksOf(guide, 'json')
writeFileSync(file, book!)

function clear(args: readonly string[], input = '') {
  const { stdout, status } = spawnSync(process.execPath, ['src/cli/main.ts', 'clear', ...args], {
    encoding: 'utf8',
    input,
  })
  return { stdout, status }
}

test('the result of the book in the guide', () => {
  expect(JSON.parse(clear([file]).stdout)).toEqual(JSON.parse(result!))
})

test('its explanation, in words and with --json', () => {
  const { stdout, status } = clear([file, '--explain'])
  expect(status).toBe(0)
  holdBlock(guide, 'text', 0, stdout)
  const { explanation, ...rest } = JSON.parse(clear([file, '--explain', '--json']).stdout)
  expect(rest).toEqual(JSON.parse(result!))
  expect(Object.keys(explanation)).toEqual(['rule', 'proof', 'buses', 'orders'])
})

test('the four lines of the guide and their answers', () => {
  const { stdout, status } = clear(['-'], blocksOf(guide, 'text')[1]!)
  holdBlock(guide, 'text', 2, stdout)
  expect(status).toBe(1)
})

test('the codes of reasons, and the limits', () => {
  const rows = (codes: Readonly<Record<string, string>>) =>
    Object.entries(codes).map(([code, text]) => `| \`${code}\` | ${text} |\n`)
  holdTableBelow(guide, '| `reason.code` |', rows(reasonCodes))
  holdTableBelow(guide, '| `rest.because` |', rows(restCodes))
  const { orders, buses } = mostExplained
  expect(textOf(guide)).toContain(`up to ${orders} orders on ${buses} buses`)
  expect(textOf(guide)).toContain(`up to ${mostSteps.toLocaleString('en-US')} steps`)
})

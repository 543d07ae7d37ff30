import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { clearJson } from '../../src/market/book-json.ts'

const root = path.resolve(import.meta.dirname, '../..')

/** Runs the program in an empty folder with a clearing that is wrong on purpose. */
function spoiled(args: string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'overwall-'))
  const program = [
    '--import',
    path.join(root, 'tests/cli/spoil-clearing.ts'),
    path.join(root, 'src/cli/main.ts'),
  ]
  const { status, stdout, stderr } = spawnSync(process.execPath, [...program, ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  const saved = readdirSync(folder).filter((name) => name.startsWith('overwall-unproved-'))
  return { folder, status, stdout, log: JSON.parse(stderr.trim().split('\n').at(-1)!) as object, saved }
}

const book = {
  network: {
    buses: [
      { id: 'feeder', parent: null },
      { id: 'works', parent: 'feeder', feeUp: '0.02', feeDown: '0.02', capacityUp: '5', capacityDown: null },
    ],
  },
  orders: [
    { id: 'a', bus: 'feeder', side: 'buy', price: '0.6', quantity: '3' },
    { id: 'b', bus: 'feeder', side: 'buy', price: '0.6', quantity: '4.5' },
    { id: 'c', bus: 'works', side: 'sell', price: '0.31', quantity: '20' },
  ],
  pricing: { rule: 'nodal-uniform', k: '0.25' },
  priceFloor: '-0.1',
  priceCap: '1.5',
}

test('a clearing that is not proved is answered with exit code 2, no result, and the book in a file', () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'overwall-')), 'book.json')
  writeFileSync(file, JSON.stringify(book))
  const { folder, status, stdout, log, saved } = spoiled(['clear', file])
  expect(status).toBe(2)
  expect(stdout).toBe('')
  expect(saved).toHaveLength(1)
  expect(log).toMatchObject({ level: 60, book: saved[0] })
  expect(JSON.stringify(log)).toMatch(/welfare .* is not its bound/)
  expect(JSON.stringify(log)).not.toContain('feeder')
  const kept: unknown = JSON.parse(readFileSync(path.join(folder, saved[0]!), 'utf8'))
  expect(clearJson(kept)).toEqual(clearJson(book))
})

test('a year with a clearing that is not proved leaves no results, only the book', () => {
  const { folder, status, log, saved } = spoiled([
    'simulate',
    path.join(root, 'scenarios/minimal.yaml'),
    '--out',
    'year',
  ])
  expect(status).toBe(2)
  expect(existsSync(path.join(folder, 'year'))).toBe(false)
  expect(JSON.stringify(log)).toMatch(/interval \d+: welfare/)
  const kept: unknown = JSON.parse(readFileSync(path.join(folder, saved[0]!), 'utf8'))
  expect(clearJson(kept)).toMatchObject({ volume: expect.stringMatching(/[1-9]/) })
})

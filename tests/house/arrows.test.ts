import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

/** The table of rooms in docs/architecture.md is the rule; this test reads it and holds the code to it. */
function allowedArrows(): Map<string, Set<string>> {
  const rows = readFileSync('docs/architecture.md', 'utf8').matchAll(/^\| `(\w+)` \| ([^|]*) \|/gm)
  return new Map([...rows].map(([, room, rooms]) => [room!, new Set(rooms!.match(/\w+/g) ?? [])]))
}

interface Arrow {
  readonly file: string
  readonly from: string
  readonly to: string
}

function sourceFiles(): string[] {
  return readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.posix.join('src', name.split(path.sep).join('/')))
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, target]) => target!)
}

const roomOf = (file: string) => file.split('/')[1]!

function arrows(): Arrow[] {
  return sourceFiles().flatMap((file) =>
    importsOf(file)
      .filter((target) => target.startsWith('.'))
      .map((target) => path.posix.join(path.posix.dirname(file), target))
      .filter((target) => target.startsWith('src/'))
      .map((target) => ({ file, from: roomOf(file), to: roomOf(target) })),
  )
}

test('every room of src stands in the table of docs/architecture.md, and the other way round', () => {
  const rooms = readdirSync('src')
  expect([...allowedArrows().keys()].filter((room) => existsSync(`src/${room}`)).sort()).toEqual(rooms.sort())
})

test('imports follow the arrows of docs/architecture.md', () => {
  const allowed = allowedArrows()
  const wrong = arrows().filter(({ from, to }) => from !== to && !allowed.get(from)?.has(to))
  expect(wrong).toEqual([])
})

test('the arrows of docs/architecture.md have no cycle', () => {
  const allowed = allowedArrows()
  const visit = (room: string, above: readonly string[]): void => {
    expect(above, [...above, room].join(' → ')).not.toContain(room)
    for (const next of allowed.get(room) ?? []) visit(next, [...above, room])
  }
  for (const room of allowed.keys()) visit(room, [])
})

test('pure rooms touch no disk, no clock, no chance and no process of their own', () => {
  const outside = new Set(['cli', 'store', 'service'])
  const forbidden = [
    /\bMath\.random\b/,
    /\bDate\.now\b/,
    /new Date\(\)/,
    /\bprocess\./,
    /'node:(fs|http|net|child_process)/,
  ]
  const touching = sourceFiles()
    .filter((file) => !outside.has(roomOf(file)))
    .filter((file) => forbidden.some((pattern) => pattern.test(readFileSync(file, 'utf8'))))
  expect(touching).toEqual([])
})

test('src/cli/files.ts, src/cli/output-folder.ts and src/store/sqlite/file.ts alone open files', () => {
  const opening = sourceFiles().filter((file) => importsOf(file).includes('node:fs'))
  expect(opening.sort()).toEqual(['src/cli/files.ts', 'src/cli/output-folder.ts', 'src/store/sqlite/file.ts'])
})

test('src/store takes only types from other rooms than base', () => {
  const taking = sourceFiles()
    .filter((file) => roomOf(file) === 'store')
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^']*?from\s*'(\.\.?\/[^']+)'/gms)].map(
        ([statement, target]) => ({
          file,
          statement,
          room: roomOf(path.posix.join(path.posix.dirname(file), target!)),
        }),
      ),
    )
    .filter(
      ({ room, statement }) =>
        !['base', 'store'].includes(room) && !/^(import|export) type\b/.test(statement),
    )
  expect(taking).toEqual([])
})

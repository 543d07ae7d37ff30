import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'

const folder = mkdtempSync(path.join(tmpdir(), 'overwall-'))

function overwall(args: string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/main.ts', ...args], {
    encoding: 'utf8',
    input,
  })
  return { status, stdout, stderr }
}

test('overwall simulate writes the folder, prints the table on stdout and the log on stderr', () => {
  const out = path.join(folder, 'minimal')
  const { status, stdout, stderr } = overwall([
    'simulate',
    'scenarios/minimal.yaml',
    '--out',
    out,
    '--trades',
  ])
  expect(status, stderr).toBe(0)
  expect(stdout).toContain('report.html')
  expect(JSON.parse(stderr.split('\n')[0]!)).toMatchObject({ scenario: 'minimal' })
  expect(readdirSync(out).sort()).toEqual([
    'arcs.csv',
    'intervals.csv',
    'participants.csv',
    'report.html',
    'statements.csv',
    'summary.json',
    'trades.csv',
  ])
  const intervals = readFileSync(path.join(out, 'intervals.csv'), 'utf8')
  expect(intervals.startsWith('\uFEFFstart,')).toBe(true)
  expect(intervals.split('\r\n')).toHaveLength(3 * 96 + 2)
  expect(intervals).toContain('2027-05-10T00:15:00+08:00')
  const summary = JSON.parse(readFileSync(path.join(out, 'summary.json'), 'utf8'))
  expect(summary).toMatchObject({
    scenario: 'minimal',
    seed: 1,
    intervals: 288,
    ledger: { residualCny: 0 },
    market: { uncertified: 0 },
  })
  for (const key of ['version', 'resultHash', 'energy', 'savings', 'accounts', 'carbon', 'confidence'])
    expect(summary).toHaveProperty(key)
  expect(summary.confidence.unverified.length).toBeGreaterThan(0)
})

test('overwall simulate --json prints summary.json, and a second run replaces the first', () => {
  const out = path.join(folder, 'json')
  const args = [
    'simulate',
    'scenarios/minimal.yaml',
    '--out',
    out,
    '--json',
    '--seed',
    '9',
    '--from',
    '2027-05-11',
    '--to',
    '2027-05-11',
  ]
  const first = JSON.parse(overwall(args).stdout)
  expect(first).toMatchObject({ seed: 9, intervals: 96 })
  expect(JSON.parse(overwall(args).stdout).resultHash).toBe(first.resultHash)
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
})

test('overwall compare sets every combination side by side, and refuses faulty levers all at once', () => {
  const out = path.join(folder, 'compare')
  const run = ['compare', 'scenarios/minimal.yaml', '--out', out, '--no-break-even']
  const { status, stdout, stderr } = overwall([
    ...run,
    '--vary',
    'wheeling=zero,full-td',
    '--vary',
    'market.k=0,1',
  ])
  expect(status, stderr).toBe(0)
  expect(stdout.split('\n').filter((line) => /^(zero|full-td) +[01] /.test(line))).toHaveLength(4)
  expect(readdirSync(out).sort()).toEqual(['compare.csv', 'compare.html', 'compare.json'])
  const faulty = overwall([...run, '--vary', 'wheeling', '--vary', 'market.k=0,1', '--vary', 'market.k=2'])
  expect([faulty.status, faulty.stderr.split('\n').length]).toEqual([1, 3])
  const values = overwall([...run, '--vary', 'market.k=0,7', '--vary', 'market.rule=high-low,lottery'])
  expect(values.status).toBe(1)
  for (const said of ['market.k', 'market.rule', '"lottery"']) expect(values.stderr).toContain(said)
  const all = ['wheeling=free', 'storage.energy_kwh=-1', 'market.k=3', 'market.kk=1', 'no.such=1', 'seed=1,2']
  const told = overwall([...run, '--seed', '3', ...all.flatMap((each) => ['--vary', each])])
  for (const said of [
    'came free',
    'came "-1"',
    'market.k:',
    'market.kk:',
    'no:',
    'seed varied or given by --seed',
  ])
    expect(told.stderr).toContain(said)
})

test('what overwall compare prints as its command makes the same results, and buyers are grouped as in their own case', () => {
  const out = path.join(folder, 'again')
  const contract = 'participants.enterprises.0.contract'
  const run = ['compare', 'scenarios/minimal.yaml', '--out', out, '--no-break-even', '--json']
  const levers = ['--vary', 'seed=1,2', '--vary', `${contract}=agency,{ retail_flat_cny_per_kwh: 0.5 }`]
  const { status, stdout, stderr } = overwall([...run, ...levers])
  expect(status, stderr).toBe(0)
  const first = JSON.parse(stdout)
  expect(Object.keys(first.scenario)).toEqual(['name', 'title', 'from', 'to'])
  const groups = first.cases.map((each: { groups: { group: string }[] }) =>
    each.groups.map(({ group }) => group),
  )
  expect(groups).toEqual([['agency'], ['retail-flat', 'agency'], ['agency'], ['retail-flat', 'agency']])
  const words = [...first.command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain)
  const again = JSON.parse(
    overwall([...words.slice(words.indexOf('compare')), '--out', out, '--json']).stdout,
  )
  expect(again.cases).toEqual(first.cases)
  expect(again.resultHash).toBe(first.resultHash)
})

test('a faulty scenario ends with 1 and every fault, and writes nothing', () => {
  const file = path.join(folder, 'bad.yaml')
  const text = readFileSync('scenarios/minimal.yaml', 'utf8')
  writeFileSync(
    file,
    text.replace('capacity_kw: 2000', 'capacity_kw: none').replace('seed: 1\n', 'seed: -1\n'),
  )
  const out = path.join(folder, 'never')
  const { status, stderr } = overwall(['simulate', file, '--out', out])
  expect(status).toBe(1)
  expect(stderr.trim().split('\n')).toHaveLength(2)
  expect(existsSync(out)).toBe(false)
  expect(overwall(['validate', 'scenarios/minimal.yaml', file])).toMatchObject({ status: 1 })
  expect(overwall(['validate', 'scenarios/minimal.yaml'])).toMatchObject({ status: 0 })
})

test.each([
  [['simulate', 'nowhere.yaml'], /wanted a file that can be read, came ENOENT/],
  [['simulate', 'scenarios/minimal.yaml', '--from', '2027-02-30'], /YYYY-MM-DD/],
  [['simulate', 'scenarios/minimal.yaml', '--seed', 'x'], /whole number/],
  [['simulate', 'scenarios/minimal.yaml', '--to', '2027-01-01'], /not before/],
  [['simulate', 'scenarios/minimal.yaml', '--set', 'market.k=7'], /market\.k/],
  [
    ['simulate', 'scenarios/minimal.yaml', '--out', 'package.json/x'],
    /folder that can be written.*\(ENOTDIR\)/,
  ],
  [['compare', 'scenarios/minimal.yaml', '--vary', 'market.k=0', '--out', 'package.json'], /\(ENOTDIR\)/],
  [['simulat'], /Did you mean simulate/],
])('overwall %j ends with 1 and says why', (args, expected) => {
  const { status, stderr } = overwall(args)
  expect(status).toBe(1)
  expect(stderr).toMatch(expected)
})

test('an output folder with other files is left alone', () => {
  const out = mkdtempSync(path.join(folder, 'mine-'))
  writeFileSync(path.join(out, 'thesis.docx'), 'precious')
  const { status, stderr } = overwall(['simulate', 'scenarios/minimal.yaml', '--out', out])
  expect(status).toBe(1)
  expect(stderr).toContain('thesis.docx')
  expect(readdirSync(out)).toEqual(['thesis.docx'])
})

test('overwall help ends with 0, overwall without a command with 1', () => {
  expect(overwall(['help'])).toMatchObject({ status: 0 })
  expect(overwall(['help']).stdout).toContain('simulate')
  expect(overwall([]).status).toBe(1)
})

test('a reader that has seen enough is no fault', () => {
  const good = JSON.stringify({ network: { buses: [{ id: 'a', parent: null }] }, orders: [] })
  const books = path.join(folder, 'books.jsonl')
  writeFileSync(books, `${good}\n`.repeat(20_000))
  const run = `"${process.execPath}" src/cli/main.ts clear - < "${books}" | head -c 10; echo " \${PIPESTATUS[0]}"`
  const { stdout, stderr } = spawnSync('bash', ['-c', run], { encoding: 'utf8' })
  expect([stdout, stderr]).toEqual(['{"id":null 0\n', ''])
})

test('overwall clear - answers every line, goes on after a faulty one, and ends with 1', () => {
  const good = '{"id":1,"network":{"buses":[{"id":"a","parent":null}]},"orders":[]}'
  const { status, stdout } = overwall(['clear', '-'], `${good}\nnot json\n\n{"id":7}\n${good}\n`)
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(status).toBe(1)
  expect(lines.map((line) => line.error?.code ?? line.volume)).toEqual([
    '0.000',
    'invalid-json',
    'invalid-shape',
    '0.000',
  ])
  expect(lines[2].id).toBe(7)
  expect(overwall(['clear', '-'], good)).toMatchObject({ status: 0 })
})

test('Ctrl-C leaves no output folder and no half-written one', async () => {
  const out = path.join(folder, 'interrupted')
  const run = spawn(
    process.execPath,
    ['src/cli/main.ts', 'simulate', 'scenarios/jindong-pilot.yaml', '--out', out],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  await new Promise<void>((resolve) => run.stderr.once('data', () => resolve()))
  await new Promise((resolve) => setTimeout(resolve, 1500))
  run.kill('SIGINT')
  const code = await new Promise((resolve) => run.once('exit', resolve))
  expect(code).toBe(130)
  expect(readdirSync(folder).filter((name) => name.includes('interrupted'))).toEqual([])
})

test('the plain-JavaScript bin runs the same command from any Node', () => {
  const { status, stdout } = spawnSync(process.execPath, ['src/cli/bin.mjs', '--version'], {
    encoding: 'utf8',
  })
  expect(status).toBe(0)
  expect(stdout.trim()).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version)
})

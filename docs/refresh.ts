/**
 * `npm run docs`: writes what the documents show of a run, the week's picture and every block between
 * `<!-- table: COMMAND -->` and `<!-- end -->`, from the commands that stand there.
 */
import { execSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { readBeside } from '../src/cli/files.ts'
import { loadScenario } from '../src/cli/load-scenario.ts'
import { version } from '../src/cli/version.ts'
import { weekSvg } from '../src/report/html/week-chart.ts'
import { simulate } from '../src/simulation/simulate.ts'

const file = 'scenarios/jindong-pilot.yaml'
const answer = await simulate(loadScenario(file, {}), { version, readFile: readBeside(file) })
if (!answer.ok) throw new Error('the pilot must run')
writeFileSync('docs/week.svg', weekSvg(answer.value))

const pages = readdirSync('docs', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => path.join('docs', name))
for (const page of ['README.md', 'README.zh-CN.md', ...pages]) putTables(page)

/** Replaces what stands between the marks of a page by what the named command prints today. */
function putTables(page: string): void {
  const text = readFileSync(page, 'utf8')
  const fresh = text.replace(
    /(<!-- table: (.*) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, start: string, command: string, end: string) =>
      `${start}\`\`\`text\n${printedBy(command)}\n\`\`\`\n${end}`,
  )
  if (fresh !== text) writeFileSync(page, fresh)
}

/** Standard output without the path of the report and without spaces at the ends of lines. */
function printedBy(command: string): string {
  const printed = execSync(command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return printed
    .replace(/^> .*$/gm, '')
    .replace(/^Report: .*$/m, '')
    .replace(/ +$/gm, '')
    .trim()
}

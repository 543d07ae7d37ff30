/** `npm run docs`: runs the pilot and writes what the READMEs show of it, the week's picture and the table. */
import { readFileSync, writeFileSync } from 'node:fs'
import { readBeside } from '../src/cli/files.ts'
import { loadScenario } from '../src/cli/load-scenario.ts'
import { version } from '../src/cli/version.ts'
import { weekSvg } from '../src/report/html/week-chart.ts'
import { savingsTable } from '../src/report/table.ts'
import { simulate } from '../src/simulation/simulate.ts'
import { withPart } from '../tests/verification/page.ts'

const file = 'scenarios/jindong-pilot.yaml'
const answer = await simulate(loadScenario(file, {}), { version, readFile: readBeside(file) })
if (!answer.ok) throw new Error('the pilot must run')
writeFileSync('docs/week.svg', weekSvg(answer.value))
const table = savingsTable(answer.value, { color: false }).replace(/ +$/gm, '')
for (const readme of ['README.md', 'README.zh-CN.md']) putTable(readme)

/** Replaces what stands between the two marks; a README without them is a mistake. */
function putTable(readme: string): void {
  const text = readFileSync(readme, 'utf8')
  writeFileSync(readme, withPart(text, 'table: npm run pilot', `\`\`\`text\n${table}\n\`\`\``))
}

/** `npm run picture`: runs the pilot's May without its headline and draws the README's week into docs/week.svg. */
import { writeFileSync } from 'node:fs'
import { readBeside } from '../src/cli/files.ts'
import { loadScenario } from '../src/cli/load-scenario.ts'
import { version } from '../src/cli/version.ts'
import { weekSvg } from '../src/report/html/week-chart.ts'
import { simulate } from '../src/simulation/simulate.ts'

const file = 'scenarios/jindong-pilot.yaml'
const zone = loadScenario(file, { from: '2027-05-01', to: '2027-05-31' })
const answer = await simulate({ ...zone, headline: null }, { version, readFile: readBeside(file) })
if (!answer.ok) throw new Error('the pilot must run')
writeFileSync('docs/week.svg', weekSvg(answer.value))

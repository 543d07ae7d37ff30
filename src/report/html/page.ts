/** `report.html`: one page that needs nothing else, on a screen or on paper. */
import type { SimulationResult } from '../../simulation/result.ts'
import { billSection } from './bill.ts'
import { cellsSection } from './cells.ts'
import { confidenceSection, footer } from './confidence.ts'
import { enterprisesSection } from './enterprises.ts'
import { escape } from './escape.ts'
import { flowsSection, weekSection } from './flows.ts'
import { headlineSection } from './headline.ts'
import { carbonSection, plannerSection, statementSection } from './planner.ts'
import { projectsSection } from './projects.ts'
import { style } from './style.ts'
import { splitSection, whoPaysSection } from './who-pays.ts'

export function reportHtml(result: SimulationResult, command: string): string {
  const { zone } = result
  const title = `${zone.title.en} (${zone.title.zh})`
  const sections = [
    headlineSection,
    enterprisesSection,
    billSection,
    weekSection,
    flowsSection,
    whoPaysSection,
    splitSection,
    cellsSection,
    plannerSection,
    projectsSection,
    statementSection,
    carbonSection,
    confidenceSection,
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} – overwall</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escape(title)}</h1>
<p class="soft">Over-the-wall electricity trading (隔墙售电), ${zone.calendar.from} to ${zone.calendar.to}: ${zone.enterprises.length} enterprises, ${zone.pvUnits.length} PV units, ${zone.storages.length} batteries, seed ${zone.seed}. All money in CNY with VAT.</p>
</header>
<main>
${sections.map((make) => make(result)).join('\n')}
</main>
${footer(result, command)}
</body>
</html>
`
}

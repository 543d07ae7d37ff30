/** `report.html`: one page that needs nothing else, on a screen or on paper. */
import type { SimulationResult } from '../../simulation/result.ts'
import { biddingSection } from './bidding.ts'
import { auctionsSection } from './auctions.ts'
import { billSection } from './bill.ts'
import { cellsSection } from './cells.ts'
import { confidenceSection } from './confidence.ts'
import { htmlDocument, pageFooter } from './document.ts'
import { enterprisesSection } from './enterprises.ts'
import { flowsSection, weekSection } from './flows.ts'
import { gridSection } from './grid.ts'
import { headlineSection } from './headline.ts'
import { machinesSection } from './machines.ts'
import { carbonSection, plannerSection, statementSection } from './planner.ts'
import { projectsSection } from './projects.ts'
import { storageSection } from './storage.ts'
import { splitSection, whoPaysSection } from './who-pays.ts'

export function reportHtml(result: SimulationResult, command: string): string {
  const { zone } = result
  const sections = [
    headlineSection,
    enterprisesSection,
    billSection,
    weekSection,
    flowsSection,
    whoPaysSection,
    splitSection,
    biddingSection,
    cellsSection,
    auctionsSection,
    storageSection,
    gridSection,
    machinesSection,
    plannerSection,
    projectsSection,
    statementSection,
    carbonSection,
    confidenceSection,
  ]
  return htmlDocument({
    title: `${zone.title.en} (${zone.title.zh})`,
    lead:
      `Over-the-wall electricity trading (隔墙售电), ${zone.calendar.from} to ${zone.calendar.to}: ${zone.enterprises.length} ` +
      `enterprises, ${zone.pvUnits.length} PV units, ${zone.storages.length} batteries, seed ${zone.seed}. All money in CNY with VAT.`,
    sections: sections.map((make) => make(result)),
    footer: pageFooter(result.version, result.resultHash, command),
  })
}

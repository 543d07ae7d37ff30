/** Everything an output folder holds, as names and text. Writing is somebody else's business. */
import type { SimulationResult } from '../simulation/result.ts'
import { biddingCsv } from './bidding-csv.ts'
import { forecastsCsv } from './auctions-csv.ts'
import { reportHtml } from './html/page.ts'
import { projectGroups } from './projects.ts'
import { projectsCsv, projectYearsCsv } from './projects-csv.ts'
import { summarize } from './summary.ts'
import { storageCsv } from './storage-csv.ts'
import { arcsCsv, intervalsCsv, participantsCsv, statementsCsv, tradesCsv } from './tables-csv.ts'

export interface ReportFile {
  readonly name: string
  readonly content: string | Iterable<string>
}

export interface ReportOptions {
  readonly trades: boolean
  /** how to make the same results again */
  readonly command: string
}

export function reportFiles(result: SimulationResult, options: ReportOptions): ReportFile[] {
  return [
    { name: 'summary.json', content: `${JSON.stringify(summarize(result), null, 2)}\n` },
    { name: 'participants.csv', content: participantsCsv(result) },
    { name: 'statements.csv', content: statementsCsv(result) },
    { name: 'intervals.csv', content: intervalsCsv(result) },
    ...projectFiles(result),
    { name: 'arcs.csv', content: arcsCsv(result) },
    ...(result.main.storages.length > 0 ? [{ name: 'storage.csv', content: storageCsv(result) }] : []),
    ...(result.bidding ? [{ name: 'strategies.csv', content: biddingCsv(result.bidding) }] : []),
    ...forecastFile(result),
    ...(options.trades ? [{ name: 'trades.csv', content: tradesCsv(result) }] : []),
    { name: 'report.html', content: reportHtml(result, options.command) },
  ]
}

/** Only where there is more to tell of forecasts than their error. */
function forecastFile(result: SimulationResult): ReportFile[] {
  const content = forecastsCsv(result)
  return content === null ? [] : [{ name: 'forecasts.csv', content }]
}

/** Only where the scenario says what its assets cost and the run is a year. */
function projectFiles(result: SimulationResult): ReportFile[] {
  if (projectGroups(result).length === 0) return []
  return [
    { name: 'projects.csv', content: projectsCsv(result) },
    { name: 'project-years.csv', content: projectYearsCsv(result) },
  ]
}

/** `overwall simulate SCENARIO`: a scenario file in, a folder with the year's results out, the savings on stdout. */
import path from 'node:path'
import type { Command } from 'commander'
import { InputFaults } from '../base/errors.ts'
import { reportFiles } from '../report/files.ts'
import { summarize } from '../report/summary.ts'
import { savingsTable } from '../report/table.ts'
import type { Zone } from '../scenario/zone.ts'
import { simulate } from '../simulation/simulate.ts'
import type { SimulationResult } from '../simulation/result.ts'
import { readBeside } from './files.ts'
import { loadScenario } from './load-scenario.ts'
import { openLog, useColor } from './log.ts'
import { intoFolder, withProgress } from './progress.ts'
import { addRunOptions, commandOf, type RunFlags } from './run-options.ts'
import { version } from './version.ts'

interface SimulateFlags extends RunFlags {
  readonly trades?: boolean
}

export function addSimulate(program: Command): void {
  const command = program.command('simulate').description('run a scenario and write its report')
  addRunOptions(command, 'out/<scenario>')
    .option('--trades', 'write every trade to trades.csv')
    .option('--json', 'print summary.json on stdout instead of the table')
    .action(runSimulate)
}

async function runSimulate(file: string, flags: SimulateFlags): Promise<void> {
  const zone = loadScenario(file, flags)
  const folder = flags.out ?? path.join('out', zone.scenario)
  await intoFolder(folder, async (output) => {
    const result = await runWithProgress(file, zone, flags)
    const sets = flags.set.map((each) => ['--set', each] as const)
    const command = commandOf('simulate', file, zone, sets)
    output.write(reportFiles(result, { trades: flags.trades ?? false, command }))
    printResult(result, folder, flags.json ?? false)
  })
}

async function runWithProgress(file: string, zone: Zone, flags: SimulateFlags): Promise<SimulationResult> {
  openLog().info(
    { scenario: zone.scenario, seed: zone.seed, from: zone.calendar.from, to: zone.calendar.to },
    'simulating',
  )
  const answer = await withProgress((onProgress) =>
    simulate(zone, {
      version,
      readFile: readBeside(file),
      tradeList: flags.trades ?? false,
      onProgress,
    }),
  )
  if (!answer.ok) throw new InputFaults(answer.faults)
  return answer.value
}

function printResult(result: SimulationResult, folder: string, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(summarize(result), null, 2)}\n`)
    return
  }
  process.stdout.write(`${savingsTable(result, { color: useColor(process.stdout) })}\n`)
  process.stdout.write(`\nReport: ${path.join(folder, 'report.html')}\n`)
}

/** `overwall hosting SCENARIO`: how much PV the zone takes. */
import { InvalidArgumentError, type Command } from 'commander'
import { InputFaults } from '../base/errors.ts'
import { hostingTable, summarizeHosting } from '../report/hosting.ts'
import { findHosting } from '../simulation/hosting.ts'
import { readBeside } from './files.ts'
import { loadScenario } from './load-scenario.ts'
import { openLog, useColor } from './log.ts'
import { withProgress } from './progress.ts'
import { addScenarioOptions, type ScenarioFlags } from './run-options.ts'

interface HostingFlags extends ScenarioFlags {
  readonly curtailed: number
  readonly untraded: number
}

export function addHosting(program: Command): void {
  const command = program
    .command('hosting')
    .description('find how much PV a scenario takes before too much of it is curtailed or stays untraded')
  addScenarioOptions(command)
    .option('--curtailed <share>', 'share of what PV could generate that may be curtailed', shareOption, 0.05)
    .option(
      '--untraded <share>',
      'share of the surplus that may be fed in outside the market',
      shareOption,
      0.2,
    )
    .option('--json', 'print JSON on stdout instead of the table')
    .action(runHosting)
}

function shareOption(text: string): number {
  const share = Number(text)
  if (text.trim() === '' || !(share >= 0 && share <= 1))
    throw new InvalidArgumentError('wanted a share from 0 to 1')
  return share
}

async function runHosting(file: string, flags: HostingFlags): Promise<void> {
  const zone = loadScenario(file, flags)
  openLog().info({ scenario: zone.scenario }, 'looking for its hosting capacity')
  const asked = { curtailedShare: flags.curtailed, untradedShare: flags.untraded }
  const answer = await withProgress((onProgress) =>
    findHosting(zone, { ...asked, readFile: readBeside(file), onProgress }),
  )
  if (!answer.ok) throw new InputFaults(answer.faults)
  const text = flags.json
    ? JSON.stringify(summarizeHosting(answer.value, asked), null, 2)
    : hostingTable(answer.value, asked, { color: useColor(process.stdout) })
  process.stdout.write(`${text}\n`)
}

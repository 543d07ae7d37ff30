/** `overwall simulate SCENARIO`: a scenario file in, a folder with the year's results out, the savings on stdout. */
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { SingleBar } from 'cli-progress'
import { InvalidArgumentError, type Command } from 'commander'
import { isDate } from '../base/calendar.ts'
import { InputFaults } from '../base/errors.ts'
import { reportFiles } from '../report/files.ts'
import { summarize } from '../report/summary.ts'
import { savingsTable } from '../report/table.ts'
import type { Zone } from '../scenario/zone.ts'
import { simulate } from '../simulation/simulate.ts'
import type { SimulationResult } from '../simulation/result.ts'
import { exitCode } from './exit.ts'
import { readBeside } from './files.ts'
import { loadScenario } from './load-scenario.ts'
import { openLog, useColor } from './log.ts'
import { checkOutputFolder, OutputFolder } from './output-folder.ts'
import { version } from './version.ts'

interface SimulateFlags {
  readonly out?: string
  readonly from?: string
  readonly to?: string
  readonly seed?: number
  readonly set: readonly string[]
  readonly json?: boolean
  readonly trades?: boolean
}

export function addSimulate(program: Command): void {
  program
    .command('simulate')
    .description('run a scenario and write its report')
    .argument('<scenario>', 'scenario file (YAML)')
    .option('--out <dir>', 'output folder; default out/<scenario>')
    .option('--from <date>', 'first day, YYYY-MM-DD', dateOption)
    .option('--to <date>', 'last day, included', dateOption)
    .option('--seed <n>', 'seed of all chance', seedOption)
    .option(
      '--set <path=value>',
      'change one value of the scenario; may be given again',
      (value, all: string[]) => [...all, value],
      [],
    )
    .option('--trades', 'write every trade to trades.csv')
    .option('--json', 'print summary.json on stdout instead of the table')
    .action(runSimulate)
}

function dateOption(text: string): string {
  if (!isDate(text)) throw new InvalidArgumentError('wanted a day as YYYY-MM-DD')
  return text
}

function seedOption(text: string): number {
  const seed = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed))
    throw new InvalidArgumentError('wanted a whole number from 0')
  return seed
}

async function runSimulate(file: string, flags: SimulateFlags): Promise<void> {
  const zone = loadScenario(file, flags)
  const folder = flags.out ?? path.join('out', zone.scenario)
  checkOutputFolder(folder)
  const output = new OutputFolder(folder)
  const stop = () => {
    output.abandon()
    process.exit(exitCode.interrupted)
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    const result = await runWithProgress(file, zone, flags)
    output.write(
      reportFiles(result, { trades: flags.trades ?? false, command: commandOf(file, zone, flags) }),
    )
    printResult(result, folder, flags.json ?? false)
  } finally {
    output.abandon()
    process.removeListener('SIGINT', stop).removeListener('SIGTERM', stop)
  }
}

/** The command that makes the same results again, whatever defaults become. */
function commandOf(file: string, { calendar, seed }: Zone, flags: SimulateFlags): string {
  const sets = flags.set.map((each) => `--set '${each.replaceAll("'", String.raw`'\\''`)}'`)
  return [
    `npm run -s overwall -- simulate ${file}`,
    `--from ${calendar.from} --to ${calendar.to} --seed ${seed}`,
    ...sets,
  ].join(' ')
}

async function runWithProgress(file: string, zone: Zone, flags: SimulateFlags): Promise<SimulationResult> {
  const log = openLog()
  log.info(
    { scenario: zone.scenario, seed: zone.seed, from: zone.calendar.from, to: zone.calendar.to },
    'simulating',
  )
  const bar = new SingleBar({
    format: '{bar} {percentage} %  {duration_formatted}',
    stream: process.stderr,
    noTTYOutput: false,
    hideCursor: true,
    clearOnComplete: true,
  })
  bar.start(100, 0)
  try {
    const answer = await simulate(zone, {
      version,
      readFile: readBeside(file),
      tradeList: flags.trades ?? false,
      // A turn for the event loop after every month, so that Ctrl-C is heard.
      onProgress: (share) => {
        bar.update(Math.round(share * 100))
        return setImmediate()
      },
    })
    if (!answer.ok) throw new InputFaults(answer.faults)
    return answer.value
  } finally {
    bar.stop()
  }
}

function printResult(result: SimulationResult, folder: string, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(summarize(result), null, 2)}\n`)
    return
  }
  process.stdout.write(`${savingsTable(result, { color: useColor(process.stdout) })}\n`)
  process.stdout.write(`\nReport: ${path.join(folder, 'report.html')}\n`)
}

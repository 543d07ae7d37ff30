/** `overwall replay --db ADDRESS`: clears and settles a recorded market again, and finds the same bytes or what differs. */
import { InvalidArgumentError, type Command } from 'commander'
import { intervalOf } from '../service/market/timeline.ts'
import { replay, type Replayed } from '../service/replay.ts'
import { worldOf, type Definition } from '../service/server.ts'
import { openStore } from '../store/open.ts'
import { exitCode } from './exit.ts'
import { readBeside, readSeeds } from './files.ts'

interface ReplayFlags {
  readonly db: string
  readonly from?: number
  readonly to?: number
}

export function addReplay(program: Command): void {
  program
    .command('replay')
    .description('clear and settle a recorded market again and compare every byte')
    .requiredOption('--db <address>', 'sqlite:FILE or postgres://…')
    .option('--from <interval>', 'first interval, 2027-06-01T12:15', intervalOption)
    .option('--to <interval>', 'last interval, included', intervalOption)
    .action(runReplay)
}

function intervalOption(text: string): number {
  const interval = intervalOf(text)
  if (interval === undefined) throw new InvalidArgumentError('wanted a quarter-hour as 2027-06-01T12:15')
  return interval
}

async function runReplay({ db, from, to }: ReplayFlags): Promise<void> {
  const store = await openStore(db, { now: () => 0, readOnly: true })
  try {
    const { file, scenario, from: first, to: last } = JSON.parse(store.market.definition) as Definition
    const served = { file, text: scenario, seeds: readSeeds(), readData: readBeside(file) }
    const { world } = worldOf(served, { from: first, to: last })
    const range = { from: from ?? 0, to: to === undefined ? Number.MAX_SAFE_INTEGER : to + 1 }
    tell(await replay(store, world, range))
  } finally {
    await store.close()
  }
}

function tell({ intervals, trades, settlements, statements, difference }: Replayed): void {
  const counted = `${intervals} intervals, ${trades} trades, ${settlements} settlements, ${statements} statements`
  if (!difference) {
    process.stdout.write(`${counted}: the same bytes\n`)
    return
  }
  const { interval, what, recorded, found } = difference
  process.stdout.write(
    `${counted} the same, then ${interval}: ${what}: recorded ${recorded}, found ${found}\n`,
  )
  process.exitCode = exitCode.ourFault
}

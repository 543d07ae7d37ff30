/** The command line: reads arguments, runs one command, and turns what happened into an exit code. */
import { Command, CommanderError } from 'commander'
import { BrokenAssertion, InputFaults } from '../base/errors.ts'
import { BrokenProof } from '../market/broken-proof.ts'
import { addCommands } from './commands.ts'
import { exitCode } from './exit.ts'
import { StoreFault } from '../store/fault.ts'
import { version } from './version.ts'

const program = new Command('overwall')
  .description(
    'Over-the-wall electricity trading (隔墙售电): simulate a pilot zone, check its files, clear a market, run one.',
  )
  .version(version, '-V, --version')
  .showHelpAfterError('(overwall help lists the commands)')
  .exitOverride()

// A reader that has seen enough, as `head` has, is no fault of anybody's.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

try {
  await addCommands(program, process.argv.slice(2))
  await program.parseAsync(process.argv)
} catch (error) {
  process.exitCode = await answer(error)
}

/** Faults of the input are told to the user; anything else is our own and is logged whole. */
async function answer(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.inputFault
  if (error instanceof InputFaults || error instanceof StoreFault) {
    process.stderr.write(`${error.message}\n`)
    return exitCode.inputFault
  }
  const kind = error instanceof BrokenAssertion ? 'a check of our own failed' : 'unexpected'
  const [{ openLog }, { saveUnproved }] = await Promise.all([
    import('./log.ts'),
    import('./save-unproved.ts'),
  ])
  const book = error instanceof BrokenProof ? { book: saveUnproved(error) } : {}
  openLog().fatal({ err: error, ...book }, `overwall broke: ${kind}. This is our mistake, please report it.`)
  return exitCode.ourFault
}

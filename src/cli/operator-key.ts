/** `overwall operator-key --db ADDRESS`: a new operator key, for a market whose former one is lost. */
import type { Command } from 'commander'
import { replaceOperatorKeys } from '../service/operator-key.ts'

export function addOperatorKey(program: Command): void {
  program
    .command('operator-key')
    .description('make a new operator key for a market, running or not; every former one ends')
    .requiredOption('--db <address>', 'sqlite:FILE or postgres://…')
    .action(async ({ db }: { readonly db: string }) => {
      const { market, key, ended } = await replaceOperatorKeys(db)
      process.stdout.write(`Operator key of ${market}, shown this once: ${key}\n`)
      process.stdout.write(`Former operator keys that end with it: ${ended}\n`)
    })
}

/** `overwall backup` and `overwall restore`: a copy of a running market in one file, and a market made of it. */
import type { Command } from 'commander'
import { openStore } from '../store/open.ts'
import { restoreStore } from '../store/restore.ts'

export function addBackup(program: Command): void {
  program
    .command('backup')
    .description('copy a market, running or not, into a SQLite file')
    .argument('<file>', 'a file that is not there yet')
    .requiredOption('--db <address>', 'sqlite:FILE or postgres://…')
    .action(async (file: string, { db }: { readonly db: string }) => {
      const store = await openStore(db, { now: () => 0, readOnly: true })
      try {
        await store.backup(file)
        process.stdout.write(`Copied market ${store.market.name} to ${file}\n`)
      } finally {
        await store.close()
      }
    })
  program
    .command('restore')
    .description('make a market of a copy')
    .argument('<file>', 'what backup wrote')
    .requiredOption('--db <address>', 'sqlite:FILE or postgres://… that holds no market')
    .action(async (file: string, { db }: { readonly db: string }) => {
      const { name } = await restoreStore(file, db)
      process.stdout.write(`Restored market ${name} from ${file}\n`)
    })
}

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
      } finally {
        await store.close()
      }
    })
  program
    .command('restore')
    .description('make a market of a copy')
    .argument('<file>', 'what backup wrote')
    .requiredOption('--db <address>', 'sqlite:FILE or postgres://… that holds no market')
    .action((file: string, { db }: { readonly db: string }) => restoreStore(file, db))
}

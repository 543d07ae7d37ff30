/** The commands by name. Only what is asked for is loaded: a simulation's libraries take longer to load than a small book to clear. */
import type { Command } from 'commander'

type Add = (program: Command) => void

const backups = async () => (await import('./backup.ts')).addBackup

const commands: Readonly<Record<string, () => Promise<Add>>> = {
  simulate: async () => (await import('./simulate.ts')).addSimulate,
  compare: async () => (await import('./compare.ts')).addCompare,
  hosting: async () => (await import('./hosting.ts')).addHosting,
  validate: async () => (await import('./validate.ts')).addValidate,
  clear: async () => (await import('./clear.ts')).addClear,
  serve: async () => (await import('./serve.ts')).addServe,
  replay: async () => (await import('./replay.ts')).addReplay,
  'operator-key': async () => (await import('./operator-key.ts')).addOperatorKey,
  backup: backups,
  restore: backups,
}

/** Adds the command that the arguments name; all of them where they name none, for help and for the spelling. */
export async function addCommands(program: Command, args: readonly string[]): Promise<void> {
  const [first = ''] = args
  const wanted = Object.hasOwn(commands, first) ? [commands[first]!] : Object.values(commands)
  for (const load of new Set(wanted)) (await load())(program)
}

/** `overwall validate FILE…`: says of every scenario file whether it can be run, and if not, everything that is wrong. */
import type { Command } from 'commander'
import { InputFaults } from '../base/errors.ts'
import { exitCode } from './exit.ts'
import { loadScenario } from './load-scenario.ts'

export function addValidate(program: Command): void {
  program
    .command('validate')
    .description('check scenario files and list every fault with its line')
    .argument('<files...>', 'scenario files (YAML)')
    .action((files: string[]) => {
      for (const file of files) validateFile(file)
    })
}

function validateFile(file: string): void {
  try {
    const zone = loadScenario(file)
    process.stdout.write(
      `${file}: good. ${zone.enterprises.length} enterprises, ${zone.pvUnits.length} PV units, ` +
        `${zone.buses.length} buses, ${zone.calendar.from} to ${zone.calendar.to}\n`,
    )
  } catch (error) {
    if (!(error instanceof InputFaults)) throw error
    process.stdout.write(`${error.message}\n`)
    process.exitCode = exitCode.inputFault
  }
}

/** From a scenario file to the zone it describes, with every fault of the file told at once. */
import { InputFaults } from '../base/errors.ts'
import { loadZone, readScenarioText, type RunOverrides } from '../scenario/load.ts'
import type { Scenario } from '../scenario/parse.ts'
import type { Zone } from '../scenario/zone.ts'
import { readInput, readSeed } from './files.ts'
import { decodeText } from './text-lines.ts'

/** @throws InputFaults with every fault of the file */
export function loadScenario(file: string, overrides: RunOverrides = {}): Zone {
  const loaded = loadZone({ file, text: scenarioText(file) }, overrides, { read: readSeed })
  if (!loaded.ok) throw new InputFaults(loaded.faults)
  return loaded.zone
}

/**
 * The scenario as it is written, before anything is grown from it.
 *
 * @throws InputFaults with every fault of shape and reference
 */
export function readScenario(file: string, overrides: RunOverrides): Scenario {
  const read = readScenarioText({ file, text: scenarioText(file) }, overrides)
  if (!read.ok) throw new InputFaults(read.faults)
  return read.scenario
}

/** @throws InputFaults when the file is no text that can be read */
export function scenarioText(file: string): string {
  const decoded = decodeText(readInput(file))
  if ('fault' in decoded) throw new InputFaults([{ ...decoded.fault, file }])
  return decoded.text
}

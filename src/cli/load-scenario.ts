/** From a scenario file to the zone it describes, with every fault of the file told at once. */
import { InputFaults } from '../base/errors.ts'
import { buildZone } from '../scenario/build.ts'
import { applyRun, parseScenario, type Scenario } from '../scenario/parse.ts'
import type { Zone } from '../scenario/zone.ts'
import { readInput, readSeed } from './files.ts'
import { decodeText } from './text-lines.ts'

export interface RunOverrides {
  readonly from?: string
  readonly to?: string
  readonly seed?: number
  readonly set?: readonly string[]
}

/** @throws InputFaults with every fault of the file */
export function loadScenario(file: string, overrides: RunOverrides = {}): Zone {
  const built = buildZone(readScenario(file, overrides), { read: readSeed })
  if (!built.ok) throw new InputFaults(built.faults)
  return built.zone
}

/**
 * The scenario as it is written, before anything is grown from it.
 *
 * @throws InputFaults with every fault of shape and reference
 */
export function readScenario(file: string, { from, to, seed, set }: RunOverrides): Scenario {
  const decoded = decodeText(readInput(file))
  if ('fault' in decoded) throw new InputFaults([{ ...decoded.fault, file }])
  const parsed = parseScenario({ file, text: decoded.text }, set)
  if (!parsed.ok) throw new InputFaults(parsed.faults)
  return applyRun(parsed.scenario, {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(seed === undefined ? {} : { seed }),
  })
}

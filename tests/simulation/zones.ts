import { readFileSync } from 'node:fs'
import { buildZone } from '../../src/scenario/build.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import type { Zone } from '../../src/scenario/zone.ts'

const seeds = { read: (path: string) => readFileSync(path, 'utf8') }

/** The zone of a scenario file with some of its values changed. */
export function zoneOf(file: string, ...set: string[]): Zone {
  const parsed = parseScenario({ file, text: readFileSync(file, 'utf8') }, set)
  const built = parsed.ok ? buildZone(parsed.scenario, seeds) : parsed
  if (!built.ok) throw new Error(JSON.stringify(built.faults))
  return built.zone
}

export const pilot = 'scenarios/jindong-pilot.yaml'

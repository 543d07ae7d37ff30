/** Zones of the shipped scenarios for tests, with some of their values set anew. */
import { readdirSync, readFileSync } from 'node:fs'
import { buildZone } from '../../src/scenario/build.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import type { Zone } from '../../src/scenario/zone.ts'

export const pilot = 'scenarios/jindong-pilot.yaml'
export const minimal = 'scenarios/minimal.yaml'
/** Somebody of every strategy. */
export const strategicPark = 'scenarios/strategic-park.yaml'
/** A day-ahead auction beside the intraday one. */
export const twoAuctions = 'scenarios/two-auctions.yaml'
/** Names of all scenarios of the project. */
export const shippedScenarios = readdirSync('scenarios').flatMap((file) =>
  file.endsWith('.yaml') ? [file.slice(0, -'.yaml'.length)] : [],
)
const seeds = { read: (path: string) => readFileSync(path, 'utf8') }

/** @param set as after `--set`, `calendar.to=2027-05-09` */
export function zoneOf(file: string, ...set: string[]): Zone {
  const parsed = parseScenario({ file, text: readFileSync(file, 'utf8') }, set)
  const built = parsed.ok ? buildZone(parsed.scenario, seeds) : parsed
  if (!built.ok) throw new Error(JSON.stringify(built.faults))
  return built.zone
}

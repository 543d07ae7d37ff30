/** From the text of a scenario to the zone it describes: parsed, laid over with what a run chooses, and built. */
import type { Fault } from '../base/errors.ts'
import { buildZone, type SeedTexts } from './build.ts'
import { applyRun, parseScenario, type ParseResult, type SourceText } from './parse.ts'
import type { Zone } from './zone.ts'

/** What a run chooses instead of the scenario. */
export interface RunOverrides {
  readonly from?: string
  readonly to?: string
  readonly seed?: number
  /** `path=value` each */
  readonly set?: readonly string[]
}

export type LoadResult =
  | { readonly ok: true; readonly zone: Zone }
  | { readonly ok: false; readonly faults: readonly Fault[] }

export function loadZone(source: SourceText, overrides: RunOverrides, seeds: SeedTexts): LoadResult {
  const read = readScenarioText(source, overrides)
  return read.ok ? buildZone(read.scenario, seeds) : read
}

/** The scenario as it is written, before anything is grown from it. */
export function readScenarioText(source: SourceText, { set, from, to, seed }: RunOverrides): ParseResult {
  const parsed = parseScenario(source, set)
  if (!parsed.ok) return parsed
  const scenario = applyRun(parsed.scenario, {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(seed === undefined ? {} : { seed }),
  })
  return { ok: true, scenario }
}

/**
 * From the text of a scenario file to its data: syntax, shape and references, every fault at once with its line and
 * column. Files and paths are others' business.
 */
import { LineCounter, parseDocument } from 'yaml'
import { show, wantedBy, type Fault } from '../base/errors.ts'
import { checkReferences } from './check.ts'
import { locator, type Locate } from './locate.ts'
import { applyOverride } from './override.ts'
import { scenarioSchema, type ScenarioData } from './schema.ts'
import { standIn } from './stand-in.ts'

export interface SourceText {
  readonly file: string
  readonly text: string
}

export interface Scenario {
  readonly file: string
  readonly data: ScenarioData
  readonly locate: Locate
}

export type ParseResult =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly faults: readonly Fault[] }

/** @param overrides `path=value` each, laid over the file before it is checked; values are YAML */
export function parseScenario(source: SourceText, overrides: readonly string[] = []): ParseResult {
  const lines = new LineCounter()
  const document = parseDocument(source.text, { lineCounter: lines, uniqueKeys: true, strict: true })
  const locate = locator(document, lines)
  const faults: Fault[] = document.errors.map((error) => ({
    code: 'yaml',
    file: source.file,
    line: error.linePos?.[0].line ?? 1,
    column: error.linePos?.[0].col ?? 1,
    path: '',
    wanted: 'YAML that can be read',
    came: error.message.split('\n')[0]!.replace(/ at line.*$/, ''),
  }))
  if (faults.length > 0) return { ok: false, faults }
  for (const override of overrides) faults.push(...applyOverride(document, override))
  const value: unknown = document.toJS()
  const parsed = scenarioSchema.safeParse(value)
  if (!parsed.success) {
    faults.push(
      ...parsed.error.issues.flatMap((issue) => issueFaults(issue as Issue, value, locate, source.file)),
    )
    const papered = standIn(scenarioSchema, value)
    const more = papered ? checkReferences(papered.data).filter(({ path }) => !papered.touches(path)) : []
    faults.push(...more.map((fault) => placeFault(fault, locate, source.file)))
    return { ok: false, faults }
  }
  faults.push(...checkReferences(parsed.data).map((fault) => placeFault(fault, locate, source.file)))
  if (faults.length > 0) return { ok: false, faults }
  return { ok: true, scenario: { file: source.file, data: parsed.data, locate } }
}

/** Lays command-line choices over a scenario. */
export function applyRun(
  scenario: Scenario,
  { from, to, seed }: { readonly from?: string; readonly to?: string; readonly seed?: number },
): Scenario {
  const { data } = scenario
  const calendar = { from: from ?? data.calendar.from, to: to ?? data.calendar.to }
  return { ...scenario, data: { ...data, calendar, seed: seed ?? data.seed } }
}

/** A fault found by path gets the file's line and column. */
export function placeFault(
  fault: Omit<Fault, 'path'> & { path: PropertyKey[] },
  locate: Locate,
  file: string,
): Fault {
  return { ...fault, file, ...locate(fault.path), path: fault.path.map(String).join('.') }
}

interface Issue {
  readonly code: string
  readonly path: PropertyKey[]
  readonly message: string
  readonly keys?: string[]
  readonly errors?: Issue[][]
}

function issueFaults(issue: Issue, value: unknown, locate: Locate, file: string): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).map((key) =>
      placeFault(
        { code: 'unknown-key', path: [...issue.path, key], wanted: 'no such key here', came: key },
        locate,
        file,
      ),
    )
  }
  // Of several allowed forms the one that fits best is the one that was meant: it is followed farthest, and wants least.
  if (issue.code === 'invalid_union' && issue.errors && issue.errors.length > 0) {
    const closest = issue.errors.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0]!
    if (depth(closest) > 0) {
      return closest.flatMap((each) =>
        issueFaults({ ...each, path: [...issue.path, ...each.path] }, value, locate, file),
      )
    }
  }
  const came = show(valueAt(value, issue.path))
  return [
    placeFault({ code: 'invalid', path: issue.path, wanted: wantedBy(issue.message), came }, locate, file),
  ]
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length))
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce(
    (at: unknown, key) =>
      typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  )
}

/**
 * `overwall compare SCENARIO --vary LEVER=a,b --vary …`: every combination of the levers' values, one table, one report.
 * Cases that differ only in their wheeling regime share one physical year and one baseline.
 */
import path from 'node:path'
import type { Command } from 'commander'
import { describeFault, InputFaults, type Fault } from '../base/errors.ts'
import { parseRegime, regimeForms, regimeName, type Regime } from '../grid/regimes/index.ts'
import type { ComparedCase, Comparison } from '../report/compare/cases.ts'
import { compareFiles, summarizeComparison } from '../report/compare/files.ts'
import { comparisonTable } from '../report/compare/table.ts'
import type { ScenarioData } from '../scenario/schema.ts'
import { parseLever, settingsOf, wheelingLever, type Lever } from '../scenario/vary.ts'
import type { Zone } from '../scenario/zone.ts'
import { compareRegimes } from '../simulation/compare-regimes.ts'
import { hashOf } from '../simulation/hash.ts'
import { readBeside } from './files.ts'
import { loadScenario, readScenario } from './load-scenario.ts'
import { openLog, useColor } from './log.ts'
import { intoFolder, withProgress } from './progress.ts'
import { addRunOptions, collect, commandOf, runFlags, type RunFlags } from './run-options.ts'
import { version } from './version.ts'

interface CompareFlags extends RunFlags {
  readonly vary: readonly string[]
  readonly breakEven: boolean
}

export function addCompare(program: Command): void {
  const command = program
    .command('compare')
    .description('run a scenario in many variants and set them side by side')
  addRunOptions(command, 'out/<scenario>-compare')
    .option(
      '--vary <lever=a,b,…>',
      'a path of the scenario, wheeling, storage.energy_kwh, pv_plants.capacity_kw, buyers.strategy or sellers.strategy, and its ' +
        'values; may be given again',
      collect,
      [],
    )
    .option('--no-break-even', 'leave out the search for break-even wheeling fees')
    .option('--json', 'print compare.json on stdout instead of the table')
    .action(runCompare)
}

/** A zone with all levers but the wheeling regime in place. */
interface PlannedZone {
  readonly settings: ComparedCase['settings']
  readonly zone: Zone
}

async function runCompare(file: string, flags: CompareFlags): Promise<void> {
  const { levers, zones, regimes } = planCases(file, flags)
  const { zone } = zones[0]!
  const folder = flags.out ?? path.join('out', `${zone.scenario}-compare`)
  await intoFolder(folder, async (output) => {
    openLog().info({ scenario: zone.scenario, cases: zones.length * regimes.length }, 'comparing')
    const comparison = await runCases(file, flags, { levers, zones, regimes })
    output.write(compareFiles(comparison))
    if (flags.json) process.stdout.write(`${JSON.stringify(summarizeComparison(comparison), null, 2)}\n`)
    else {
      const table = comparisonTable(comparison, { color: useColor(process.stdout) })
      process.stdout.write(`${table}\n\nReport: ${path.join(folder, 'compare.html')}\n`)
    }
  })
}

/** What is to be run, every zone of it built before any is run. */
interface Plan {
  readonly levers: readonly Lever[]
  readonly zones: readonly PlannedZone[]
  readonly regimes: readonly Regime[]
}

/** @throws InputFaults with all that is wrong with levers, their values and the scenario, each told once */
function planCases(file: string, flags: CompareFlags): Plan {
  const faults = new Map<string, Fault>()
  const tell: Tell = (fault) => void faults.set(describeFault(fault), fault)
  const levers = leversOf(flags, tell)
  const zones = planZones(file, flags, levers, tell)
  const regimes = regimesOf(levers, zones[0]?.zone, tell)
  if (faults.size > 0) throw new InputFaults([...faults.values()])
  return { levers, zones, regimes }
}

type Tell = (fault: Fault) => void

function leversOf(flags: CompareFlags, tell: Tell): Lever[] {
  const levers: Lever[] = []
  for (const text of flags.vary) {
    const lever = parseLever(text)
    if ('code' in lever) tell(lever)
    else if (levers.some(({ name }) => name === lever.name)) tellLever('each lever once', lever.name, tell)
    else levers.push(lever)
  }
  if (flags.vary.length === 0) tellLever(`at least one lever, ${wheelingLever}=… say`, 'none', tell)
  for (const { flag, path: varied } of runFlags) {
    if (flags[flag] !== undefined && levers.some(({ name }) => name === varied))
      tellLever(`${varied} varied or given by --${flag}`, 'both', tell)
  }
  return levers
}

function tellLever(wanted: string, came: string, tell: Tell): void {
  tell({ code: 'vary', path: '--vary', wanted, came })
}

/** Builds the zone of every combination of values; one with a fault is left out. */
function planZones(
  file: string,
  flags: CompareFlags,
  levers: readonly Lever[],
  tell: Tell,
): readonly PlannedZone[] {
  const scenario = orFaults(() => readScenario(file, flags).data, tell)
  if (!scenario) return []
  return combinations(levers.filter(({ name }) => name !== wheelingLever)).flatMap((settings) => {
    const sets = settings.flatMap(({ lever, value }) => setsFor(lever, value, scenario, tell))
    // A path that the scenario does not have was not given by --set.
    const tellSet: Tell = (fault) =>
      tell(
        fault.code === 'set' && sets.some((set) => fault.came.startsWith(set))
          ? { ...fault, path: '--vary' }
          : fault,
      )
    const zone = orFaults(() => loadScenario(file, { ...flags, set: [...flags.set, ...sets] }), tellSet)
    return zone ? [{ settings, zone }] : []
  })
}

/** The value, or undefined and its faults told. */
function orFaults<T>(make: () => T, tell: Tell): T | undefined {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof InputFaults)) throw error
    error.faults.forEach(tell)
    return undefined
  }
}

function setsFor(lever: string, value: string, scenario: ScenarioData, tell: Tell): string[] {
  const sets = settingsOf(lever, value, scenario)
  if (!('code' in sets)) return sets
  tell(sets)
  return []
}

function combinations(levers: readonly Lever[]): ComparedCase['settings'][] {
  return levers.reduce<ComparedCase['settings'][]>(
    (sofar, { name, values }) =>
      sofar.flatMap((settings) => values.map((value) => [...settings, { lever: name, value }])),
    [[]],
  )
}

/** The regimes of the lever, without it that of the scenario. */
function regimesOf(levers: readonly Lever[], zone: Zone | undefined, tell: Tell): Regime[] {
  const texts = levers.find(({ name }) => name === wheelingLever)?.values
  if (!texts) return zone ? [zone.wheeling.regime] : []
  return texts.flatMap((came) => {
    const regime = parseRegime(came)
    if (!regime) tell({ code: 'vary', path: wheelingLever, wanted: `one of ${regimeForms}`, came })
    return regime ?? []
  })
}

async function runCases(
  file: string,
  flags: CompareFlags,
  { zones, regimes, levers }: Plan,
): Promise<Comparison> {
  const cases: ComparedCase[] = []
  const compared: Comparison['zones'][number][] = []
  await withProgress(async (tell) => {
    for (const [at, { settings, zone }] of zones.entries()) {
      const answer = await compareRegimes(zone, regimes, {
        readFile: readBeside(file),
        breakEven: flags.breakEven,
        onProgress: (share) => tell((at + share) / zones.length),
      })
      if (!answer.ok) throw new InputFaults(answer.faults)
      const { variants, bidding, breakEven } = answer.value
      compared.push({ settings, breakEven })
      variants.forEach((variant, row) => {
        const regime = { lever: wheelingLever, value: regimeName(regimes[row]!) }
        const all = levers.map(({ name }) => settings.find(({ lever }) => lever === name) ?? regime)
        const effect = bidding[row]
        cases.push({ settings: all, zone, variant, ...(effect ? { bidding: effect } : {}) })
      })
    }
  })
  const { zone } = zones[0]!
  const results = cases.map(({ settings, variant, bidding }) => ({
    settings,
    variant,
    ...(bidding ? { bidding } : {}),
  }))
  const resultHash = hashOf({ version, scenario: zone.scenario, seed: zone.seed, cases: results, compared })
  const options = [
    ...flags.set.map((each) => ['--set', each] as const),
    ...flags.vary.map((each) => ['--vary', each] as const),
    ...(flags.breakEven ? [] : [['--no-break-even'] as const]),
  ]
  const varied = levers.map(({ name }) => name)
  return {
    zone,
    version,
    command: commandOf('compare', file, zone, options, varied),
    cases,
    zones: compared,
    resultHash,
  }
}

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
import { addRunOptions, collect, commandOf, type RunFlags } from './run-options.ts'
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
  const levers = leversOf(flags.vary)
  const zones = planZones(file, flags, levers)
  const { zone } = zones[0]!
  const regimes = regimesOf(levers, zone)
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

/** @throws InputFaults with every lever that cannot be read or stands there twice */
function leversOf(texts: readonly string[]): Lever[] {
  const levers: Lever[] = []
  const faults: Fault[] = []
  for (const text of texts) {
    const lever = parseLever(text)
    if ('code' in lever) faults.push(lever)
    else if (levers.some(({ name }) => name === lever.name))
      faults.push({ code: 'vary', path: '--vary', wanted: 'each lever once', came: lever.name })
    else levers.push(lever)
  }
  if (texts.length === 0)
    faults.push({
      code: 'vary',
      path: '--vary',
      wanted: `at least one lever, ${wheelingLever}=… say`,
      came: 'none',
    })
  if (faults.length > 0) throw new InputFaults(faults)
  return levers
}

/** Builds every zone before any is run, so that all faulty values are told at once. */
function planZones(file: string, flags: CompareFlags, levers: readonly Lever[]): PlannedZone[] {
  const scenario = readScenario(file, flags).data
  const faults = new Map<string, Fault>()
  const planned: PlannedZone[] = []
  for (const settings of combinations(levers.filter(({ name }) => name !== wheelingLever))) {
    try {
      const sets = settings.flatMap(({ lever, value }) => setsFor(lever, value, scenario))
      planned.push({ settings, zone: loadScenario(file, { ...flags, set: [...flags.set, ...sets] }) })
    } catch (error) {
      if (!(error instanceof InputFaults)) throw error
      for (const fault of error.faults) faults.set(describeFault(fault), fault)
    }
  }
  if (faults.size > 0) throw new InputFaults([...faults.values()])
  return planned
}

function setsFor(lever: string, value: string, scenario: ScenarioData): string[] {
  const sets = settingsOf(lever, value, scenario)
  if ('code' in sets) throw new InputFaults([sets])
  return sets
}

function combinations(levers: readonly Lever[]): ComparedCase['settings'][] {
  return levers.reduce<ComparedCase['settings'][]>(
    (sofar, { name, values }) =>
      sofar.flatMap((settings) => values.map((value) => [...settings, { lever: name, value }])),
    [[]],
  )
}

/** @throws InputFaults with every regime that there is not */
function regimesOf(levers: readonly Lever[], { wheeling }: Zone): Regime[] {
  const texts = levers.find(({ name }) => name === wheelingLever)?.values
  if (!texts) return [wheeling.regime]
  const wrong = texts.filter((text) => !parseRegime(text))
  if (wrong.length === 0) return texts.map((text) => parseRegime(text)!)
  throw new InputFaults(
    wrong.map((came) => ({ code: 'vary', path: wheelingLever, wanted: `one of ${regimeForms}`, came })),
  )
}

async function runCases(
  file: string,
  flags: CompareFlags,
  plan: { levers: readonly Lever[]; zones: readonly PlannedZone[]; regimes: readonly Regime[] },
): Promise<Comparison> {
  const { zones, regimes, levers } = plan
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
        cases.push({ settings: all, variant, ...(effect ? { bidding: effect } : {}) })
      })
    }
  })
  const { zone } = zones[0]!
  const resultHash = hashOf({ version, scenario: zone.scenario, seed: zone.seed, cases, compared })
  const options = [
    ...flags.set.map((each) => ['--set', each] as const),
    ...flags.vary.map((each) => ['--vary', each] as const),
  ]
  return {
    zone,
    version,
    command: commandOf('compare', file, zone, options),
    cases,
    zones: compared,
    resultHash,
  }
}

/**
 * The whole answer to a scenario: one baseline year, the market year with all the zone's assets, and the variants of
 * the headline. A run is a function of scenario, seed and version; progress is reported, never read.
 */
import type { Zone } from '../scenario/zone.ts'
import type { RateE8 } from '../base/units.ts'
import { regimeName, type Regime } from '../grid/regimes/index.ts'
import { hashOf } from './hash.ts'
import { behindMeterGains } from './behind-meter-gains.ts'
import { Baselines } from './baselines.ts'
import { biddingEffect, hasStrategicBidders } from './bidding-effect.ts'
import type { MarketRun } from './market-run.ts'
import { compare, headlineRow } from './comparison.ts'
import { agedZone } from './aged-zone.ts'
import { hasProjects, projectYear } from './projects.ts'
import type { HeadlineRow, ProjectYear, SimulationResult } from './result.ts'
import type { Grown, ReadFile } from './series.ts'
import { runMarket, Progress, type OnProgress } from './run-market.ts'
import type { Variant } from './variant.ts'
import { buildWorld } from './world.ts'

export interface SimulateOptions {
  readonly version: string
  readonly readFile: ReadFile
  /** keep every trade for trades.csv */
  readonly tradeList?: boolean
  readonly onProgress?: OnProgress
}

/** Runs a scenario's zone. Faulty data files are answered, not thrown. */
export async function simulate(zone: Zone, options: SimulateOptions): Promise<Grown<SimulationResult>> {
  const built = buildWorld(zone, options.readFile)
  if (!built.ok) return built
  const world = built.value
  const rows = headlinePlan(zone)
  const laterYears = hasProjects(zone) ? zone.economics!.simulatedYears.slice(1) : []
  const variants = rows.filter((row) => !isMainRun(zone, row))
  const isStrategic = hasStrategicBidders(zone)
  const runs = 1 + (isStrategic ? 1 : 0) + variants.length + laterYears.length
  const work = new Progress(runs * zone.calendar.months.length, options.onProgress)
  const baselines = new Baselines(world)
  const variant: Variant = {
    regime: zone.wheeling.regime,
    storage: true,
    cogeneration: true,
    cogenerationOutsideE8: null,
    tallies: true,
    tradeList: options.tradeList ?? false,
  }
  const mainRun = await runMarket(world, variant, work)
  const baseline = baselines.of('as-named', null)
  const main = compare(zone.scenario, baseline, mainRun, behindMeterGains(world))
  const bidding = isStrategic ? await biddingEffect(world, mainRun, variant, work) : null
  const headline: HeadlineRow[] = []
  for (const row of rows) {
    // The main run is one of the headline's own variants where the scenario names its regime and price there.
    const run = isMainRun(zone, row) ? mainRun : await runMarket(world, headlineVariant(row), work)
    headline.push(...headlineRows(baselines, row, run))
  }
  const projects = hasProjects(zone) ? [projectYear(1, baseline, mainRun)] : []
  for (const year of laterYears) {
    const later = await runLaterYear(zone, year, { options, variant, work })
    if (!later.ok) return later
    projects.push(later.value)
  }
  const inputs = world.series.inputs
  const identity = { version: options.version, scenario: zone.scenario, seed: zone.seed }
  // The list of trades is a wish for more output, no other result.
  // The first project year is read off the main run; only later ones are results of their own.
  const always = { identity, main: { ...main, tradeList: null }, headline }
  const found = bidding ? { ...always, bidding } : always
  const resultHash = hashOf(laterYears.length > 0 ? { ...found, projects } : found)
  const { version } = options
  return { ok: true, value: { version, zone, main, bidding, headline, projects, inputs, resultHash } }
}

/** A later year of the assets' lives, both runs of it. */
async function runLaterYear(
  zone: Zone,
  year: number,
  { options, variant, work }: { options: SimulateOptions; variant: Variant; work: Progress },
): Promise<Grown<ProjectYear>> {
  const built = buildWorld(agedZone(zone, year), options.readFile)
  if (!built.ok) return built
  const run = await runMarket(built.value, { ...variant, tallies: false, tradeList: false }, work)
  const baseline = new Baselines(built.value).of('as-named', null)
  return { ok: true, value: projectYear(year, baseline, run) }
}

interface PlannedRow {
  readonly assets: HeadlineRow['assets']
  readonly regime: Regime
  readonly cogenerationOutsideE8: RateE8 | null
  readonly storageBaselines: readonly ('idle' | 'user-side')[]
}

/** PV alone first, then storage, then biomass at each outside price; each under every regime. */
function headlinePlan(zone: Zone): PlannedRow[] {
  const { headline } = zone
  if (!headline) return []
  return headline.regimes.flatMap((regime): PlannedRow[] => {
    const pvAlone = { assets: ['pv'] as const, regime, cogenerationOutsideE8: null, storageBaselines: [] }
    if (zone.storages.length === 0) return [pvAlone]
    const { storageBaselines } = headline
    const withStorage = { ...pvAlone, assets: ['pv', 'storage'] as const, storageBaselines }
    if (zone.cogenerations.length === 0) return [pvAlone, withStorage]
    return [
      pvAlone,
      withStorage,
      ...headline.cogenerationOutsideE8.map((cogenerationOutsideE8) => ({
        assets: ['pv', 'storage', 'cogeneration'] as const,
        regime,
        cogenerationOutsideE8,
        storageBaselines,
      })),
    ]
  })
}

function headlineVariant({ assets, regime, cogenerationOutsideE8 }: PlannedRow): Variant {
  return {
    regime,
    storage: assets.includes('storage'),
    cogeneration: assets.includes('cogeneration'),
    cogenerationOutsideE8,
    tallies: false,
    tradeList: false,
  }
}

/** Whether a headline row asks for just what the scenario says. */
function isMainRun(zone: Zone, { assets, regime, cogenerationOutsideE8 }: PlannedRow): boolean {
  const sameOutside = zone.cogenerations.every(
    ({ outside }) => outside.kind === 'fixed' && outside.priceE8 === cogenerationOutsideE8,
  )
  return (
    regimeName(regime) === regimeName(zone.wheeling.regime) &&
    assets.includes('storage') === zone.storages.length > 0 &&
    assets.includes('cogeneration') === zone.cogenerations.length > 0 &&
    sameOutside
  )
}

/** The same market year against every baseline of storage that the headline names. */
function headlineRows(baselines: Baselines, planned: PlannedRow, run: MarketRun): HeadlineRow[] {
  const modes = planned.storageBaselines.length > 0 ? planned.storageBaselines : [null]
  return modes.map((storageBaseline) => {
    const baseline = baselines.of(storageBaseline ?? 'idle', planned.cogenerationOutsideE8)
    return headlineRow({ ...planned, storageBaseline }, baseline, run)
  })
}

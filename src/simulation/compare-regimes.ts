/** One zone under several wheeling regimes: the same physical year, the same baseline, a market year for each. */
import { regimeName, type Regime } from '../grid/regimes/index.ts'
import type { Zone } from '../scenario/zone.ts'
import { Baselines } from './baselines.ts'
import { biddingEffect, hasStrategicBidders } from './bidding-effect.ts'
import { breakEvens, type BreakEven } from './break-even.ts'
import { compare } from './comparison.ts'
import type { BiddingEffect, VariantResult } from './result.ts'
import { Progress, runMarket, type OnProgress } from './run-market.ts'
import type { Grown, ReadFile } from './series.ts'
import type { Variant } from './variant.ts'
import { buildWorld } from './world.ts'

export interface RegimeComparison {
  /** one result a regime, named after it */
  readonly variants: readonly VariantResult[]
  /** one a regime, null where everybody bids the truth */
  readonly bidding: readonly (BiddingEffect | null)[]
  /** by group of buyers, empty where not asked for */
  readonly breakEven: readonly BreakEven[]
}

export interface CompareOptions {
  readonly readFile: ReadFile
  readonly breakEven: boolean
  readonly onProgress?: OnProgress
}

/** Faulty data files are answered, not thrown. */
export async function compareRegimes(
  zone: Zone,
  regimes: readonly Regime[],
  options: CompareOptions,
): Promise<Grown<RegimeComparison>> {
  const built = buildWorld(zone, options.readFile)
  if (!built.ok) return built
  const world = built.value
  const baseline = new Baselines(world).of('as-named', null)
  const months = zone.calendar.months.length
  const isStrategic = hasStrategicBidders(zone)
  const work = new Progress(
    months * (regimes.length * (isStrategic ? 2 : 1) + (options.breakEven ? expectedSearch : 0)),
    options.onProgress,
  )
  const variants: VariantResult[] = []
  const bidding: (BiddingEffect | null)[] = []
  for (const regime of regimes) {
    const variant = variantOf(regime, true)
    const market = await runMarket(world, variant, work)
    variants.push(compare(regimeName(regime), baseline, market))
    bidding.push(isStrategic ? await biddingEffect(world, market, variant, work) : null)
  }
  const runUnder = (regime: Regime) => runMarket(world, variantOf(regime, false), work)
  const breakEven = options.breakEven ? await breakEvens(baseline, runUnder) : []
  return { ok: true, value: { variants, bidding, breakEven } }
}

/** About so many runs the search of break-even fees takes; only the progress bar knows. */
const expectedSearch = 30

function variantOf(regime: Regime, tallies: boolean): Variant {
  return { regime, storage: true, cogeneration: true, cogenerationOutsideE8: null, tallies, tradeList: false }
}

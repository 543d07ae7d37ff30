/** The headline as it is read: by assets in the market, then by wheeling regime, each market once. */
import type { HeadlineRow } from '../simulation/result.ts'
import { describeAssets } from './wording.ts'

/** One market year of the headline; storage is compared with both of its baselines. */
export interface HeadlineEntry {
  readonly row: HeadlineRow
  /** gain of storage against a battery that rests, and against one that serves its host [1e-11 CNY] */
  readonly storageIdleE11: bigint | null
  readonly storageUserSideE11: bigint | null
}

export interface HeadlineGroup {
  readonly assets: string
  readonly entries: readonly HeadlineEntry[]
}

/** Groups in the order in which assets are added; entries in the order of the scenario's regimes. */
export function headlineGroups(headline: readonly HeadlineRow[]): HeadlineGroup[] {
  const groups = new Map<string, HeadlineEntry[]>()
  for (const row of headline.toSorted(byAssets)) {
    const assets = describeAssets(row)
    const entries = groups.get(assets) ?? []
    groups.set(assets, entries)
    if (entries.some((entry) => entry.row.regime === row.regime)) continue
    const storageAgainst = (baseline: string) =>
      headline.find((each) => sameMarket(each, row) && each.storageBaseline === baseline)?.storageE11 ?? null
    entries.push({
      row,
      storageIdleE11: storageAgainst('idle'),
      storageUserSideE11: storageAgainst('user-side'),
    })
  }
  return [...groups].map(([assets, entries]) => ({ assets, entries }))
}

function byAssets(a: HeadlineRow, b: HeadlineRow): number {
  return a.assets.length - b.assets.length || (a.cogenerationOutsideE8 ?? 0) - (b.cogenerationOutsideE8 ?? 0)
}

function sameMarket(a: HeadlineRow, b: HeadlineRow): boolean {
  return (
    a.regime === b.regime &&
    a.assets.length === b.assets.length &&
    a.cogenerationOutsideE8 === b.cogenerationOutsideE8
  )
}

/** Wheeling regimes by name. */
import { parseScaled } from '../../base/decimal.ts'
import type { TdPrices } from '../td-prices.ts'
import { fill1901Literal } from './1901-literal.ts'
import { fill1901OneAbove } from './1901-one-above.ts'
import { fillCapacity1192 } from './capacity-1192.ts'
import type { Filling, LevelTree } from './filling.ts'
import { fillFlat, fillFullTd } from './on-connection.ts'

export type { Filling, LevelTree } from './filling.ts'

const plainKinds = ['1901-literal', '1901-one-above', 'full-td', 'zero'] as const

export type Regime =
  | { readonly kind: (typeof plainKinds)[number] }
  | { readonly kind: 'flat'; readonly feeTicks: number }
  /** the province's average load rate (平均负荷率) in parts of 10,000 */
  | { readonly kind: 'capacity-1192'; readonly loadRateE4: number }

/** Zhejiang has published no average load rate; tools use 0.5 to 0.65 (unverified). */
const assumedLoadRateE4 = 6000

/** 10 CNY/kWh, as for every price of a scenario. */
const mostFeeTicks = 100_000n

/** Fees of a regime on a tree of voltage levels, at the T&D prices of one date. */
export function fillRegime(regime: Regime, tree: LevelTree, prices: TdPrices): Filling {
  switch (regime.kind) {
    case '1901-literal':
      return fill1901Literal(tree, prices)
    case '1901-one-above':
      return fill1901OneAbove(tree, prices)
    case 'full-td':
      return fillFullTd(tree, prices)
    case 'capacity-1192':
      return fillCapacity1192(tree, prices)
    case 'zero':
      return fillFlat(tree, 0)
    case 'flat':
      return fillFlat(tree, regime.feeTicks)
  }
}

/** What {@link parseRegime} reads, for people. */
export const regimeForms = [
  ...plainKinds,
  'flat:<up to 10 CNY/kWh>',
  'capacity-1192',
  'capacity-1192:<load rate>',
].join(', ')

/** Reads `1901-one-above`, `flat:0.05` (CNY/kWh) or `capacity-1192:0.55` (load rate); undefined for anything else. */
export function parseRegime(text: string): Regime | undefined {
  const plain = plainKinds.find((kind) => kind === text)
  if (plain) return { kind: plain }
  if (text === 'capacity-1192') return { kind: text, loadRateE4: assumedLoadRateE4 }
  const [kind, argument, ...more] = text.split(':')
  const value = argument === undefined || more.length > 0 ? undefined : parseScaled(argument, 4)
  if (value === undefined || value < 0n) return undefined
  if (kind === 'flat') return value <= mostFeeTicks ? { kind, feeTicks: Number(value) } : undefined
  return kind === 'capacity-1192' && value <= 10_000n ? { kind, loadRateE4: Number(value) } : undefined
}

/** The regime as it is written in a scenario. */
export function regimeName(regime: Regime): string {
  if (regime.kind === 'flat') return `flat:${regime.feeTicks / 10_000}`
  if (regime.kind !== 'capacity-1192' || regime.loadRateE4 === assumedLoadRateE4) return regime.kind
  return `capacity-1192:${regime.loadRateE4 / 10_000}`
}

/** Wheeling regimes by name. */
import { parseScaled } from '../../base/decimal.ts'
import type { TdPrices } from '../td-prices.ts'
import { fill1901Literal } from './1901-literal.ts'
import { fill1901OneAbove } from './1901-one-above.ts'
import type { Filling, LevelTree } from './filling.ts'
import { fillFlat, fillFullTd } from './on-connection.ts'

export type { Filling, LevelTree } from './filling.ts'

export type Regime =
  | { readonly kind: '1901-literal' | '1901-one-above' | 'full-td' | 'zero' }
  | { readonly kind: 'flat'; readonly feeTicks: number }

/** Fees of a regime on a tree of voltage levels, at the T&D prices of one date. */
export function fillRegime(regime: Regime, tree: LevelTree, prices: TdPrices): Filling {
  switch (regime.kind) {
    case '1901-literal':
      return fill1901Literal(tree, prices)
    case '1901-one-above':
      return fill1901OneAbove(tree, prices)
    case 'full-td':
      return fillFullTd(tree, prices)
    case 'zero':
      return fillFlat(tree, 0)
    case 'flat':
      return fillFlat(tree, regime.feeTicks)
  }
}

/** Reads `1901-one-above` or `flat:0.05` (CNY/kWh); undefined for anything else. */
export function parseRegime(text: string): Regime | undefined {
  if (text === '1901-literal' || text === '1901-one-above' || text === 'full-td' || text === 'zero') {
    return { kind: text }
  }
  const fee = text.startsWith('flat:') ? parseScaled(text.slice(5), 4) : undefined
  return fee === undefined || fee < 0n ? undefined : { kind: 'flat', feeTicks: Number(fee) }
}

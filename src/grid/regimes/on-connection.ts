/** Regimes without any path: the whole fee is on the buyer's own connection. */
import type { TdPrices } from '../td-prices.ts'
import { freeArcs, tdPrice, type Filling, type LevelTree } from './filling.ts'

/** Full T&D energy price (全额输配电价) of the buyer, wherever the energy comes from. */
export function fillFullTd(tree: LevelTree, prices: TdPrices): Filling {
  return onConnection(tree, (bus, part) => tdPrice(prices, tree.level[bus]!, part))
}

/** One fee for every trade. */
export function fillFlat(tree: LevelTree, feeTicks: number): Filling {
  return onConnection(tree, () => feeTicks)
}

function onConnection(tree: LevelTree, withdrawalTicks: Filling['withdrawalTicks']): Filling {
  return { ...freeArcs(tree), withdrawalTicks, exact: true, note: '' }
}

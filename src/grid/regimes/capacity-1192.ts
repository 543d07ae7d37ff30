/**
 * 发改价格〔2025〕1192号, T&D by capacity instead of by kWh: two-part users pay nothing on a traded kWh, and every month
 *
 *     demand or capacity charge + T&D energy price · average load rate · 730 h · connected capacity
 *
 * which is the bill's business (`tariff/capacity-td.ts`), not an arc's. The rule is for a project with one boundary to
 * the public grid and excludes buyers across it, so for neighbours it is hypothetical. Single-part users have no
 * connected capacity to pay by; they stay outside and wheel at the full T&D price.
 */
import type { TdPrices } from '../td-prices.ts'
import { freeArcs, type Filling, type LevelTree } from './filling.ts'

export function fillCapacity1192(tree: LevelTree, prices: TdPrices): Filling {
  return {
    ...freeArcs(tree),
    withdrawalTicks: (bus, part) => {
      const level = tree.level[bus]!
      return part === 'two' && prices.two[level] !== null ? 0 : prices.single[level]
    },
    exact: false,
    note: 'Hypothetical: 1192号 excludes buyers across the public network, and its average load rate has no published value here.',
  }
}

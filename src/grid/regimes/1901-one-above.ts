/**
 * 1901号 read economically (the default): deduct the T&D price of the first level the trade does not use, since the
 * price of a level already contains all levels above it. With S(v) = T(one level above v that exists here):
 *
 *     feeDown(bus) = S(level of bus) − S(level of parent),   own connection: w = T(level of bus) − S(level of bus)
 *
 * Two users at 10 kV under one 110/10 kV substation pay T(10) − T(110).
 */
import { assert } from '../../base/errors.ts'
import type { TdPrices } from '../td-prices.ts'
import { rankOf, type TariffPart, type VoltageLevel } from '../voltage.ts'
import { arcColumn, freeArcs, tdPrice, type Filling, type LevelTree } from './filling.ts'

export function fill1901OneAbove(tree: LevelTree, prices: TdPrices): Filling {
  const above = levelsAbove(tree)
  const deducted = (level: VoltageLevel, part: TariffPart) => tdPrice(prices, above(level), part)
  const arcs = freeArcs(tree)
  tree.parent.forEach((parent, bus) => {
    if (parent < 0) return
    const column = arcColumn(tree.level[bus]!)
    const fee = deducted(tree.level[bus]!, column) - deducted(tree.level[parent]!, column)
    assert(fee >= 0, () => `T&D prices fall towards lower voltage at bus ${bus}`)
    arcs.feeDownTicks[bus] = fee
  })
  return {
    ...arcs,
    withdrawalTicks: (bus, part) => {
      const level = tree.level[bus]!
      const own = level === '0.4kV' ? 'single' : part
      return tdPrice(prices, level, own) - deducted(level, own)
    },
    exact: new Set(tree.level.filter((level) => level !== '0.4kV')).size === 1,
    note: 'Exact inside one substation; across substations a single-part buyer above 1 kV stands on two-part arcs.',
  }
}

/** The next higher level that exists in the tree or just above it; a level with none above deducts itself. */
function levelsAbove(tree: LevelTree): (level: VoltageLevel) => VoltageLevel {
  const present = [...new Set([...tree.level, ...(tree.levelAboveRoot ? [tree.levelAboveRoot] : [])])]
  const ordered = present.sort((a, b) => rankOf(a) - rankOf(b))
  return (level) => ordered.find((other) => rankOf(other) > rankOf(level)) ?? level
}

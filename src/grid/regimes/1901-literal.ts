/**
 * 发改能源〔2017〕1901号, read literally: the fee is the T&D price of the buyer's voltage less that of the highest
 * voltage the trade touches. The difference telescopes along the path, so it is a fee on every arc downward:
 *
 *     feeDown(bus) = T(level of bus) − T(level of parent)
 *
 * A single-part buyer above 1 kV stands on arcs with the two-part column. Two buyers of one voltage differ then only
 * where a trade passes a higher level; the difference is charged on its connection always, an upper bound.
 */
import { assert } from '../../base/errors.ts'
import type { TdPrices } from '../td-prices.ts'
import { arcColumn, freeArcs, tdPrice, type Filling, type LevelTree } from './filling.ts'

export function fill1901Literal(tree: LevelTree, prices: TdPrices): Filling {
  const arcs = freeArcs(tree)
  tree.parent.forEach((parent, bus) => {
    if (parent < 0) return
    const column = arcColumn(tree.level[bus]!)
    const fee = tdPrice(prices, tree.level[bus]!, column) - tdPrice(prices, tree.level[parent]!, column)
    assert(fee >= 0, () => `T&D prices fall towards lower voltage at bus ${bus}`)
    arcs.feeDownTicks[bus] = fee
  })
  const top = tree.level[0]!
  return {
    ...arcs,
    withdrawalTicks: (bus, part) => {
      const level = tree.level[bus]!
      if (part === arcColumn(level)) return 0
      const single = tdPrice(prices, level, 'single') - tdPrice(prices, top, 'single')
      const two = tdPrice(prices, level, 'two') - tdPrice(prices, top, 'two')
      return Math.max(0, single - two)
    },
    exact: new Set(tree.level.filter((level) => level !== '0.4kV')).size === 1,
    note:
      'Single-part buyers above 1 kV pay the single-part difference up to the top of the tree on every trade, ' +
      'and trades into 0.4 kV from above the feeder carry the two-part column on the upper part of their path.',
  }
}

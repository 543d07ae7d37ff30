/** Random trees of voltage levels, random T&D prices, and the rules of the wheeling regimes without any arcs. */
import fc from 'fast-check'
import type { LevelTree } from '../../src/grid/regimes/index.ts'
import type { TdPrices } from '../../src/grid/td-prices.ts'
import { rankOf, voltageLevels, type TariffPart, type VoltageLevel } from '../../src/grid/voltage.ts'

/** T&D prices of the fourth period, 发改价格〔2026〕1077号 附件1 p. 13, Zhejiang [0.0001 CNY/kWh]. */
export const fourthPeriod: TdPrices = {
  single: { '0.4kV': 2412, '10kV': 2114, '35kV': 1700, '110kV': 1500, '220kV': 1350 },
  two: { '0.4kV': null, '10kV': 1250, '35kV': 895, '110kV': 767, '220kV': 663 },
}

/** A substation with every level, one bus each, the highest at the root. */
export const everyLevel: LevelTree = {
  parent: [-1, 0, 1, 2, 3],
  level: ['220kV', '110kV', '35kV', '10kV', '0.4kV'],
  levelAboveRoot: null,
}

/** Levels never rise on the way down, and may stay: a busbar and its feeder are both 10 kV. */
export const levelTree: fc.Arbitrary<LevelTree> = fc
  .record({
    root: fc.constantFrom(...voltageLevels),
    above: fc.nat(5),
    buses: fc.array(fc.record({ parent: fc.nat(1000), drop: fc.constantFrom(0, 0, 1, 1, 2, 3) }), {
      maxLength: 11,
    }),
  })
  .map(({ root, above, buses }) => {
    const parent = [-1]
    const level: VoltageLevel[] = [root]
    for (const bus of buses) {
      const under = bus.parent % parent.length
      parent.push(under)
      level.push(voltageLevels[Math.max(0, rankOf(level[under]!) - bus.drop)]!)
    }
    return { parent, level, levelAboveRoot: voltageLevels[rankOf(root) + above] ?? null }
  })

/**
 * Any prices that do not rise with the voltage. The single-part column stands above the two-part one, since it
 * brings in the demand charge as well, by what shrinks with the voltage. Below 1 kV there is no two-part price.
 */
export const tdPrices: fc.Arbitrary<TdPrices> = fc.tuple(steps(5), steps(5)).map(([falls, apart]) => {
  const two = columnOf(falls)
  const above = columnOf(apart)
  return { single: byLevel((level) => two[level] + above[level]), two: { ...two, '0.4kV': null } }
})

/** Prices whose columns stand one constant apart above 1 kV: which of them an arc carries does not matter. */
export const parallelPrices: fc.Arbitrary<TdPrices> = fc
  .tuple(steps(5), fc.integer({ min: 0, max: 900 }))
  .map(([falls, apart]) => {
    const two = columnOf(falls)
    const single = Object.fromEntries(voltageLevels.map((level) => [level, two[level] + apart])) as Record<
      VoltageLevel,
      number
    >
    return { single, two: { ...two, '0.4kV': null } }
  })

function steps(length: number): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 0, max: 500 }), { minLength: length, maxLength: length })
}

/** Prices that fall by the given steps from the lowest level to the highest, which costs the last step. */
function columnOf(falls: readonly number[]): Record<VoltageLevel, number> {
  return byLevel((level) => falls.slice(rankOf(level)).reduce((sum, fall) => sum + fall, 0))
}

function byLevel(valueAt: (level: VoltageLevel) => number): Record<VoltageLevel, number> {
  const rows = voltageLevels.map((level) => [level, valueAt(level)] as const)
  return Object.fromEntries(rows) as Record<VoltageLevel, number>
}

export interface Fees {
  readonly feeUpTicks: ArrayLike<number>
  readonly feeDownTicks: ArrayLike<number>
}

/** The buses of the path from one bus up to the common ancestor and down to another, the ancestor once. */
export function pathOf(
  tree: LevelTree,
  from: number,
  to: number,
): { top: number; up: number[]; down: number[] } {
  const line = (bus: number): number[] => (bus < 0 ? [] : [bus, ...line(tree.parent[bus]!)])
  const above = line(to)
  const top = line(from).find((bus) => above.includes(bus))!
  return {
    top,
    up: line(from).slice(0, line(from).indexOf(top)),
    down: above.slice(0, above.indexOf(top)),
  }
}

/** What a trade pays on its way: the fees of the arcs climbed and of the arcs descended. */
export function pathFee(tree: LevelTree, fees: Fees, from: number, to: number): number {
  const { up, down } = pathOf(tree, from, to)
  const total = (column: ArrayLike<number>, buses: readonly number[]) =>
    buses.reduce((sum, bus) => sum + column[bus]!, 0)
  return total(fees.feeUpTicks, up) + total(fees.feeDownTicks, down)
}

/** T of a level for a buyer; below 1 kV everybody is single-part. */
export function price(prices: TdPrices, level: VoltageLevel, part: TariffPart): number {
  const two = prices.two[level]
  return part === 'single' || two === null ? prices.single[level] : two
}

/** The column in which a buyer at a level is billed. */
export function columnAt(level: VoltageLevel, part: TariffPart): TariffPart {
  return level === '0.4kV' ? 'single' : part
}

/** Highest of the voltages that a trade touches, over every bus of its path. */
export function highestTouched(tree: LevelTree, from: number, to: number): VoltageLevel {
  const { top, up, down } = pathOf(tree, from, to)
  const ranks = [top, ...up, ...down].map((bus) => rankOf(tree.level[bus]!))
  return voltageLevels[Math.max(...ranks)]!
}

/** The first level above that exists in the tree or right above it, or the level itself. */
export function firstUnused(tree: LevelTree, level: VoltageLevel): VoltageLevel {
  const there = (each: VoltageLevel) => tree.level.includes(each) || tree.levelAboveRoot === each
  return voltageLevels.slice(rankOf(level) + 1).find(there) ?? level
}

/** The fee of a trade as each rule words it, from the path alone. */
export const rules = {
  /** "T&D price of the end-user's voltage minus that of the highest voltage level … which cover the trade" */
  '1901-literal': (tree: LevelTree, prices: TdPrices, from: number, to: number, part: TariffPart) => {
    const column = columnAt(tree.level[to]!, part)
    return price(prices, tree.level[to]!, column) - price(prices, highestTouched(tree, from, to), column)
  },
  /** The same, with the first level that the trade does not use deducted. */
  '1901-one-above': (tree: LevelTree, prices: TdPrices, from: number, to: number, part: TariffPart) => {
    const column = columnAt(tree.level[to]!, part)
    const unused = firstUnused(tree, highestTouched(tree, from, to))
    return price(prices, tree.level[to]!, column) - price(prices, unused, column)
  },
} as const

/** Every pair of a seller's and a buyer's bus, with both kinds of buyer. */
export function trades(tree: LevelTree): { from: number; to: number; part: TariffPart }[] {
  return tree.parent.flatMap((_, from) =>
    tree.parent.flatMap((_, to) => (['single', 'two'] as const).map((part) => ({ from, to, part }))),
  )
}

/** Every clearing of random trees against the same linear program solved by HiGHS, and against all prices that support it. */
import fc from 'fast-check'
import { widestTicks } from '../../../src/market/book.ts'
import { ClearingEngine } from '../../../src/market/clear.ts'
import { busPrices } from '../../../src/market/prices.ts'
import type { Case } from '../../market/books.ts'
import { count, table, type Findings, type Section } from '../findings.ts'
import { highsOptimum } from './highs-optimum.ts'
import { families, type Family } from './random-trees.ts'

/** Ours less HiGHS's, in whole numbers; 0 throughout where both agree. */
export interface Apart {
  /** [Wh·tick] */
  readonly welfare: bigint
  /** [Wh] */
  readonly volume: number
  /** the lowest and the highest supporting price of every bus [ticks] */
  readonly ends: readonly number[]
  /** by how much the published prices leave the dual face [ticks] */
  readonly outside: number
  /** dual bound less HiGHS's welfare [Wh·tick] */
  readonly bound: bigint
}

const range = { floorTicks: -widestTicks, capTicks: widestTicks, kNumerator: 5000 }

export function apartFromHighs(each: Case): Apart {
  const optimum = highsOptimum(each)
  const engine = new ClearingEngine(each.network)
  const clearing = engine.clear(each.book)
  const prices = new Float64Array(each.network.busCount)
  busPrices(each.network, clearing, range, prices)
  const { welfare, dualBound } = engine.certificate(prices)
  const ends = [
    [clearing.priceLowTicks, optimum.face.lowTicks],
    [clearing.priceHighTicks, optimum.face.highTicks],
  ] as const
  return {
    welfare: welfare - optimum.welfare,
    volume: clearing.volumeWh - optimum.volumeWh,
    ends: ends.flatMap(([ours, exact]) =>
      Array.from(exact, (end, bus) => (ours[bus] === end ? 0 : ours[bus]! - end)),
    ),
    outside: optimum.face.leftBy(prices),
    bound: dualBound - optimum.welfare,
  }
}

/** The books of a family, the same ones at every call. */
export function booksOf({ cases, seed }: Family, books: number): Case[] {
  return fc.sample(cases, { numRuns: books, seed })
}

interface Tally {
  readonly family: Family
  readonly books: number
  readonly buses: number
  readonly apart: readonly Apart[]
}

function tally(family: Family, books: number): Tally {
  const cases = booksOf(family, books)
  const buses = cases.reduce((sum, { network }) => sum + network.busCount, 0)
  return { family, books, buses, apart: cases.map(apartFromHighs) }
}

export const highsSection: Section = {
  name: 'clearing/highs',
  run: (size) => findings(families.map((family) => tally(family, size === 'full' ? family.books : 3))),
}

/** What is compared, how far each comparison is apart, and in which unit. */
const comparisons = [
  { what: 'welfare', unit: 'Wh·tick', of: (apart: Apart) => [Number(apart.welfare)] },
  { what: 'volume, the largest of any optimum', unit: 'Wh', of: (apart: Apart) => [apart.volume] },
  {
    what: 'both ends of the range of supporting prices, every bus',
    unit: 'ticks',
    of: (apart: Apart) => apart.ends,
  },
  {
    what: 'published prices (k = 0.5) inside the dual face',
    unit: 'ticks',
    of: (apart: Apart) => [apart.outside],
  },
  {
    what: 'dual bound of the certificate against HiGHS’s optimum',
    unit: 'Wh·tick',
    of: (apart: Apart) => [Number(apart.bound)],
  },
] as const

function findings(tallies: readonly Tally[]): Findings {
  const results = comparisons.map(({ what, unit, of }) => {
    const each = tallies.flatMap(({ apart }) => apart.flatMap(of))
    const equal = each.filter((value) => value === 0).length
    const largest = each.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    return { what, unit, cases: each.length, equal, largest }
  })
  const books = tallies.map(({ family, books, buses, apart }) => {
    const equal = apart.filter((each) =>
      comparisons.every(({ of }) => of(each).every((value) => value === 0)),
    )
    return [family.name, count(books), count(buses), count(equal.length)]
  })
  return {
    rows: results.map(({ what, unit, cases, equal, largest }) => [
      'random trees, HiGHS',
      what,
      count(cases),
      count(equal),
      `${largest} ${unit}`,
      'no',
    ]),
    blocks: { families: table(['family of books', 'books', 'buses', 'equal in all five'], books) },
    misses: results.filter(({ cases, equal }) => equal < cases).map(({ what }) => `random trees: ${what}`),
  }
}

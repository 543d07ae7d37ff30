/**
 * How fast the clearing is, its proof included: orders in typed arrays in, accepted quantities, flows, prices and the
 * certificate out. Beside each row stands what it is compared with, measured turn by turn in the same run.
 */
import { createHash } from 'node:crypto'
import { PerformanceObserver } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import { ClearingEngine } from '../src/market/clear.ts'
import { busPrices } from '../src/market/prices.ts'
import { programOf, solve } from './highs-program.ts'
import { compare, digits, logSlope, median } from './timing.ts'
import { chainBook, oneBus, treeBook, type Workload } from './workloads.ts'

const range = { floorTicks: 0, capTicks: 20_000, kNumerator: 5000 }

export async function benchClear(): Promise<object[]> {
  return [
    ...againstSort(),
    ...(await everyday()),
    ...againstHighs(),
    ...bySize(),
    growth('growth-one-bus', (orders) => oneBus(orders / 2)),
    growth('growth-tree-50', (orders) => treeBook(orders, 50)),
    byBuses(),
    ...large(),
  ]
}

/** One clearing with prices and proof, as a function to be called again and again: of several books one after the other. */
function clearingOf({ network, book }: Workload, others: readonly Workload[] = []) {
  const engine = new ClearingEngine(network)
  const prices = new Float64Array(network.busCount)
  const books = [book, ...others.map((other) => other.book)]
  let calls = 0
  const clear = (each: Workload['book']) => {
    busPrices(network, engine.clear(each), range, prices)
    if (!engine.isProved(prices)) throw new Error('a clearing was not proved')
  }
  const run = () => clear(books[calls++ % books.length]!)
  const answer = () => {
    clear(book)
    const { welfare } = engine.certificate(prices)
    const accepted = engine.clear(book).acceptedWh.subarray(0, book.count)
    const hash = createHash('sha256').update(accepted).update(prices).digest('hex').slice(0, 16)
    return { welfareTickWh: welfare.toString(), hash }
  }
  return { run, answer }
}

/** Work that ours is compared with: the caller prepares it outside the time. */
type Floor = { readonly prepare: () => void; readonly work: () => void }

/** Sorting the same prices. */
function sortOf({ book }: Workload): Floor {
  const limits = Float64Array.from(book.limitTicks.subarray(0, book.count))
  const copy = limits.slice()
  return { prepare: () => copy.set(limits), work: () => void copy.sort() }
}

/** Only summing quantities by price, which is less than a clearing could start from. */
function histogramOf({ book }: Workload): Floor {
  const sums = new Float64Array(7001)
  return {
    prepare: () => void sums.fill(0),
    work: () => {
      const { limitTicks, quantityWh, count } = book
      for (let row = 0; row < count; row++) {
        const tick = limitTicks[row]! - 2000
        sums[tick] = sums[tick]! + quantityWh[row]!
      }
    },
  }
}

/** The same by price and side, from which a clearing could start. */
function histogramBySideOf({ book }: Workload): Floor {
  const sums = new Float64Array(2 * 7001)
  return {
    prepare: () => void sums.fill(0),
    work: () => {
      const { limitTicks, quantityWh, side, count } = book
      for (let row = 0; row < count; row++) {
        const place = 2 * (limitTicks[row]! - 2000) + side[row]!
        sums[place] = sums[place]! + quantityWh[row]!
      }
    },
  }
}

function againstSort(): object[] {
  const workloads: [string, Workload, number][] = [
    ['one-bus-1e6', oneBus(500_000), 101],
    ['tree-50-1e6', treeBook(1_000_000, 50), 51],
    ['tree-50-1e5', treeBook(100_000, 50), 201],
  ]
  return workloads.map(([workload, each, runs]) => {
    const { run, answer } = clearingOf(each)
    const floors = [sortOf(each), histogramOf(each), histogramBySideOf(each)]
    const { oursMs, floorsMs } = compare(runs, run, floors)
    const [sortMs, histogramMs, histogramBySideMs] = floorsMs as [number, number, number]
    return {
      bench: 'clear',
      workload,
      ratio: digits(oursMs / sortMs),
      ms: digits(oursMs),
      sortMs: digits(sortMs),
      histogramMs: digits(histogramMs),
      overHistogram: digits(oursMs / histogramMs),
      histogramBySideMs: digits(histogramBySideMs),
      ...answer(),
    }
  })
}

/** Books of a quarter-hour; eight of them in turn, so that no branch can be learnt. Collections of garbage are counted. */
async function everyday(): Promise<object[]> {
  const rows: object[] = []
  for (const buses of [50, 800]) {
    const each = treeBook(3000, buses)
    const others = Array.from({ length: 7 }, (_, at) => treeBook(3000, buses, 20260102 + 1000 * (at + 1)))
    const { run, answer } = clearingOf(each, others)
    const { oursMs, floorsMs } = compare(4000, run, [sortOf(each)])
    const collections: number[] = []
    for (const calls of [2000, 4000, 8000]) collections.push(await collectionsDuring(run, calls))
    rows.push({
      bench: 'clear',
      workload: `everyday-${buses}`,
      ratio: digits(oursMs / floorsMs[0]!),
      ms: digits(oursMs),
      sortMs: digits(floorsMs[0]!),
      collectionsIn2000Calls: collections[0],
      collectionsIn4000Calls: collections[1],
      collectionsIn8000Calls: collections[2],
      ...answer(),
    })
  }
  return rows
}

/** How often the garbage collector ran while something was done so many times. */
export async function collectionsDuring(work: () => void, calls: number): Promise<number> {
  let collections = 0
  const observer = new PerformanceObserver((list) => (collections += list.getEntries().length))
  await setImmediate()
  observer.observe({ entryTypes: ['gc'] })
  for (let call = 0; call < calls; call++) work()
  await setImmediate()
  observer.disconnect()
  return collections
}

/** The same optimum from HiGHS, in its fastest setting for this program and in its default one. */
function againstHighs(): object[] {
  return [1000, 10_000, 100_000].map((orders) => {
    const each = treeBook(orders, 50)
    const { run, answer } = clearingOf(each)
    const { oursMs } = compare(orders > 50_000 ? 101 : 1001, run, [])
    const program = programOf(each)
    const fastest = Array.from({ length: orders > 50_000 ? 3 : 9 }, () => solve(program, 'off'))
    const standard = Array.from({ length: orders > 50_000 ? 1 : 5 }, () => solve(program, 'on'))
    const highsMs = median(fastest.map(({ ms }) => ms))
    const highsDefaultMs = median(standard.map(({ ms }) => ms))
    const found = answer()
    return {
      bench: 'clear',
      workload: `highs-50-1e${Math.log10(orders)}`,
      ratio: digits(highsMs / oursMs),
      ratioDefault: digits(highsDefaultMs / oursMs),
      ms: digits(oursMs),
      highsMs: digits(highsMs),
      highsDefaultMs: digits(highsDefaultMs),
      sameOptimum:
        Math.abs(fastest[0]!.objective - Number(found.welfareTickWh)) < 1e-9 * fastest[0]!.objective,
      ...found,
    }
  })
}

/** The seeded one-bus books of known volume and welfare. */
function bySize(): object[] {
  return [100, 1000, 10_000, 100_000, 500_000].map((side) => {
    const each = oneBus(side)
    const { run, answer } = clearingOf(each)
    const runs = Math.max(15, Math.min(2001, 3_000_000 / side) | 1)
    const { oursMs, floorsMs } = compare(runs, run, [sortOf(each)])
    return {
      bench: 'clear',
      workload: `peers-${side}`,
      ratio: digits(oursMs / floorsMs[0]!),
      ms: digits(oursMs),
      ordersPerSecond: digits((2 * side * 1000) / oursMs),
      ...answer(),
    }
  })
}

/** Slope of time against orders on a log-log line, by least squares; `ratio` is the growth over that of a line through 0. */
function growth(workload: string, bookOf: (orders: number) => Workload): object {
  const sizes = [1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6]
  const times = sizes.map((orders) => {
    const { run } = clearingOf(bookOf(orders))
    return compare(Math.max(9, Math.min(1001, 3e6 / orders) | 1), run, []).oursMs
  })
  return {
    bench: 'clear',
    workload,
    ratio: digits(times.at(-1)! / times[0]! / (sizes.at(-1)! / sizes[0]!)),
    slope: digits(logSlope(sizes, times)),
    msByOrders: Object.fromEntries(sizes.map((size, at) => [size, digits(times[at]!)])),
  }
}

/** 100,000 orders on more and more buses; `ratio` is the last time over the first. */
function byBuses(): object {
  const counts = [1, 10, 50, 200, 800, 3200]
  const times = counts.map((buses) => {
    const { run } = clearingOf(treeBook(100_000, buses))
    return compare(21, run, []).oursMs
  })
  return {
    bench: 'clear',
    workload: 'buses-1e5',
    ratio: digits(times.at(-1)! / times[0]!),
    msByBuses: Object.fromEntries(counts.map((buses, at) => [buses, digits(times[at]!)])),
  }
}

/** As many orders, and as deep a network, as one would call large. */
function large(): object[] {
  const workloads: [string, Workload][] = [
    ['one-bus-1e7', oneBus(5_000_000)],
    ['chain-1e5', chainBook(100_000, 100_000)],
  ]
  return workloads.map(([workload, each]) => {
    const { run, answer } = clearingOf(each)
    const { oursMs, floorsMs } = compare(5, run, [sortOf(each)])
    return {
      bench: 'clear',
      workload,
      ratio: digits(oursMs / floorsMs[0]!),
      ms: digits(oursMs),
      sortMs: digits(floorsMs[0]!),
      ...answer(),
    }
  })
}

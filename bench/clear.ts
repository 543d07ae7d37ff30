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
import { oneBus, treeBook, type Workload } from './workloads.ts'

const range = { floorTicks: 0, capTicks: 20_000, kNumerator: 5000 }

export async function benchClear(): Promise<object[]> {
  return [
    ...againstSort(),
    ...(await everyday()),
    ...againstHighs(),
    ...bySize(),
    ...growth('growth-one-bus', (orders) => oneBus(orders / 2)),
    ...growth('growth-tree-50', (orders) => treeBook(orders, 50)),
    ...byBuses(),
  ]
}

/** One clearing with prices and proof, as a function to be called again and again. */
function clearingOf({ network, book }: Workload) {
  const engine = new ClearingEngine(network)
  const prices = new Float64Array(network.busCount)
  const run = () => {
    busPrices(network, engine.clear(book), range, prices)
    if (!engine.isProved(prices)) throw new Error('a clearing was not proved')
  }
  const answer = () => {
    const { acceptedWh } = engine.clear(book)
    const { welfare } = engine.certificate(prices)
    const hash = createHash('sha256').update(acceptedWh.subarray(0, book.count)).update(prices)
    return { welfareTickWh: welfare.toString(), hash: hash.digest('hex').slice(0, 16) }
  }
  return { run, answer }
}

/** Sorting the same prices, and only summing quantities by price. */
function floorsOf({ book }: Workload) {
  const limits = Float64Array.from(book.limitTicks.subarray(0, book.count))
  const copy = limits.slice()
  const sort = { prepare: () => copy.set(limits), work: () => void copy.sort() }
  const sums = new Float64Array(7001)
  const histogram = {
    prepare: () => void sums.fill(0),
    work: () => {
      const { limitTicks, quantityWh, count } = book
      for (let row = 0; row < count; row++) {
        const tick = limitTicks[row]! - 2000
        sums[tick] = sums[tick]! + quantityWh[row]!
      }
    },
  }
  return [sort, histogram]
}

function againstSort(): object[] {
  const workloads: [string, Workload, number][] = [
    ['one-bus-1e6', oneBus(500_000), 31],
    ['tree-50-1e6', treeBook(1_000_000, 50), 21],
    ['tree-50-1e5', treeBook(100_000, 50), 101],
  ]
  return workloads.map(([workload, each, runs]) => {
    const { run, answer } = clearingOf(each)
    const { oursMs, floorsMs } = compare(runs, run, floorsOf(each))
    const [sortMs, histogramMs] = floorsMs as [number, number]
    return {
      bench: 'clear',
      workload,
      ratio: digits(oursMs / sortMs),
      ms: digits(oursMs),
      sortMs: digits(sortMs),
      histogramMs: digits(histogramMs),
      overHistogram: digits(oursMs / histogramMs),
      ...answer(),
    }
  })
}

/** Books of a quarter-hour; eight of them in turn, so that no branch can be learnt. Collections of garbage are counted. */
async function everyday(): Promise<object[]> {
  const rows: object[] = []
  for (const buses of [50, 800]) {
    const each = treeBook(3000, buses)
    const { run, answer } = clearingOf(each)
    const { oursMs, floorsMs } = compare(2000, run, floorsOf(each).slice(0, 1))
    const collections = await collectionsDuring(() => {
      for (let call = 0; call < 5000; call++) run()
    })
    rows.push({
      bench: 'clear',
      workload: `everyday-${buses}`,
      ratio: digits(oursMs / floorsMs[0]!),
      ms: digits(oursMs),
      sortMs: digits(floorsMs[0]!),
      calls: 5000,
      garbageCollections: collections,
      ...answer(),
    })
  }
  return rows
}

export async function collectionsDuring(work: () => void): Promise<number> {
  let collections = 0
  const observer = new PerformanceObserver((list) => (collections += list.getEntries().length))
  await setImmediate()
  observer.observe({ entryTypes: ['gc'] })
  work()
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
    const { oursMs } = compare(Math.max(15, Math.min(2001, 3_000_000 / side) | 1), run, [])
    return {
      bench: 'clear',
      workload: `peers-${side}`,
      ms: digits(oursMs),
      ordersPerSecond: digits((2 * side * 1000) / oursMs),
      ...answer(),
    }
  })
}

function growth(workload: string, bookOf: (orders: number) => Workload): object[] {
  const sizes = [1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6]
  const times = sizes.map((orders) => {
    const { run } = clearingOf(bookOf(orders))
    return compare(Math.max(9, Math.min(1001, 3e6 / orders) | 1), run, []).oursMs
  })
  return [
    {
      bench: 'clear',
      workload,
      slope: digits(logSlope(sizes, times)),
      msByOrders: Object.fromEntries(sizes.map((size, at) => [size, digits(times[at]!)])),
    },
  ]
}

/** 100,000 orders on more and more buses. */
function byBuses(): object[] {
  const counts = [1, 10, 50, 200, 800, 3200]
  const times = counts.map((buses) => {
    const { run } = clearingOf(treeBook(100_000, buses))
    return digits(compare(21, run, []).oursMs)
  })
  return [
    {
      bench: 'clear',
      workload: 'buses-1e5',
      msByBuses: Object.fromEntries(counts.map((buses, at) => [buses, times[at]])),
    },
  ]
}

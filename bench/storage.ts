/**
 * How fast a battery's day is scheduled, its proof included: a series of prices in, stored energy and the range of its value
 * out. Beside it HiGHS on the same day as arrays: in the fastest setting found, in its default, and in the fastest setting on
 * a model that is kept and only told the new prices.
 */
import { createHash } from 'node:crypto'
import { randomStream } from '../src/base/random.ts'
import type { PlannedBattery } from '../src/strategy/storage-book.ts'
import { StoragePlanner, type StoragePlan } from '../src/strategy/storage-plan.ts'
import { batteryProgram, fastest, seriesSteps, standard, type Program } from './battery-program.ts'
import { collectionsDuring } from './clear.ts'
import { highs } from './highs-program.ts'
import { digits, median, timesMs } from './timing.ts'

/** 2.5 MW and so many hours at 90 % of its energy, 0.93 each way, wear 0.0785 CNY/kWh. */
export function battery(hours: number): PlannedBattery {
  return {
    chargeWhMax: 625_000,
    dischargeWhMax: 625_000,
    chargeEfficiency: 0.93,
    dischargeEfficiency: 0.93,
    storedWh: 0,
    storedWhMax: 2_250_000 * hours,
    wearTicks: 785,
    chargeAdderTicks: 0,
    share: 1,
  }
}

/** A seeded wholesale day, again and again: noon and night cheap, evening dear, every quarter-hour its own noise. [ticks] */
export function seededPrices(intervals: number, seed: number): Float64Array {
  const { uniform } = randomStream(seed, 'bench/storage')
  return Float64Array.from({ length: intervals }, (_, interval) => {
    const hour = (interval % 96) / 4
    const level = hour >= 17 && hour < 22 ? 6500 : hour >= 10 && hour < 15 ? 2000 : 3500
    return Math.floor(level * (0.6 + 0.8 * uniform()))
  })
}

export async function benchStorage(): Promise<object[]> {
  return [
    await againstHighs('day-96', { intervals: 96, hours: 2, days: 64 }),
    await againstHighs('day-96-1h', { intervals: 96, hours: 1, days: 64 }),
    await againstHighs('day-96-4h', { intervals: 96, hours: 4, days: 64 }),
    await againstHighs('month-2976', { intervals: 2976, hours: 2, days: 5 }),
    ...growth(),
  ]
}

interface Size {
  readonly intervals: number
  readonly hours: number
  /** how many series are taken in turn, so that no branch can be learnt */
  readonly days: number
}

async function againstHighs(workload: string, { intervals, hours, days }: Size): Promise<object> {
  const unit = battery(hours)
  const series = Array.from({ length: days }, (_, day) => seededPrices(intervals, day + 1))
  const planner = new StoragePlanner(intervals, 2 * intervals)
  const programs = series.map((prices) => batteryProgram(unit, seriesSteps(prices), intervals))
  const plan = (call: number) => void planner.planPrices(unit, series[call % days]!)
  const calls = Math.ceil(600_000 / intervals)
  for (let call = 0; call < calls; call++) plan(call)
  // Turns of about 200 ms each, in which everybody finds the caches as he left them: a thread's time comes in steps of 4 ms.
  const rounds = 9
  const few = Math.ceil(18_000 / intervals)
  const [oursMs, fastestMs, standardMs] = inTurn(rounds, [
    { times: 90 * few, work: plan },
    { times: few, work: (call) => coldRun(programs[call % days]!, fastest) },
    { times: few, work: (call) => coldRun(programs[call % days]!, standard) },
  ]) as [number, number, number]
  const warmMs = keptModel(programs, 3 * few)
  const collections = await collectionsDuring(() => {
    for (let call = 0; call < calls; call++) plan(call)
  }, 1)
  const isSame = series.every((prices, day) => {
    const best = coldRun(programs[day]!, fastest)
    // Ours is whole Wh and whole ticks per stored kWh, which costs a part in ten thousand.
    return Math.abs(1 - earnedBy(unit, prices, planner.planPrices(unit, prices)) / best) < 2e-4
  })
  return {
    bench: 'storage',
    workload,
    ratio: digits(fastestMs / oursMs),
    ratioDefault: digits(standardMs / oursMs),
    ratioKept: digits(warmMs / oursMs),
    us: digits(oursMs * 1000),
    highsUs: digits(fastestMs * 1000),
    highsDefaultUs: digits(standardMs * 1000),
    highsKeptUs: digits(warmMs * 1000),
    calls,
    garbageCollections: collections,
    sameOptimum: isSame,
    hash: hashOf(series.map((prices) => planner.planPrices(unit, prices))),
  }
}

interface Turn {
  /** a turn is so many calls, each of which is told its number */
  readonly times: number
  readonly work: (call: number) => unknown
}

/** Median of a call of each, taken in turns: CPU time of this thread, whatever else the machine does. [ms] */
function inTurn(rounds: number, turns: readonly Turn[]): number[] {
  const times: number[][] = turns.map(() => [])
  for (let round = -1; round < rounds; round++) {
    turns.forEach((turn, which) => {
      const start = process.threadCpuUsage()
      for (let each = 0; each < turn.times; each++) turn.work((round + 1) * turn.times + each)
      const { user, system } = process.threadCpuUsage(start)
      if (round >= 0) times[which]!.push((user + system) / 1000 / turn.times)
    })
  }
  return times.map(median)
}

function coldRun({ arrays }: Program, options: object): number {
  return highs.withModel(arrays, (model) => {
    model.options.set(options)
    model.run()
    return -model.info.get('objective_function_value')
  })
}

/** One model that is solved again and again from where the last day ended, told only the costs that changed. */
function keptModel(programs: readonly Program[], calls: number): number {
  const rounds = 5
  return highs.withModel(programs[0]!.arrays, (model) => {
    model.options.set(fastest)
    model.run()
    const work = (call: number) => {
      const { colCost } = programs[call % programs.length]!.arrays as { colCost: Float64Array }
      model.changeColsCost({ kind: 'range', from: 0, to: colCost.length - 1 }, colCost)
      model.run()
    }
    return inTurn(rounds, [{ times: calls, work }])[0]!
  })
}

/** Earned by grid energy at the prices themselves. [ticks · kWh] */
function earnedBy(unit: PlannedBattery, prices: Float64Array, { storedChangeWh }: StoragePlan): number {
  return prices.reduce((sum, price, interval) => {
    const kwh = storedChangeWh[interval]! / 1000
    return (
      sum -
      (kwh > 0
        ? (kwh * price) / unit.chargeEfficiency
        : kwh * (price * unit.dischargeEfficiency - unit.wearTicks))
    )
  }, 0)
}

function hashOf(plans: readonly StoragePlan[]): string {
  const hash = createHash('sha256')
  for (const { lowTicks, highTicks, storedChangeWh } of plans) {
    for (const column of [lowTicks, highTicks, storedChangeWh]) hash.update(column)
  }
  return hash.digest('hex').slice(0, 16)
}

/** Time against intervals and against hours of storage. */
function growth(): object[] {
  const timeOf = (intervals: number, hours: number) => {
    const planner = new StoragePlanner(intervals, 2 * intervals)
    const prices = seededPrices(intervals, 1)
    const runs = Math.max(9, Math.min(2001, 1e6 / intervals) | 1)
    const work = () => planner.planPrices(battery(hours), prices)
    timesMs(runs, () => {}, work)
    return digits(median(timesMs(runs, () => {}, work)) * 1000)
  }
  const lengths = [96, 192, 672, 2976, 35_040]
  const hours = [1, 2, 4, 8, 24]
  return [
    {
      bench: 'storage',
      workload: 'growth',
      usByIntervals: Object.fromEntries(lengths.map((length) => [length, timeOf(length, 2)])),
      usByHours: Object.fromEntries(hours.map((each) => [each, timeOf(96, each)])),
    },
  ]
}

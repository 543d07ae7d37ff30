/**
 * What a year costs: physics, the year without the market and the year with it, statements, tallies and hash. Each workload
 * runs in a process of its own; beside it stand the bare bills from the same arrays.
 */
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { sharesOf, type Places } from './shares.ts'
import { digits, logSlope } from './timing.ts'
import type { YearWorkload } from './years.ts'

interface Measured {
  readonly participants: number
  readonly buses: number
  readonly intervals: number
  readonly cpuSeconds: number
  /** the bare bills, growing what they are made from, and the same year once more; only where they were asked for */
  readonly physicsSeconds?: number
  readonly bareSeconds?: number
  readonly againSeconds?: number
  readonly peakMb: number
  readonly hash: string
}

const year = '2027-12-31'
const monthEnds = ['2027-01-31', '2027-03-31', '2027-06-30', year]

/** What a year's work is made of, and where it is done. */
const work = ['simulate.ts:simulate', 'run-market.ts:runMarket']
const places: Places = {
  physics: 'series.ts:growSeries',
  'rest of the world': 'world.ts:buildWorld',
  baseline: 'baseline-run.ts:runBaseline',
  orders: 'order-intake.ts:collect',
  'plans of the day': 'order-intake.ts:startDay',
  clearing: 'clear.ts:clear',
  'proof, pairs, prices': 'auction.ts:hold',
  settlement: 'interval-settlement.ts:settle',
  notes: 'market-run.ts:#note',
  'grid use': 'grid-use.ts:note',
  'closing months': 'month.ts:closeMonth',
  comparison: 'comparison.ts:compare',
  hash: 'hash.ts:hashOf',
  'collecting garbage': '(garbage collector)',
}

export function benchYear(): object[] {
  const pilot: YearWorkload = { zone: 'pilot', to: year, substations: 8 }
  const district: YearWorkload = { zone: 'district', to: year, substations: 8 }
  const byParticipants = [1, 2, 4, 8].map((substations) =>
    run({ zone: 'district', to: '2027-03-31', substations }),
  )
  const byIntervals = monthEnds.map((to) => run({ zone: 'district', to, substations: 2 }))
  return [
    row('pilot-year', run(pilot, { beside: 'floor' })),
    row('district-year', run(district, { beside: 'floor' })),
    growthRow('growth-participants', 'participants', byParticipants),
    growthRow('growth-intervals', 'intervals', byIntervals),
    sharesRow('pilot-shares', pilot),
    sharesRow('district-shares', district),
  ]
}

function sharesRow(workload: string, of: YearWorkload): object {
  return { bench: 'year', workload, shares: sharesOf((flags) => run(of, { flags }), work, places) }
}

function run(
  workload: YearWorkload,
  { flags = [], beside = '' }: { flags?: readonly string[]; beside?: string } = {},
): Measured {
  const script = path.join(import.meta.dirname, 'year-run.ts')
  const child = spawnSync(process.execPath, [...flags, script, JSON.stringify(workload), beside], {
    encoding: 'utf8',
  })
  if (child.status !== 0) throw new Error(child.stderr)
  return JSON.parse(child.stdout) as Measured
}

function row(workload: string, measured: Measured): object {
  const { participants, intervals, cpuSeconds } = measured
  const { physicsSeconds = NaN, bareSeconds = NaN, againSeconds = NaN } = measured
  return {
    bench: 'year',
    workload,
    participants,
    buses: measured.buses,
    intervals,
    cpuSeconds: digits(cpuSeconds),
    nsPerParticipantInterval: Math.round((cpuSeconds * 1e9) / (participants * intervals)),
    // The bills are made from metered energy, so growing the physical year is no part of what they are compared with.
    ratio: digits((cpuSeconds - physicsSeconds) / bareSeconds),
    againSeconds: digits(againSeconds),
    physicsSeconds: digits(physicsSeconds),
    bareSeconds: digits(bareSeconds),
    peakMb: measured.peakMb,
    hash: measured.hash,
  }
}

function growthRow(
  workload: string,
  size: 'participants' | 'intervals',
  points: readonly Measured[],
): object {
  const sizes = points.map((point) => point[size])
  const cpuSeconds = points.map((point) => digits(point.cpuSeconds))
  return { bench: 'year', workload, sizes, cpuSeconds, slope: digits(logSlope(sizes, cpuSeconds)) }
}

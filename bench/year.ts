/**
 * What a year costs: physics, the year without the market and the year with it, statements, tallies and hash. Each workload
 * runs in a process of its own; beside it stand the bare bills from the same arrays.
 */
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { digits, logSlope } from './timing.ts'
import type { YearWorkload } from './years.ts'

interface Measured {
  readonly participants: number
  readonly buses: number
  readonly intervals: number
  readonly cpuSeconds: number
  readonly physicsSeconds: number
  readonly bareSeconds: number
  readonly peakMb: number
  readonly hash: string
}

const year = '2027-12-31'
const monthEnds = ['2027-01-31', '2027-03-31', '2027-06-30', year]

export function benchYear(): object[] {
  const pilot = row('pilot-year', run({ zone: 'pilot', to: year, substations: 8 }))
  const district = row('district-year', run({ zone: 'district', to: year, substations: 8 }))
  const byParticipants = [1, 2, 4, 8].map((substations) =>
    run({ zone: 'district', to: '2027-03-31', substations }),
  )
  const byIntervals = monthEnds.map((to) => run({ zone: 'district', to, substations: 2 }))
  return [
    pilot,
    district,
    growthRow('growth-participants', 'participants', byParticipants),
    growthRow('growth-intervals', 'intervals', byIntervals),
  ]
}

function run(workload: YearWorkload): Measured {
  const script = path.join(import.meta.dirname, 'year-run.ts')
  const child = spawnSync(process.execPath, [script, JSON.stringify(workload)], { encoding: 'utf8' })
  if (child.status !== 0) throw new Error(child.stderr)
  return JSON.parse(child.stdout) as Measured
}

function row(workload: string, measured: Measured): object {
  const { participants, intervals, cpuSeconds, physicsSeconds, bareSeconds } = measured
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

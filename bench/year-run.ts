/**
 * One workload of `year` in a process of its own: CPU time, memory and hash as JSON; with `floor` the bare bills' time too, and
 * that of the same year once more, whose code is compiled by then.
 */
import type { Zone } from '../src/scenario/zone.ts'
import { simulate } from '../src/simulation/simulate.ts'
import { buildWorld, makeSellers } from '../src/simulation/world.ts'
import { bareBills } from './bare-bills.ts'
import { median } from './timing.ts'
import { participantsOf, yearZone, type YearWorkload } from './years.ts'

const [workload = '', floor] = process.argv.slice(2)
const readFile = () => undefined

function cpuSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}

function cpuOf<T>(work: () => T): { seconds: number; value: T } {
  const start = process.cpuUsage()
  const value = work()
  return { seconds: cpuSince(start), value }
}

/** The bare bills, growing the arrays that they are made from, and all of it again. */
async function floorOf(zone: Zone): Promise<object> {
  const grown = cpuOf(() => buildWorld(zone, readFile))
  if (!grown.value.ok) throw new Error(JSON.stringify(grown.value.faults))
  const world = grown.value.value
  const sellers = makeSellers(world, null)
  const bare = Array.from({ length: 5 }, () => cpuOf(() => bareBills(world, sellers)).seconds)
  const start = process.cpuUsage()
  await simulate(zone, { version: 'bench', readFile })
  return { physicsSeconds: grown.seconds, bareSeconds: median(bare), againSeconds: cpuSince(start) }
}

const zone = yearZone(JSON.parse(workload) as YearWorkload)
const start = process.cpuUsage()
const answer = await simulate(zone, { version: 'bench', readFile })
const cpuSeconds = cpuSince(start)
const peakMb = Math.round(process.resourceUsage().maxRSS / 1024)
if (!answer.ok) throw new Error(JSON.stringify(answer.faults))

process.stdout.write(
  JSON.stringify({
    participants: participantsOf(zone),
    buses: zone.buses.length,
    intervals: zone.calendar.intervals,
    cpuSeconds,
    ...(floor === 'floor' ? await floorOf(zone) : {}),
    peakMb,
    hash: answer.value.resultHash,
  }),
)

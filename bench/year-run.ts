/** One workload of `year` in a process of its own: a JSON line with CPU time, memory, hash and the bare bills' time. */
import { simulate } from '../src/simulation/simulate.ts'
import { buildWorld, makeSellers } from '../src/simulation/world.ts'
import { bareBills } from './bare-bills.ts'
import { median } from './timing.ts'
import { participantsOf, yearZone, type YearWorkload } from './years.ts'

const workload = JSON.parse(process.argv[2]!) as YearWorkload
const readFile = () => undefined

function cpuOf<T>(work: () => T): { seconds: number; value: T } {
  const start = process.cpuUsage()
  const value = work()
  const { user, system } = process.cpuUsage(start)
  return { seconds: (user + system) / 1e6, value }
}

const zone = yearZone(workload)
const start = process.cpuUsage()
const answer = await simulate(zone, { version: 'bench', readFile })
const { user, system } = process.cpuUsage(start)
const peakMb = Math.round(process.resourceUsage().maxRSS / 1024)
if (!answer.ok) throw new Error(JSON.stringify(answer.faults))

const grown = cpuOf(() => buildWorld(zone, readFile))
if (!grown.value.ok) throw new Error(JSON.stringify(grown.value.faults))
const world = grown.value.value
const sellers = makeSellers(world, null)
const bare = Array.from({ length: 5 }, () => cpuOf(() => bareBills(world, sellers)).seconds)

process.stdout.write(
  JSON.stringify({
    participants: participantsOf(zone),
    buses: zone.buses.length,
    intervals: zone.calendar.intervals,
    cpuSeconds: (user + system) / 1e6,
    physicsSeconds: grown.seconds,
    bareSeconds: median(bare),
    peakMb,
    hash: answer.value.resultHash,
  }),
)

/** The service as a process runs it: a scenario's market opened on its database, kept by its clock, and listened for. */
import { hostname } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { InputFaults, type Fault } from '../base/errors.ts'
import { quarterStartMs } from '../base/quarter.ts'
import { loadZone, type RunOverrides } from '../scenario/load.ts'
import type { Zone } from '../scenario/zone.ts'
import { buildWorld, type World } from '../simulation/world.ts'
import { StoreFault } from '../store/fault.ts'
import { openStore } from '../store/open.ts'
import type { MarketStore, StoreOptions } from '../store/port.ts'
import { buildApp } from './app.ts'
import { clockToleranceMs, type ClockChoice, type WallClock } from './clock.ts'
import { demoKeys, type DemoKey } from './demo-keys.ts'
import type { UnprovedClearing } from './market/hold-auction.ts'
import { openLiveMarket, type LiveMarket } from './market/live-market.ts'
import { Timeline } from './market/timeline.ts'
import type { Limits } from './plugins/guard.ts'
import { makeMetrics } from './plugins/metrics.ts'
import { RunDesk, type ScenarioSource } from './runs/run-desk.ts'
import { WorkThreads } from './runs/work-threads.ts'

/** A scenario as a file has it, and what may be read beside it. */
export interface ServedScenario {
  readonly file: string
  readonly text: string
  /** seeds of the program by their path */
  readonly seeds: ReadonlyMap<string, string>
  readonly readData: (path: string) => Uint8Array | undefined
}

export interface ServeOptions {
  readonly scenario: ServedScenario
  /** `sqlite:FILE` or `postgres://…` */
  readonly database: string
  readonly clock: ClockChoice
  readonly host: string
  readonly port: number
  readonly demo: boolean
  readonly log: FastifyBaseLogger
  readonly version: string
  readonly limits?: Limits
  /** keeps the book of a clearing that is not proved; says where */
  readonly saveUnproved: (unproved: UnprovedClearing) => string
}

export interface RunningService {
  readonly url: string
  readonly app: FastifyInstance
  readonly market: LiveMarket
  /** made on the first start: shown once */
  readonly operatorKey: string | null
  readonly demoKeys: readonly DemoKey[]
  /** Takes no orders any more, answers what is under way, and lets go of everything. */
  close(): Promise<void>
}

const defaultLimits: Limits = {
  perKey: 6_000,
  perAddress: 12_000,
  wrongKeys: 60,
  delayMs: 1000,
  waitingOrders: 100_000,
}
const streamsMax = 500

export const wallClock: WallClock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await setTimeout(ms, undefined, { signal }).catch(() => {})
  },
}

/** @throws InputFaults for a scenario with faults, StoreFault for a database that cannot serve it */
export async function startService(options: ServeOptions): Promise<RunningService> {
  const opened = new AsyncDisposableStack()
  try {
    const service = await openService(options, opened)
    return { ...service, close: () => opened.disposeAsync() }
  } catch (error) {
    // Nothing is left behind that would keep a market which nobody can reach.
    await opened.disposeAsync()
    throw error
  }
}

/** @param opened takes what has to be let go of, the last first */
async function openService(
  options: ServeOptions,
  opened: AsyncDisposableStack,
): Promise<Omit<RunningService, 'close'>> {
  const { log, version } = options
  const metrics = makeMetrics()
  const onUnproved = (unproved: UnprovedClearing) => {
    metrics.unproved.inc()
    log.error({ book: options.saveUnproved(unproved) }, `a clearing is not proved: ${unproved.message}`)
  }
  const { limits = defaultLimits } = options
  const { store, world, clockOf, scenario } = await openMarketStore(options, limits, opened)
  const runsAtOnce = 1
  const threads = new WorkThreads({ waitingBooks: 32, runs: runsAtOnce })
  opened.defer(() => threads.close())
  const { market, operatorKey } = await openLiveMarket({
    store,
    world,
    clock: options.clock,
    wall: wallClock,
    log,
    onUnproved,
  })
  clockOf.market = market
  opened.defer(() => market.stop())
  const worker = { name: `${hostname()}:${process.pid}`, isGone }
  const runs = new RunDesk({ market, threads, scenario, version, worker, runsAtOnce, log, onUnproved })
  opened.defer(() => runs.stop())
  const app = await buildApp({ market, runs, threads, metrics, log, version, limits, streamsMax, onUnproved })
  opened.defer(() => app.close())
  const demo = options.demo ? await demoKeys(market) : []
  market.start()
  runs.start()
  const { host, port } = options
  const url = await app.listen({ host, port }).catch(async (error: unknown) => {
    // Its key would be told nobody: the next start makes another.
    if (operatorKey) await market.forgetKey(operatorKey)
    throw error
  })
  return { url, app, market, operatorKey, demoKeys: demo }
}

/** A process of this machine that is not there any more; of other machines nobody here can tell. */
function isGone(worker: string): boolean {
  const [host, pid] = worker.split(':')
  if (host !== hostname()) return false
  if (Number(pid) === process.pid) return true
  try {
    process.kill(Number(pid), 0)
    return false
  } catch {
    return true
  }
}

/** What a market was made from, kept with it. */
export interface Definition {
  /** where data files of the scenario stood when the market was made */
  readonly file: string
  readonly scenario: string
  readonly from: string
  readonly to: string
}

interface OpenedStore extends BuiltWorld {
  readonly store: MarketStore
  /** the store's clock is the market's, as soon as there is one */
  readonly clockOf: { market: LiveMarket | null }
}

/** Opens the market of a database, or makes one of the scenario where there is none. */
async function openMarketStore(
  { scenario, database, clock }: ServeOptions,
  { waitingOrders: waitingEventsMax }: Limits,
  opened: AsyncDisposableStack,
): Promise<OpenedStore> {
  const clockOf: OpenedStore['clockOf'] = { market: null }
  const known = await openIfThere(database, {
    now: () => clockOf.market?.clock.now() ?? wallClock.now(),
    clockToleranceMs: clockToleranceMs(clock),
    waitingEventsMax,
  })
  if (known) {
    opened.use(known)
    const definition = JSON.parse(known.market.definition) as Definition
    if (definition.scenario === scenario.text)
      return { store: known, ...worldOf(scenario, definition), clockOf }
    throw new StoreFault(
      'other-market',
      `the database holds the market ${known.market.name}, made from another scenario`,
    )
  }
  const range = clock.kind === 'real' ? fromToday(scenario) : {}
  const built = worldOf(scenario, range)
  const { calendar, scenario: name } = built.world.zone
  const { first } = new Timeline(calendar)
  const definition: Definition = {
    file: scenario.file,
    scenario: scenario.text,
    from: calendar.from,
    to: calendar.to,
  }
  const store = await openStore(database, {
    now: () => clockOf.market?.clock.now() ?? quarterStartMs(first),
    clockToleranceMs: clockToleranceMs(clock),
    waitingEventsMax,
    create: { name, definition: JSON.stringify(definition), firstInterval: first },
  })
  return { store: opened.use(store), ...built, clockOf }
}

async function openIfThere(database: string, options: StoreOptions): Promise<MarketStore | undefined> {
  try {
    return await openStore(database, options)
  } catch (error) {
    if (error instanceof StoreFault && error.code === 'empty') return undefined
    throw error
  }
}

interface BuiltWorld {
  readonly world: World
  /** with the data files that the world was grown from, for runs in threads */
  readonly scenario: ScenarioSource
}

/** @throws InputFaults */
export function worldOf(scenario: ServedScenario, { from, to }: RunOverrides): BuiltWorld {
  const { file, text, seeds, readData } = scenario
  const data = new Map<string, Uint8Array>()
  const overrides = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  const built = buildWorld(zoneOf(scenario, overrides), (path) => {
    const bytes = readData(path)
    if (bytes) data.set(path, bytes)
    return bytes
  })
  if (!built.ok) throw new InputFaults(built.faults)
  return { world: built.value, scenario: { file, text, seeds, data } }
}

function zoneOf({ file, text, seeds }: ServedScenario, overrides: RunOverrides): Zone {
  const loaded = loadZone({ file, text }, overrides, { read: (path) => seeds.get(path) })
  if (!loaded.ok) throw new InputFaults(loaded.faults)
  if (loaded.zone.market.auctions.dayAhead) throw new InputFaults([noDayAhead(file)])
  return loaded.zone
}

/** A market by the clock holds one auction for each interval; a simulation may hold two. */
function noDayAhead(file: string): Fault {
  const wanted = 'intraday alone: a market by the clock holds no auction a day ahead'
  return { code: 'auctions', file, path: 'market.auctions', wanted, came: 'day_ahead' }
}

const chinaOffsetMs = 8 * 3_600_000

/** From today to the end of next year, or of this one where the seeds do not reach farther. */
function fromToday(scenario: ServedScenario): { from: string; to: string } {
  const from = new Date(wallClock.now() + chinaOffsetMs).toISOString().slice(0, 10)
  const year = Number(from.slice(0, 4))
  const until = (last: number) => ({ from, to: `${last}-12-31` })
  const reaches = loadZone(scenario, until(year + 1), { read: (path) => scenario.seeds.get(path) }).ok
  return until(reaches ? year + 1 : year)
}

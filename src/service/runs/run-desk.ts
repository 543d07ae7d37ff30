/**
 * Scenario runs: asked for, queued in the store, taken by whichever process has a thread free, and kept with their files. A
 * run whose process is gone is queued again.
 */
import { randomBytes } from 'node:crypto'
import type { Fault } from '../../base/errors.ts'
import type { Caller } from '../access/directory.ts'
import type { UnprovedClearing } from '../market/hold-auction.ts'
import type { LiveMarket } from '../market/live-market.ts'
import type { PulseLog } from '../market/pulse.ts'
import { Refusal } from '../refusal.ts'
import type { NewRun } from '../../contract/routes/runs.ts'
import { describeFault } from '../../base/errors.ts'
import type { Run, RunFile } from '../../store/port.ts'
import type { RunAnswer, RunSource } from './run-thread.ts'
import type { WorkThreads } from './work-threads.ts'

/** The service's own scenario and what its runs may read. */
export interface ScenarioSource {
  readonly file: string
  readonly text: string
  readonly seeds: ReadonlyMap<string, string>
  readonly data: ReadonlyMap<string, Uint8Array>
}

export interface RunDeskOptions {
  readonly market: LiveMarket
  readonly threads: WorkThreads
  readonly scenario: ScenarioSource
  readonly version: string
  /** name of this process among those of the market, and whether another by that name is still alive */
  readonly worker: { readonly name: string; readonly isGone: (name: string) => boolean }
  readonly runsAtOnce: number
  readonly log: PulseLog
  readonly onUnproved: (unproved: UnprovedClearing) => void
}

interface RunSpec {
  readonly scenario: string | null
  readonly set: readonly string[]
  readonly trades: boolean
}

/** Of one holder of keys, waiting and running. */
const mostOpenRuns = 4
const lookMs = 1000
const progressMs = 250

export class RunDesk {
  readonly #options: RunDeskOptions
  readonly #running = new Map<string, AbortController>()
  readonly #stopping = new AbortController()
  #looking: Promise<void> = Promise.resolve()
  #wake = new AbortController()

  constructor(options: RunDeskOptions) {
    this.#options = options
  }

  start(): void {
    this.#looking = this.#look()
  }

  /** Runs that go on are queued again by the next process. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#wake.abort()
    for (const abort of this.#running.values()) abort.abort()
    await this.#looking
  }

  /** @throws Refusal with the faults of the scenario */
  async add(caller: Caller, asked: NewRun): Promise<Run> {
    const { market, threads } = this.#options
    const { runs } = market.store
    const spec: RunSpec = {
      scenario: asked.scenario ?? null,
      set: setsOf(asked),
      trades: asked.trades ?? false,
    }
    const own = await runs.list({ participant: caller.participant, limit: 1000 })
    const open = own.filter(({ state }) => state === 'queued' || state === 'running').length
    if (open >= mostOpenRuns) throw new Refusal('too-many-runs', { came: `${open} of them` })
    const faults = await threads.check(this.#sourceOf(spec))
    if (faults.length > 0) throw refusalOf(faults)
    const id = randomBytes(9).toString('base64url')
    await runs.add({ id, participant: caller.participant, spec: JSON.stringify(spec) }, market.by(caller))
    this.#wake.abort()
    return (await runs.get(id))!
  }

  /** @returns false when the run had ended */
  async cancel(id: string, caller: Caller): Promise<boolean> {
    const { market } = this.#options
    const isCancelled = await market.store.runs.cancel(id, market.by(caller))
    this.#running.get(id)?.abort()
    return isCancelled
  }

  #sourceOf({ scenario, set }: RunSpec): RunSource {
    const { scenario: own, version } = this.#options
    const overrides = { set }
    return scenario === null
      ? { ...own, overrides, version }
      : { file: 'scenario.yaml', text: scenario, seeds: own.seeds, data: new Map(), overrides, version }
  }

  async #look(): Promise<void> {
    const { market, log } = this.#options
    const { signal } = this.#stopping
    await this.#requeue().catch((error: unknown) => log.warn({ err: error }, 'runs were not looked after'))
    while (!signal.aborted) {
      await this.#takeAll().catch((error: unknown) => log.warn({ err: error }, 'no run can be taken'))
      await market.wall.sleep(lookMs, this.#wake.signal)
      this.#wake = new AbortController()
    }
  }

  async #requeue(): Promise<void> {
    const { market, worker } = this.#options
    const { runs } = market.store
    const gone = (await runs.list({ limit: 1000 })).flatMap((run) =>
      run.state === 'running' && run.worker !== undefined && worker.isGone(run.worker) ? [run.worker] : [],
    )
    if (gone.length > 0) await runs.requeue([...new Set(gone)])
  }

  async #takeAll(): Promise<void> {
    const { market, worker, runsAtOnce } = this.#options
    while (this.#running.size < runsAtOnce && !this.#stopping.signal.aborted) {
      const run = await market.store.runs.take(worker.name, market.clock.now())
      if (!run) return
      const abort = new AbortController()
      this.#running.set(run.id, abort)
      void this.#carryOut(run, abort).finally(() => {
        this.#running.delete(run.id)
        this.#wake.abort()
      })
    }
  }

  async #carryOut(run: Run, abort: AbortController): Promise<void> {
    const { market, threads, log, onUnproved } = this.#options
    const { runs } = market.store
    const spec = JSON.parse(run.spec) as RunSpec
    const progress = new Progress(async (share) => {
      if (!(await runs.progress(run.id, share))) abort.abort()
    })
    try {
      const task = { ...this.#sourceOf(spec), trades: spec.trades }
      const answer = await threads.run(task, (share) => progress.note(share), abort.signal)
      await progress.end()
      if ('unproved' in answer) onUnproved(answer.unproved)
      await runs.end(run.id, endOf(answer), market.clock.now())
    } catch (error) {
      await progress.end()
      if (abort.signal.aborted) return
      log.error({ err: error, run: run.id }, 'a run broke')
      await runs.end(
        run.id,
        { state: 'failed', note: 'our mistake, see the log', files: [] },
        market.clock.now(),
      )
    }
  }
}

/** Writes the share that is done, not more often than it is looked at. */
class Progress {
  readonly #write: (share: number) => Promise<void>
  #share = 0
  #writing: Promise<void> | null = null

  constructor(write: (share: number) => Promise<void>) {
    this.#write = write
  }

  note(share: number): void {
    this.#share = share
    this.#writing ??= this.#later()
  }

  async #later(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, progressMs))
    this.#writing = null
    await this.#write(this.#share).catch(() => {})
  }

  async end(): Promise<void> {
    await this.#writing
  }
}

/** Dates and seed go the way of `--set`, so that they are checked with the scenario. */
function setsOf({ from, to, seed, set = [] }: NewRun): string[] {
  return [
    ...set,
    ...(from === undefined ? [] : [`calendar.from=${from}`]),
    ...(to === undefined ? [] : [`calendar.to=${to}`]),
    ...(seed === undefined ? [] : [`seed=${seed}`]),
  ]
}

function refusalOf(faults: readonly Fault[]): Refusal {
  const [first] = faults
  const errors = faults.map(({ code, path, wanted, came }) => ({
    code,
    path,
    wanted,
    came: came.slice(0, 200),
  }))
  return new Refusal('faulty-scenario', {
    wanted: first!.wanted,
    came: first!.came,
    path: first!.path,
    errors,
  })
}

function endOf(answer: RunAnswer): { state: 'done' | 'failed'; note: string; files: RunFile[] } {
  if ('unproved' in answer) return { state: 'failed', note: answer.unproved.message, files: [] }
  if ('faults' in answer)
    return { state: 'failed', note: answer.faults.map(describeFault).join('\n'), files: [] }
  const files = answer.done.files.map(({ name, text }) => ({
    name,
    mediaType: mediaTypes[name.slice(name.lastIndexOf('.'))] ?? 'application/octet-stream',
    content: new TextEncoder().encode(text),
  }))
  return { state: 'done', note: JSON.stringify({ resultHash: answer.done.resultHash }), files }
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.json': 'application/json; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
}

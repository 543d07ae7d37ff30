/** Work beside the market: books cleared without a trace, scenarios run. */
import { runEvents } from '../../../contract/events.ts'
import type { RunAnswer } from '../../../contract/routes/runs.ts'
import type { Run, RunFile } from '../../../store/port.ts'
import type { Caller } from '../../access/directory.ts'
import { Sent, streamed, type Asking, type Handlers, type Streamed } from '../../answer.ts'
import { EventStream, type Streams } from '../../event-stream.ts'
import type { UnprovedClearing } from '../../market/hold-auction.ts'
import type { LiveMarket } from '../../market/live-market.ts'
import type { PulseLog } from '../../market/pulse.ts'
import { instantText } from '../../market/timeline.ts'
import type { RawBody } from '../../plugins/json.ts'
import { Refusal } from '../../refusal.ts'
import type { RunDesk } from '../../runs/run-desk.ts'
import type { WorkThreads } from '../../runs/work-threads.ts'

export interface RunParts {
  readonly desk: RunDesk
  readonly threads: WorkThreads
  readonly streams: Streams
  readonly log: PulseLog
  readonly onUnproved: (unproved: UnprovedClearing) => void
}

export function runRoutes(
  market: LiveMarket,
  parts: RunParts,
): Handlers<
  | 'clearBook'
  | 'startRun'
  | 'listRuns'
  | 'getRun'
  | 'cancelRun'
  | 'followRun'
  | 'getRunResult'
  | 'listRunFiles'
  | 'getRunFile'
> {
  const { runs } = market.store
  return {
    clearBook: async ({ request }) => clearBook(request.body as RawBody | undefined, parts),
    startRun: async ({ body, caller }) => runAnswer(market, await parts.desk.add(caller, body)),
    listRuns: async ({ caller }) => {
      const own = caller.role === 'operator' ? {} : { participant: caller.participant }
      return { runs: (await runs.list({ ...own, limit: 100 })).map((run) => runAnswer(market, run)) }
    },
    getRun: async ({ params, caller }) => runAnswer(market, await runNamed(market, caller, params.run)),
    cancelRun: async ({ params, caller }) => {
      const run = await runNamed(market, caller, params.run)
      if (!(await parts.desk.cancel(run.id, caller))) throw new Refusal('run-finished', { came: run.state })
      return runAnswer(market, (await runs.get(run.id))!)
    },
    followRun: async (asking) =>
      followRun(market, parts, await runNamed(market, asking.caller, asking.params.run), asking),
    getRunResult: async ({ params, caller }) => {
      const run = await doneNamed(market, caller, params.run)
      return fileSent(run, (await runs.file(run.id, 'summary.json'))!)
    },
    listRunFiles: async ({ params, caller }) => {
      const run = await doneNamed(market, caller, params.run)
      return { files: (await runs.files(run.id)).map(({ name, bytes }) => ({ name, bytes })) }
    },
    getRunFile: async ({ params, caller }) => {
      const run = await doneNamed(market, caller, params.run)
      const file = await runs.file(run.id, params.file)
      if (!file) throw new Refusal('file-unknown', { came: params.file.slice(0, 100) })
      return fileSent(run, file)
    },
  }
}

async function clearBook(body: RawBody | undefined, { threads, onUnproved }: RunParts): Promise<Sent> {
  if (!body) throw new Refusal('invalid-json', { came: 'nothing' })
  const answer = await threads.clear(body.bytes)
  if ('cleared' in answer) {
    const { buffer, byteOffset, byteLength } = answer.cleared
    return new Sent(Buffer.from(buffer, byteOffset, byteLength))
  }
  if ('noJson' in answer) throw new Refusal('invalid-json', { came: answer.noJson })
  if ('unproved' in answer) {
    onUnproved(answer.unproved)
    throw new Refusal('clearing-not-proved')
  }
  const [first] = answer.faults
  const errors = answer.faults.map(({ code, path, wanted, came }) => ({
    code,
    path: placeOf(path),
    wanted,
    came,
  }))
  throw new Refusal('faulty-book', {
    wanted: first!.wanted,
    came: first!.came,
    path: placeOf(first!.path),
    errors,
  })
}

const placeOf = (path: string) => (path === '' ? 'body' : `body.${path}`)

/** A run of the caller's own; the operator's are all of them. */
async function runNamed({ store }: LiveMarket, { role, participant }: Caller, id: string): Promise<Run> {
  const run = await store.runs.get(id)
  if (run && (role === 'operator' || run.participant === participant)) return run
  throw new Refusal('run-unknown', { came: id.slice(0, 100) })
}

async function doneNamed(market: LiveMarket, caller: Caller, id: string): Promise<Run> {
  const run = await runNamed(market, caller, id)
  if (run.state !== 'done') throw new Refusal('run-unfinished', { came: stateOf(run) })
  return run
}

function fileSent({ id }: Run, { content, mediaType, name }: RunFile): Sent {
  return new Sent(Buffer.from(content), { type: mediaType, etag: `"${id}-${name}"`, caching: 'forever' })
}

const stateOf = ({ state }: Run): RunAnswer['state'] => (state === 'queued' ? 'waiting' : state)

function runAnswer({ model }: LiveMarket, run: Run): RunAnswer {
  const { scenario } = JSON.parse(run.spec) as { scenario: string | null }
  const isDone = run.state === 'done'
  return {
    id: run.id,
    state: stateOf(run),
    progress: isDone ? 1 : run.progress,
    scenario: scenario === null ? model.zone.scenario : 'of the request',
    made: instantText(run.createdMs),
    ended: run.endedMs === undefined ? null : instantText(run.endedMs),
    problem: run.state === 'failed' ? (run.note ?? null) : null,
    resultHash: isDone ? (JSON.parse(run.note!) as { resultHash: string }).resultHash : null,
  }
}

const followMs = 300

/** Tells where a run stands whenever that has changed; who comes back is told where it stands now. */
function followRun(
  market: LiveMarket,
  { streams, log }: RunParts,
  first: Run,
  { reply, caller }: Asking<'followRun'>,
): Streamed {
  if (streams.isFull)
    throw new Refusal('overloaded', { came: `${streams.most} streams are open`, retryAfterS: 30 })
  const stream = streams.add(new EventStream(reply), caller)
  const closed = new AbortController()
  stream.onClose(() => closed.abort())
  const follow = async () => {
    let told = ''
    for (
      let run: Run | undefined = first;
      run && !stream.isClosed;
      run = await market.store.runs.get(first.id)
    ) {
      const { state, progress } = runAnswer(market, run)
      const id = `${state}-${progress}`
      if (id !== told)
        stream.send({ id, name: 'progress', data: { state, progress } satisfies EventOf<'progress'> })
      told = id
      if (state !== 'waiting' && state !== 'running') {
        stream.send({ id: 'ended', name: 'ended', data: { state } satisfies EventOf<'ended'> })
        break
      }
      await market.wall.sleep(followMs, closed.signal)
    }
  }
  follow()
    .catch((error: unknown) => log.error({ err: error }, 'a stream ended'))
    .finally(() => stream.close())
  return streamed
}

type EventOf<Name extends keyof typeof runEvents> = ReturnType<(typeof runEvents)[Name]['parse']>

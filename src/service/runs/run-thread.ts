/** A scenario run in a thread of its own: text in, progress on the way, files out. */
import type { MessagePort } from 'node:worker_threads'
import { setImmediate } from 'node:timers/promises'
import type { Fault } from '../../base/errors.ts'
import { BrokenProof } from '../../market/broken-proof.ts'
import { reportFiles } from '../../report/files.ts'
import { summarize } from '../../report/summary.ts'
import { loadZone, type RunOverrides } from '../../scenario/load.ts'
import { simulate } from '../../simulation/simulate.ts'
import type { UnprovedClearing } from '../market/hold-auction.ts'

export interface RunSource {
  readonly file: string
  readonly text: string
  readonly overrides: RunOverrides
  readonly version: string
  /** seeds of the program by their path, and data files that the scenario may name */
  readonly seeds: ReadonlyMap<string, string>
  readonly data: ReadonlyMap<string, Uint8Array>
}

export interface RunTask extends RunSource {
  readonly trades: boolean
  /** gets the share that is done */
  readonly progress: MessagePort
}

export type RunAnswer =
  | {
      readonly done: {
        readonly resultHash: string
        readonly files: readonly { readonly name: string; readonly text: string }[]
      }
    }
  | { readonly faults: readonly Fault[] }
  | { readonly unproved: UnprovedClearing }

/** Whether a scenario can be run: its faults, none where it can. */
export function check({ file, text, overrides, seeds }: RunSource): readonly Fault[] {
  const loaded = loadZone({ file, text }, overrides, { read: (path) => seeds.get(path) })
  return loaded.ok ? [] : loaded.faults.slice(0, 100)
}

export default async function run(task: RunTask): Promise<RunAnswer> {
  const { file, text, overrides, seeds, data, trades, version, progress } = task
  const loaded = loadZone({ file, text }, overrides, { read: (path) => seeds.get(path) })
  if (!loaded.ok) return { faults: loaded.faults.slice(0, 100) }
  try {
    const answer = await simulate(loaded.zone, {
      version,
      readFile: (path) => data.get(path),
      tradeList: trades,
      onProgress: (share) => {
        progress.postMessage(share, [])
        return setImmediate()
      },
    })
    if (!answer.ok) return { faults: answer.faults.slice(0, 100) }
    const { value } = answer
    const files = reportFiles(value, { trades, command: 'POST /v1/runs' })
    const texts = files.map(({ name, content }) => ({
      name,
      text: typeof content === 'string' ? content : [...content].join(''),
    }))
    return { done: { resultHash: summarize(value).resultHash, files: texts } }
  } catch (error) {
    if (error instanceof BrokenProof)
      return { unproved: { message: error.message, bookJson: error.bookJson } }
    throw error
  } finally {
    progress.close()
  }
}

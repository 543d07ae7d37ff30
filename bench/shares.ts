/** Where a process's time went: the share of some functions, callees included, of a profile that Node wrote. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string }
    readonly children?: readonly number[]
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** `file.ts:function`, or a function of the engine's own, `(garbage collector)`. */
export type Places = Readonly<Record<string, string>>

/**
 * @param run runs the process with these flags for Node
 * @param whole the places that make up the work; collecting garbage counts wherever it is done
 * @returns shares of the work, without what the places inside a row have in rows of their own
 */
export function sharesOf(
  run: (flags: readonly string[]) => void,
  whole: readonly string[],
  places: Places,
): object {
  const folder = mkdtempSync(path.join(tmpdir(), 'overwall-profile-'))
  try {
    run(['--cpu-prof', `--cpu-prof-dir=${folder}`])
    const [file] = readdirSync(folder)
    return shares(JSON.parse(readFileSync(path.join(folder, file!), 'utf8')) as Profile, whole, places)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function shares({ nodes, samples, timeDeltas }: Profile, whole: readonly string[], places: Places): object {
  const own = new Map<number, number>()
  samples.forEach((id, at) => own.set(id, (own.get(id) ?? 0) + timeDeltas[at]!))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const rows = new Map(Object.entries(places).map(([row, place]) => [place, row]))
  const sums = new Map<string, number>()
  let all = 0
  const walk = (id: number, row: string, isInside: boolean): void => {
    const { callFrame, children = [] } = byId.get(id)!
    const place = placeOf(callFrame)
    const inside = isInside || whole.includes(place) || place === '(garbage collector)'
    const here = rows.get(place) ?? row
    const time = inside ? (own.get(id) ?? 0) : 0
    sums.set(here, (sums.get(here) ?? 0) + time)
    all += time
    for (const child of children) walk(child, here, inside)
  }
  walk(nodes[0]!.id, 'rest', false)
  return Object.fromEntries([...sums].map(([row, time]) => [row, Math.round((1000 * time) / all) / 1000]))
}

function placeOf({ functionName, url }: { functionName: string; url: string }): string {
  return url === '' ? functionName : `${path.basename(url)}:${functionName}`
}

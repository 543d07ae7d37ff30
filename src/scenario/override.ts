/** `--set PATH=value`: one choice laid over a scenario file before it is checked. `*` in a path is every entry of a list or map. */
import { isMap, isScalar, isSeq, parse as parseYaml, type Document } from 'yaml'
import type { Fault } from '../base/errors.ts'

type Key = string | number

/** Sets what a choice names; a key that is not there is made, and the file's own check says whether it may be. */
export function applyOverride(document: Document, override: string): Fault[] {
  const split = override.indexOf('=')
  const fault = (came: string): Fault[] => [
    { code: 'set', path: '--set', wanted: 'path=value with a path of the scenario', came },
  ]
  if (split < 1) return fault(override)
  const paths = pathsOf(document, override.slice(0, split).split('.'))
  if (paths.length === 0 || !paths.every((path) => document.hasIn(path.slice(0, -2)))) return fault(override)
  try {
    for (const path of paths) document.setIn(path, document.createNode(parseYaml(override.slice(split + 1))))
    return []
  } catch (error) {
    return fault(`${override} (${(error as Error).message.split('\n')[0]})`)
  }
}

/** The paths that a path with stars means. */
function pathsOf(document: Document, keys: readonly string[]): Key[][] {
  return keys.reduce<Key[][]>(
    (paths, key) =>
      paths.flatMap((path) =>
        (key === '*' ? keysAt(document, path) : [keyOf(key)]).map((each) => [...path, each]),
      ),
    [[]],
  )
}

const keyOf = (key: string): Key => (/^\d+$/.test(key) ? Number(key) : key)

function keysAt(document: Document, path: readonly Key[]): Key[] {
  const node = path.length === 0 ? document.contents : document.getIn(path, true)
  if (isSeq(node)) return node.items.map((_, index) => index)
  if (isMap(node)) return node.items.map(({ key }) => String(isScalar(key) ? key.value : key))
  return []
}

/** From a path inside a YAML document to the line and column a reader looks for. */
import { isMap, isNode, isScalar, type Document, type LineCounter } from 'yaml'

export type Locate = (
  path: readonly PropertyKey[],
) => { readonly line: number; readonly column: number } | undefined

/** A missing key points at the nearest thing above it that is there; a wrong key at itself. */
export function locator(document: Document, lines: LineCounter): Locate {
  return (path) => {
    for (let depth = path.length; depth >= 0; depth--) {
      const offset = offsetOf(document, path.slice(0, depth))
      if (offset === undefined) continue
      const { line, col } = lines.linePos(offset)
      return { line, column: col }
    }
    return undefined
  }
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  const parent = path.length === 0 ? undefined : document.getIn(path.slice(0, -1), true)
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1))
    if (pair && isNode(pair.key)) return pair.key.range?.[0]
  }
  const node = path.length === 0 ? document.contents : document.getIn(path, true)
  return isNode(node) ? node.range?.[0] : undefined
}

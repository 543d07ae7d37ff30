/** JSON text of an object in pieces, since a large result may be longer than one string can be. */

const rowsAtOnce = 10_000

/** @returns pieces that together are `JSON.stringify(value)`; `value` holds no undefined and no toJSON */
export function* jsonChunks(value: object): Generator<string> {
  let before = '{'
  for (const [key, each] of Object.entries(value) as [string, unknown][]) {
    yield `${before}${JSON.stringify(key)}:`
    before = ','
    if (Array.isArray(each)) yield* arrayChunks(each)
    else yield JSON.stringify(each)
  }
  yield before === '{' ? '{}' : '}'
}

function* arrayChunks(rows: readonly unknown[]): Generator<string> {
  yield '['
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const text = JSON.stringify(rows.slice(from, from + rowsAtOnce)).slice(1, -1)
    yield from === 0 ? text : `,${text}`
  }
  yield ']'
}

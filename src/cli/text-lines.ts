/** Bytes into text: one text, or a stream of lines, each at most as long as one string can be. */
import type { Fault } from '../base/errors.ts'

/** Half of what the longest string holds, so that what is made of a text has room too. [bytes] */
export const mostTextBytes = 256 * 1024 * 1024

export type Text = { readonly text: string } | { readonly fault: Fault }

/** Text of at most {@link mostTextBytes} in UTF-8; anything else is a fault. */
export function decodeText(bytes: Uint8Array, most = mostTextBytes): Text {
  if (bytes.length > most) return tooLong(bytes.length, most)
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { fault: { code: 'invalid-encoding', path: '', wanted: 'text in UTF-8', came: 'other bytes' } }
  }
}

/** The lines of a stream of bytes. Of a line that is too long nothing is kept but its length. */
export async function* textLines(
  chunks: AsyncIterable<Uint8Array>,
  most = mostTextBytes,
): AsyncGenerator<Text> {
  let parts: Uint8Array[] = []
  let length = 0
  const take = (part: Uint8Array) => {
    length += part.length
    if (length <= most) parts.push(part)
    else parts = []
  }
  const line = () => {
    const whole = length <= most ? decodeText(Buffer.concat(parts), most) : tooLong(length, most)
    parts = []
    length = 0
    return whole
  }
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      take(chunk.subarray(start, end))
      yield line()
      start = end + 1
    }
    take(chunk.subarray(start))
  }
  if (length > 0) yield line()
}

function tooLong(bytes: number, most: number): Text {
  const mib = (count: number) => `${Math.ceil(count / 1024 / 1024)} MiB`
  return {
    fault: { code: 'text-too-long', path: '', wanted: `at most ${mib(most)} of text`, came: mib(bytes) },
  }
}

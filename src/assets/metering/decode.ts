/** Bytes of a metering file as text: UTF-8 with or without a byte-order mark, or GBK as older Chinese systems write. */
import { show } from '../../base/errors.ts'
import type { Notes } from './notes.ts'
import type { MeteringOptions } from './options.ts'

const newline = 0x0a

/** @returns the text without its byte-order mark, or undefined with a fault where the bytes are no such text */
export function decodeText(
  bytes: Uint8Array,
  encoding: MeteringOptions['encoding'],
  notes: Notes,
): string | undefined {
  const candidates = !encoding || encoding === 'detect' ? ['utf-8', 'gbk'] : [encoding]
  for (const each of candidates) {
    const text = tryDecode(bytes, each)
    if (text === undefined || text.includes('\0')) continue
    if (each === 'gbk' && candidates.length > 1) notes.findings.push('read as GBK')
    if (bytes[0] === 0xef && bytes[1] === 0xbb) notes.findings.push('byte-order mark passed over')
    return text
  }
  const line = candidates.length > 1 ? 1 : firstBadLine(bytes, candidates[0]!)
  notes.fault(
    line,
    'encoding',
    candidates.map((each) => each.toUpperCase()).join(' or '),
    bytesOf(bytes, line),
  )
  return undefined
}

function tryDecode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** A line feed is never part of a longer character in either encoding, so lines can be tried one by one. */
function firstBadLine(bytes: Uint8Array, encoding: string): number {
  let from = 0
  for (let line = 1; from < bytes.length; line++) {
    const feed = bytes.indexOf(newline, from)
    const to = feed < 0 ? bytes.length : feed
    const text = tryDecode(bytes.subarray(from, to), encoding)
    if (text === undefined || text.includes('\0')) return line
    from = to + 1
  }
  return 1
}

/** What stood there, as far as it can be shown. */
function bytesOf(bytes: Uint8Array, line: number): string {
  let from = 0
  for (let at = 1; at < line; at++) from = bytes.indexOf(newline, from) + 1
  const text = new TextDecoder('utf-8').decode(bytes.subarray(from, from + 40))
  return `bytes that are not: ${show(text)}`
}

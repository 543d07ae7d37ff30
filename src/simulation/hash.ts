/** One hash over everything a run found out, so that two machines can be compared at a glance. */
import { createHash, type Hash } from 'node:crypto'

/**
 * SHA-256 over a canonical form: keys sorted, BigInt as decimal text, typed arrays as little-endian bytes.
 * Only whole numbers go in; the last digit of a float is no part of a result.
 */
export function hashOf(value: unknown): string {
  const hash = createHash('sha256')
  feed(hash, value)
  return hash.digest('hex')
}

function feed(hash: Hash, value: unknown): void {
  if (ArrayBuffer.isView(value)) {
    hash.update('#').update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
  } else if (Array.isArray(value)) {
    hash.update('[')
    for (const item of value) feed(hash, item)
    hash.update(']')
  } else if (typeof value === 'object' && value !== null) {
    hash.update('{')
    for (const key of Object.keys(value).sort()) {
      hash.update(`${key}:`)
      feed(hash, (value as Record<string, unknown>)[key])
    }
    hash.update('}')
  } else {
    hash.update(typeof value === 'bigint' ? `${value}n;` : `${JSON.stringify(value) ?? 'undefined'};`)
  }
}

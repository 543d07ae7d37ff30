/** One hash over everything a run found out, so that two machines can be compared at a glance. */
import { createHash } from 'node:crypto'

/**
 * SHA-256 over a canonical form: keys sorted, BigInt as decimal text, typed arrays as little-endian bytes.
 * Only whole numbers go in; the last digit of a float is no part of a result.
 */
export function hashOf(value: unknown): string {
  const feeder = new Feeder()
  feeder.feed(value)
  return feeder.digest()
}

/** Text is handed over in large pieces: a result has a million small ones. */
const pieceLength = 1 << 16

class Feeder {
  readonly #hash = createHash('sha256')
  #text = ''

  feed(value: unknown): void {
    if (ArrayBuffer.isView(value)) {
      this.#flush('#')
      this.#hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
    } else if (Array.isArray(value)) {
      this.#write('[')
      for (const item of value) this.feed(item)
      this.#write(']')
    } else if (typeof value === 'object' && value !== null) {
      this.#write('{')
      for (const key of Object.keys(value).sort()) {
        this.#write(`${key}:`)
        this.feed((value as Record<string, unknown>)[key])
      }
      this.#write('}')
    } else {
      this.#write(typeof value === 'bigint' ? `${value}n;` : `${JSON.stringify(value) ?? 'undefined'};`)
    }
  }

  digest(): string {
    this.#flush('')
    return this.#hash.digest('hex')
  }

  #write(text: string): void {
    this.#text += text
    if (this.#text.length > pieceLength) this.#flush('')
  }

  #flush(text: string): void {
    this.#hash.update(this.#text + text)
    this.#text = ''
  }
}

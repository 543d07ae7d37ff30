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
  /** what became of a string: a result says the same few thousand over and over */
  readonly #known = new Map<string, string>()

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
      this.#write(`${typeof value === 'string' ? this.#quoted(value) : leafText(value)};`)
    }
  }

  digest(): string {
    this.#flush('')
    return this.#hash.digest('hex')
  }

  #quoted(value: string): string {
    const known = this.#known.get(value)
    if (known !== undefined) return known
    const quoted = JSON.stringify(value)
    this.#known.set(value, quoted)
    return quoted
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

function leafText(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  // What JSON makes of a finite number, without its way round.
  if (typeof value === 'number' && Number.isFinite(value)) return `${value}`
  return JSON.stringify(value) ?? 'undefined'
}

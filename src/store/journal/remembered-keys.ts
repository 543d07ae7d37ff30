/**
 * Idempotency keys that were used, with where their answer stands in the journal. They are written with the events of
 * the request they came with and forgotten after a time, or when there are too many, the oldest first.
 */
import type { JournalRow } from './events.ts'

/** About 200 MB. */
const keysMax = 1_000_000

/** Events `first` to `first + count` of a journal row are what a request placed. */
export interface RowPart {
  readonly seq: number
  readonly first: number
  readonly count: number
}

export interface RememberedKey extends RowPart {
  readonly bodyHash: string
  readonly atMs: number
}

/** A key on its way into the journal: participant, hash of the key, hash of the request, first event and their number. */
export type NewKey = readonly [
  participant: number,
  keyHash: string,
  bodyHash: string,
  first: number,
  count: number,
]

export class RememberedKeys {
  /** in the order they came, so that the oldest stand first */
  readonly #keys = new Map<string, RememberedKey>()
  readonly #rememberMs: number

  constructor(rememberMs: number) {
    this.#rememberMs = rememberMs
  }

  find(participant: number, keyHash: string, nowMs: number): RememberedKey | undefined {
    const key = this.#keys.get(nameOf(participant, keyHash))
    return key && key.atMs >= nowMs - this.#rememberMs ? key : undefined
  }

  add(row: JournalRow): void {
    if (row.keys !== null) this.addNew(JSON.parse(row.keys) as NewKey[], row)
    this.#forget(row.atMs - this.#rememberMs)
  }

  addNew(keys: readonly NewKey[], { seq, atMs }: Pick<JournalRow, 'seq' | 'atMs'>): void {
    for (const [participant, keyHash, bodyHash, first, count] of keys) {
      const name = nameOf(participant, keyHash)
      // A forgotten key that is used again takes its place behind the others.
      this.#keys.delete(name)
      this.#keys.set(name, { bodyHash, seq, first, count, atMs })
    }
  }

  #forget(beforeMs: number): void {
    for (const [name, { atMs }] of this.#keys) {
      if (atMs >= beforeMs && this.#keys.size <= keysMax) return
      this.#keys.delete(name)
    }
  }
}

export function nameOf(participant: number, keyHash: string): string {
  return `${participant} ${keyHash}`
}

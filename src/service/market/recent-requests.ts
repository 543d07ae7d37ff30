/**
 * Requests that carried an idempotency key, as far as this process remembers them. The store remembers them all; here they
 * are met before their orders are checked again, which a repeated request would not pass: its orders stand already.
 */
import type { Idempotency, Placed } from '../../store/port.ts'

const mostKept = 10_000

interface Kept {
  readonly body: Idempotency['body']
  readonly placed: Placed
}

export class RecentRequests {
  readonly #kept = new Map<string, Kept>()

  keep(participant: number, { key, body }: Idempotency, placed: Placed): void {
    if (this.#kept.size >= mostKept) this.#kept.delete(this.#kept.keys().next().value!)
    this.#kept.set(nameOf(participant, key), { body, placed })
  }

  /** @returns the answer that was given, or `other` where the key was used for another request */
  recall(participant: number, { key, body }: Idempotency): Placed | 'other' | undefined {
    const kept = this.#kept.get(nameOf(participant, key))
    if (!kept) return undefined
    return kept.body === body ? { ...kept.placed, repeated: true } : 'other'
  }
}

function nameOf(participant: number, key: string): string {
  return `${participant}/${key}`
}

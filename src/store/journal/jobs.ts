/** What waits to be written, with the promise that waits for it. */
import { hash } from 'node:crypto'
import type {
  CancelRequest,
  ChangeAnswer,
  Idempotency,
  OrderTerms,
  PlaceAnswer,
  PlaceRequest,
} from '../port.ts'
import type { Write } from '../sql/writes.ts'
import type { clearedEvent, closedEvent } from './events.ts'
import type { RememberedKey } from './remembered-keys.ts'

interface Promised<Answer> {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** An idempotency key and what was asked for under it. */
export interface KeyHashes {
  readonly keyHash: string
  readonly bodyHash: string
}

export interface PlaceJob extends Promised<PlaceAnswer> {
  readonly kind: 'place'
  readonly request: PlaceRequest
  readonly key?: KeyHashes
  /** decided, but not kept yet; a key that was used before says where its answer is */
  answer?: PlaceAnswer | RememberedKey
}

/** Finds what was placed under a key; stands in the queue behind what may be placing it. */
export interface RecallJob extends Promised<PlaceAnswer | undefined> {
  readonly kind: 'recall'
  readonly participant: number
  readonly key: KeyHashes
  answer?: PlaceAnswer | RememberedKey | undefined
}

export interface ChangeJob extends Promised<ChangeAnswer> {
  readonly kind: 'change'
  readonly request: CancelRequest
  /** none cancels */
  readonly terms?: OrderTerms
  answer?: ChangeAnswer
}

/** A gate is moved by a group of its own; the answer tells whether it still stood there. */
export interface GateJob extends Promised<boolean> {
  readonly kind: 'gate'
  readonly event: typeof closedEvent | typeof clearedEvent
  readonly interval: number
  /** what is written with it; `journalFrom` is the first journal row a start needs afterwards */
  readonly write: (journalFrom: number) => Write
  answer?: boolean
}

/** Learns what others wrote. */
export interface CatchUpJob extends Promised<void> {
  readonly kind: 'catch-up'
}

export type OrderJob = PlaceJob | RecallJob | ChangeJob
export type Job = OrderJob | GateJob | CatchUpJob

export function eventsOf(job: OrderJob): number {
  switch (job.kind) {
    case 'place':
      return job.request.orders.length
    case 'recall':
      return 0
    case 'change':
      return 1
  }
}

const hashDigits = 22

/** 132 bits of a SHA-256, as text. */
function shortHash(data: string | Uint8Array): string {
  return hash('sha256', data, 'base64url').slice(0, hashDigits)
}

export function hashesOf({ key, body }: Idempotency): KeyHashes {
  return { keyHash: shortHash(key), bodyHash: shortHash(body) }
}

/** What strategies have learned, carried along with each clearing so that whoever takes over bids on from there. */
import type { MarketCore } from './market-core.ts'

export const learningName = 'learning'

export function carriedLearning({ learned }: Pick<MarketCore, 'learned'>): Record<string, Uint8Array> {
  return learned.length > 0 ? { [learningName]: new Uint8Array(learned.buffer) } : {}
}

/** Bytes of a store may lie anywhere in a larger buffer, so they are copied. */
export function readLearning(bytes: Uint8Array | undefined): Float64Array {
  return new Float64Array(bytes ? new Uint8Array(bytes).buffer : new ArrayBuffer(0))
}

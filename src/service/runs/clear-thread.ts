/** `POST /v1/clear` in a thread of its own: bytes of a book in, bytes of the answer out. */
import type { Fault } from '../../base/errors.ts'
import { BrokenProof } from '../../market/broken-proof.ts'
import { bookName, idOf, resultOf } from '../../market/book-json.ts'
import { clearRead } from '../../market/clear-read.ts'
import { readBook } from '../../market/read-book.ts'
import type { UnprovedClearing } from '../market/hold-auction.ts'
import { readJson } from '../plugins/json.ts'
import { Refusal } from '../refusal.ts'

export type ClearAnswer =
  | { readonly cleared: Uint8Array }
  | { readonly noJson: string }
  | { readonly faults: readonly Fault[] }
  | { readonly unproved: UnprovedClearing }

export default function clear(bytes: Uint8Array): ClearAnswer {
  let book: unknown
  try {
    book = readJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  } catch (error) {
    if (error instanceof Refusal) return { noJson: error.detail.came! }
    throw error
  }
  const outcome = readBook(book)
  if ('faults' in outcome) return { faults: outcome.faults.slice(0, 100) }
  try {
    const id = idOf(book)
    const text = JSON.stringify(resultOf(id, clearRead(bookName(id), outcome.read)))
    return { cleared: new TextEncoder().encode(text) }
  } catch (error) {
    if (error instanceof BrokenProof)
      return { unproved: { message: error.message, bookJson: error.bookJson } }
    throw error
  }
}

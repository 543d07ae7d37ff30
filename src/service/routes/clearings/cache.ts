/** What was published of clearings, kept in memory: it never changes, and is asked for again and again. */
import { assert } from '../../../base/errors.ts'
import { readPublished, type PublishedClearing } from '../../market/clearing-record.ts'
import { instantText, intervalName } from '../../market/timeline.ts'
import type { ClearingResult, MarketStore } from '../../../store/port.ts'
import type { ClearedBook } from '../../market/keeper.ts'
import type { ClearingAnswer } from '../../../contract/routes/clearings.ts'
import { Sent } from '../../answer.ts'

const clearingsKept = 3000
/** Books may be large, and are asked for just after their clearing. */
const booksKept = 8

export class ClearingCache {
  readonly #intervals: MarketStore['intervals']
  readonly #sent = new Recent<number, Sent>(clearingsKept)
  readonly #published = new Recent<number, PublishedClearing>(clearingsKept)
  readonly #books = new Recent<number, Promise<ClearedBook>>(booksKept)

  constructor(intervals: MarketStore['intervals']) {
    this.#intervals = intervals
  }

  /** The answer for one cleared interval, ready to be sent. */
  async sent(interval: number): Promise<Sent> {
    const kept = this.#sent.get(interval)
    if (kept) return kept
    const result = await this.#result(interval)
    // As text it leaves in one piece with its headers, which costs less than bytes that have not to be encoded.
    const body = JSON.stringify(answerOf(result))
    return this.#sent.put(
      interval,
      new Sent(body, { etag: `"${result.hash.slice(0, 32)}"`, caching: 'forever' }),
    )
  }

  async published(interval: number): Promise<PublishedClearing> {
    const kept = this.#published.get(interval)
    if (kept) return kept
    const { result } = await this.#result(interval)
    return this.#published.put(interval, readPublished(result))
  }

  /** Orders of a cleared interval with what became of them. */
  book(interval: number): Promise<ClearedBook> {
    const kept = this.#books.get(interval)
    if (kept) return kept
    const book = this.#readBook(interval)
    // What could not be read now is read again when it is asked for again.
    book.catch(() => this.#books.drop(interval))
    return this.#books.put(interval, book)
  }

  /** A book that was just cleared. */
  keepBook(interval: number, book: ClearedBook): void {
    void this.#books.put(interval, Promise.resolve(book))
  }

  async #readBook(interval: number): Promise<ClearedBook> {
    const book = await this.#intervals.orders(interval)
    assert(book !== undefined, () => `${intervalName(interval)} is cleared and has no orders`)
    return book
  }

  async #result(interval: number): Promise<ClearingResult> {
    const result = await this.#intervals.result(interval)
    assert(result !== undefined, () => `${intervalName(interval)} is cleared and has no result`)
    return result
  }
}

export function answerOf({ result, clearedMs }: ClearingResult): ClearingAnswer {
  return { ...readPublished(result), cleared: instantText(clearedMs) }
}

/** A map that lets go of what was put in longest ago. */
class Recent<Key, Value> {
  readonly #kept = new Map<Key, Value>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  get(key: Key): Value | undefined {
    return this.#kept.get(key)
  }

  drop(key: Key): void {
    this.#kept.delete(key)
  }

  put(key: Key, value: Value): Value {
    if (this.#kept.size >= this.#most) this.#kept.delete(this.#kept.keys().next().value!)
    this.#kept.set(key, value)
    return value
  }
}

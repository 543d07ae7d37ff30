/** Ranges of intervals a page at a time. A cursor is where the next page begins. */
import { Refusal } from '../refusal.ts'
import type { LiveMarket } from '../market/live-market.ts'
import { intervalOf } from '../market/timeline.ts'

interface RangeQuery {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

interface PageQuery {
  readonly cursor?: string | undefined
  readonly limit: number
}

/** Numbers from a query, `to` included there and excluded here, within what the market has opened. */
export function rangeOf(
  { model, clock }: LiveMarket,
  { from, to }: RangeQuery,
  ifLeftOut: { readonly from: number },
): { from: number; to: number } {
  const { timeline } = model
  const end = timeline.openEnd(clock.now())
  // A day that no calendar has is before everything: its range is cut like any other.
  const first = from === undefined ? ifLeftOut.from : (intervalOf(from) ?? end)
  const last = to === undefined ? end - 1 : (intervalOf(to) ?? timeline.first - 1)
  return { from: Math.max(timeline.first, first), to: Math.min(end, last + 1) }
}

export interface Page {
  readonly from: number
  readonly limit: number
  /** cursor after the intervals of a page, null where the range ends with them */
  nextAfter(intervals: readonly number[], to: number): string | null
}

export function pageOf({ cursor, limit }: PageQuery, from: number): Page {
  const start = cursor === undefined ? from : Math.max(from, numberOf(cursor))
  return {
    from: start,
    limit,
    nextAfter: (intervals, to) => {
      const last = intervals.at(-1)
      return last === undefined || intervals.length < limit || last + 1 >= to ? null : String(last + 1)
    },
  }
}

/** @throws Refusal for a text that no page gave out */
export function numberOf(cursor: string): number {
  if (!/^\d{1,15}$/.test(cursor)) throw new Refusal('invalid-cursor', { came: cursor, path: 'query.cursor' })
  return Number(cursor)
}

/** Cursor of two numbers, `12.3`. */
export function pairOf(cursor: string): [number, number] {
  const match = /^(\d{1,15})\.(\d{1,15})$/.exec(cursor)
  if (!match) throw new Refusal('invalid-cursor', { came: cursor, path: 'query.cursor' })
  return [Number(match[1]), Number(match[2])]
}

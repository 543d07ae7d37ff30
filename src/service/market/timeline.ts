/**
 * The quarter-hours of a market by number and by name. A number counts quarters since 1970 (`base/quarter.ts`), a name is
 * the start in Chinese time, `2027-06-01T12:15`; a run's calendar counts from its own first day.
 *
 * The gate of an interval closes when its delivery begins, so that what happened in the interval before is known to
 * whoever bids.
 */
import { isDate, type Calendar } from '../../base/calendar.ts'
import { msPerQuarter, quarterAt, quarterStartMs } from '../../base/quarter.ts'
import { intervalsPerDay } from '../../base/units.ts'

const chinaOffsetMs = 8 * 3_600_000
/** Orders are taken so far ahead. */
export const openDays = 7
/** The gate closes so long before delivery begins. */
export const gateLeadMs = 0
/** Streams are told of a gate so long before it closes. */
export const gateWarningMs = 60_000

export class Timeline {
  readonly calendar: Calendar
  /** first interval, and one past the last */
  readonly first: number
  readonly end: number

  constructor(calendar: Calendar) {
    this.calendar = calendar
    this.first = quarterAt(calendar.startMs)
    this.end = this.first + calendar.intervals
  }

  /** Number within the calendar of the scenario. */
  indexOf(interval: number): number {
    return interval - this.first
  }

  /** Index of an interval's month among the calendar's. */
  monthOf(interval: number): number {
    return this.calendar.days[Math.floor(this.indexOf(interval) / intervalsPerDay)]!.monthIndex
  }

  /** One past the last interval that takes orders at a moment of the market. */
  openEnd(nowMs: number): number {
    return Math.min(this.end, Math.max(this.first, quarterAt(nowMs)) + openDays * intervalsPerDay + 1)
  }
}

export function gateMs(interval: number): number {
  return quarterStartMs(interval) - gateLeadMs
}

export function endMs(interval: number): number {
  return quarterStartMs(interval + 1)
}

export function intervalName(interval: number): string {
  return names.of(interval)
}

/** @returns nothing where the text names no quarter-hour of any calendar */
export function intervalOf(name: string): number | undefined {
  return numbers.of(name)
}

/**
 * The quarter-hour in which a Chinese day begins.
 * @param date its digits as a number, 20270601
 * @returns nothing for a day of no calendar
 */
export function midnightOf(date: number): number | undefined {
  return midnights.of(date)
}

/** A function whose last answers are kept: the same few intervals are asked for all day. */
class Kept<Key, Value> {
  readonly #find: (key: Key) => Value
  readonly #found = new Map<Key, Value>()

  constructor(find: (key: Key) => Value) {
    this.#find = find
  }

  of(key: Key): Value {
    const found = this.#found.get(key)
    if (found !== undefined) return found
    if (this.#found.size >= 2000) this.#found.clear()
    const value = this.#find(key)
    this.#found.set(key, value)
    return value
  }
}

const names = new Kept<number, string>((interval) =>
  new Date(quarterStartMs(interval) + chinaOffsetMs).toISOString().slice(0, 16),
)
const numbers = new Kept<string, number | undefined>(findInterval)
const midnights = new Kept<number, number | undefined>((date) => {
  const digits = String(date).padStart(8, '0')
  return findInterval(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}T00:00`)
})

function findInterval(name: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):(?:00|15|30|45)$/.test(name) || !isDate(name.slice(0, 10)))
    return undefined
  return (Date.parse(`${name}:00Z`) - chinaOffsetMs) / msPerQuarter
}

/** An instant in Chinese time, to the second where it is on one: `2027-06-01T12:10:00+08:00`. */
export function instantText(ms: number): string {
  const text = new Date(ms + chinaOffsetMs).toISOString()
  return `${text.endsWith('.000Z') ? text.slice(0, 19) : text.slice(0, 23)}+08:00`
}

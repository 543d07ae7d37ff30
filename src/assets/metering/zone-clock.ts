/** The clock of a time zone, for files that keep summer time or carry offsets. Minutes from 1970 throughout. */
import { tzOffset } from '@date-fns/tz/tzOffset'

const minutesPerDay = 1440

interface ZoneDay {
  readonly before: number
  readonly after: number
  /** UTC minute at which the offset changes, Infinity where it does not */
  readonly change: number
}

export class ZoneClock {
  readonly #zone: string
  readonly #days = new Map<number, ZoneDay>()
  /** offset of standard time (winter) in the year it was made for */
  readonly standardOffset: number

  /** @param near a minute of the year whose standard time counts; see {@link isZone} for the name */
  constructor(zone: string, near: number) {
    this.#zone = zone
    const year = new Date(near * 60_000).getUTCFullYear()
    this.standardOffset = Math.min(...[0, 6].map((month) => this.#read(Date.UTC(year, month, 1) / 60_000)))
  }

  #read(utcMinute: number): number {
    return tzOffset(this.#zone, new Date(utcMinute * 60_000))
  }

  /** Minutes east of UTC at an instant. */
  offsetAt(utcMinute: number): number {
    const { before, after, change } = this.#day(Math.floor(utcMinute / minutesPerDay))
    return utcMinute < change ? before : after
  }

  #day(number: number): ZoneDay {
    const known = this.#days.get(number)
    if (known) return known
    const before = this.#read(number * minutesPerDay)
    const after = this.#read((number + 1) * minutesPerDay)
    const day = { before, after, change: before === after ? Infinity : this.#change(number, before) }
    this.#days.set(number, day)
    return day
  }

  #change(number: number, before: number): number {
    let low = number * minutesPerDay
    let high = low + minutesPerDay
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (this.#read(middle) === before) low = middle
      else high = middle
    }
    return high
  }

  /**
   * The offsets with which a local time exists: one, none in the hour that is skipped, two in the hour that comes
   * twice, its first coming first.
   */
  offsetsOf(localMinute: number): readonly number[] {
    const around = localMinute - this.standardOffset
    const early = this.offsetAt(around - 720)
    const late = this.offsetAt(around + 720)
    if (early === late) return [early]
    return [early, late].filter((offset) => this.offsetAt(localMinute - offset) === offset)
  }

  /** Quarter-hours of the local day a minute lies in: 96, or 92 or 100 where summer time begins or ends. */
  quartersOfDay(localMinute: number): number {
    const midnight = Math.floor(localMinute / minutesPerDay) * minutesPerDay
    const first = this.offsetsOf(midnight)[0] ?? this.standardOffset
    const last = this.offsetsOf(midnight + minutesPerDay)[0] ?? this.standardOffset
    return (minutesPerDay + first - last) / 15
  }
}

/** Whether the name is one of the time zone database. */
export function isZone(name: string): boolean {
  return !Number.isNaN(tzOffset(name, new Date(0)))
}

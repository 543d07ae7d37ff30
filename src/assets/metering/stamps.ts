/** Times as metering files write them, read without a time zone of the machine. */

/** A time of some clock. */
export interface Stamp {
  /** minutes from 1970-01-01 00:00 of that clock; not whole where the stamp has seconds */
  readonly minute: number
  /** minutes east of UTC, NaN where the stamp does not say */
  readonly offsetMinutes: number
  /** whether a time of day was given, not the date alone */
  readonly hasTime: boolean
  /** written as 24:00 */
  readonly atMidnightEnd: boolean
}

const clock = String.raw`(\d{1,2})[:：时](\d{2})分?(?:[:：](\d{2})(?:\.\d+)?)?`
/** year first: `2027-01-05`, `2027/1/5 0:15`, `2027年1月5日 00:15`, ISO 8601 with `T`, `Z` or an offset */
const yearFirst = new RegExp(
  String.raw`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+${clock})?\s*(Z|[+-]\d{2}:?\d{2})?$`,
)
/** day first with dots alone, `05.01.2027 00:15`; with slashes it could be the month, so that is not read */
const dayFirst = new RegExp(String.raw`^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T]+${clock})?$`)
/** `20270105`, `20270105 0015`, `202701050015`, `20270105001500` */
const compact = /^(\d{4})(\d{2})(\d{2})(?:[ T]?(\d{2}):?(\d{2}):?(\d{2})?)?$/

/** @returns undefined where the text is no time, or one of a day that does not exist */
export function parseStamp(text: string): Stamp | undefined {
  const ordered = yearFirst.exec(text) ?? compact.exec(text)
  if (ordered) return stampOf(ordered[1]!, ordered[2]!, ordered[3]!, ordered.slice(4, 7), ordered[7])
  const german = dayFirst.exec(text)
  return german ? stampOf(german[3]!, german[2]!, german[1]!, german.slice(4, 7), undefined) : undefined
}

function stampOf(
  year: string,
  month: string,
  day: string,
  [hour, minute = '0', second = '0']: readonly (string | undefined)[],
  offset: string | undefined,
): Stamp | undefined {
  const midnightMs = Date.UTC(Number(year), Number(month) - 1, Number(day))
  const midnight = new Date(midnightMs)
  if (midnight.getUTCMonth() !== Number(month) - 1 || midnight.getUTCDate() !== Number(day)) return undefined
  const minutes = minutesOf(hour ?? '0', minute, second)
  if (minutes === undefined) return undefined
  return {
    minute: midnightMs / 60_000 + minutes,
    offsetMinutes: offset === undefined ? Number.NaN : offsetOf(offset),
    hasTime: hour !== undefined,
    atMidnightEnd: minutes === 1440,
  }
}

/** Minutes of the day, up to 24:00. */
function minutesOf(hour: string, minute: string, second: string): number | undefined {
  const minutes = Number(hour) * 60 + Number(minute) + Number(second) / 60
  return Number(minute) < 60 && Number(second) < 60 && minutes <= 1440 ? minutes : undefined
}

function offsetOf(text: string): number {
  if (text === 'Z') return 0
  const digits = text.replace(':', '')
  return (digits.startsWith('-') ? -1 : 1) * (Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5)))
}

const clockAlone = new RegExp(`^${clock}$`)
const clockRange = new RegExp(`^${clock}\\s*[-~—–至]\\s*${clock}$`)

/** `0:15`, `00:15:00` or `00:00-00:15`, which names its start: minutes of the day, up to `24:00`. */
export function parseClock(text: string): number | undefined {
  const match = clockAlone.exec(text) ?? clockRange.exec(text)
  return match ? minutesOf(match[1]!, match[2]!, match[3] ?? '0') : undefined
}

/** `2027-01-05 00:15` of minutes from 1970. */
export function formatMinute(minute: number): string {
  return new Date(minute * 60_000).toISOString().slice(0, 16).replace('T', ' ')
}

/** `+08:00` */
export function formatOffset(offsetMinutes: number): string {
  const size = Math.abs(offsetMinutes)
  const two = (part: number) => String(Math.trunc(part)).padStart(2, '0')
  return `${offsetMinutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`
}

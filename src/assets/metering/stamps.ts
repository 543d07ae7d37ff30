/** Times as metering files write them. */

export interface Stamp {
  /** minutes since 1970-01-01 00:00 of the clock that was read */
  readonly minute: number
  /** east of UTC, where the stamp says */
  readonly offsetMinutes?: number
}

const yearFirst =
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/
const dayFirst = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T]+(\d{1,2}):(\d{2})(?::\d{2})?)?$/
const compact = /^(\d{4})(\d{2})(\d{2})(?:[ T]?(\d{2}):?(\d{2}))?$/

/** Reads `2027/1/5 0:15`, `2027-01-05T00:15+08:00`, `05.01.2027 00:15`, `20270105`; 24:00 is the end of its day. */
export function parseStamp(text: string): Stamp | undefined {
  const ordered = yearFirst.exec(text) ?? compact.exec(text)
  const german = ordered ? null : dayFirst.exec(text)
  const [year, month, day, hour = '0', minute = '0'] = ordered
    ? ordered.slice(1, 6)
    : german
      ? [german[3], german[2], german[1], german[4], german[5]]
      : []
  if (year === undefined) return undefined
  const [y, mo, d, h, mi] = [year, month, day, hour, minute].map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const midnight = Date.UTC(y, mo - 1, d)
  const sameDay = new Date(midnight).getUTCMonth() === mo - 1 && new Date(midnight).getUTCDate() === d
  if (!sameDay || mi > 59 || h > 24 || (h === 24 && mi > 0)) return undefined
  const at = { minute: midnight / 60_000 + h * 60 + mi }
  const offset = ordered?.[6]
  return offset === undefined ? at : { ...at, offsetMinutes: offsetOf(offset) }
}

function offsetOf(text: string): number {
  if (text === 'Z') return 0
  const digits = text.replace(':', '')
  return (digits.startsWith('-') ? -1 : 1) * (Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5)))
}

/** `00:15` as minutes of the day, up to `24:00`. */
export function parseClock(text: string): number | undefined {
  const match = /^(\d{1,2}):(\d{2})(?::00)?$/.exec(text)
  if (!match) return undefined
  const minutes = Number(match[1]) * 60 + Number(match[2])
  return minutes <= 1440 ? minutes : undefined
}

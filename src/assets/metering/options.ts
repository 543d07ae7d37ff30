/** How a metering file (96点曲线) is to be read, and what may be mended in it. Nothing is mended that is not asked for. */
export interface MeteringOptions {
  /** value column of a file with one row per quarter-hour; may be left out when there is only one */
  readonly column?: string
  /** meter to read from a file with several; may be left out when there is only one */
  readonly meter?: string
  /** mean power, or energy of the quarter-hour (kwh) */
  readonly unit: 'kw' | 'kwh' | 'mw' | 'w'
  /** whether a stamp names the start or the end of its quarter-hour; `detect`, the default, reads it from the file */
  readonly stamps?: StampSide | 'detect'
  /** `detect`, the default, takes UTF-8 where it fits and GBK else */
  readonly encoding?: 'utf-8' | 'gbk' | 'detect'
  /** factor on every value, such as the ratio of the transformers (综合倍率) */
  readonly multiplier?: number
  /** IANA name of the zone whose clock the file keeps, Asia/Shanghai by default; the run takes that clock for its own */
  readonly timeZone?: string
  /** lay a file of another year on the run by month and day */
  readonly mapYear?: boolean
  readonly repairs?: MeteringRepairs
}

export type StampSide = 'start' | 'end'

/** Each is refused unless asked for, and counted in the result. */
export interface MeteringRepairs {
  /** missing quarter-hours: a straight line between the neighbours, or the values of the day before */
  readonly gaps?: 'refuse' | 'interpolate' | 'previous-day'
  /** text where a number belongs counts as missing */
  readonly text?: 'refuse' | 'gap'
  readonly negative?: 'refuse' | 'zero'
  /** keep the first of several values of one quarter-hour */
  readonly duplicates?: 'refuse' | 'first'
  /** days of 92 or 100 quarter-hours (summer time): lay the year on standard time */
  readonly dayLength?: 'refuse' | 'by-offset'
}

export type RepairKind = 'gap' | 'text' | 'negative' | 'duplicate' | 'day-length'

/** What was mended: how often, and the row of the file it began at (before it, where nothing stands in the file). */
export interface Repair {
  readonly kind: RepairKind
  readonly count: number
  readonly firstRow: number
}

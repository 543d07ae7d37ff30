/** How a metering file (96点曲线) is to be read, and what may be mended in it. Nothing is mended that is not asked for. */
export interface MeteringOptions {
  /** value column of a file with one row per quarter-hour; may be left out when there is only one */
  readonly column?: string
  /** meter to read from a file with one row per day; may be left out when there is only one */
  readonly meter?: string
  readonly unit: 'kw' | 'kwh' | 'mw' | 'w'
  /** whether a stamp names the start or the end of its quarter-hour */
  readonly stamps?: 'start' | 'end' | 'detect'
  readonly encoding?: 'utf-8' | 'gbk' | 'detect'
  /** factor on every value, such as the ratio of the transformers (综合倍率) */
  readonly multiplier?: number
  /** lay a file of another year on the run by month and day */
  readonly mapYear?: boolean
  readonly repairs?: {
    readonly gaps?: 'refuse' | 'interpolate' | 'previous-day'
    readonly text?: 'refuse' | 'gap'
    readonly negative?: 'refuse' | 'zero'
    /** keep the first of several values of one quarter-hour */
    readonly duplicates?: 'refuse' | 'first'
  }
}

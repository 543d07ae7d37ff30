/** What the names of columns say. */
import type { MeteringOptions, StampSide } from './options.ts'
import { parseClock } from './stamps.ts'

const time = /time|date|stamp|zeit|datum|时间|日期|时刻|年月日/i
const meter =
  /户号|户名|用户|客户|电表|电能表|表号|表计|计量点|测量点|资产|终端|meter|device|customer|^id$|[ _]id$/i

export function isTimeHeading(name: string): boolean {
  return time.test(name)
}

export function isMeterHeading(name: string): boolean {
  return meter.test(name) && !time.test(name)
}

/** `开始时间`, `period start`: what a stamp names, where its column says so. */
export function stampSideOf(name: string): StampSide | undefined {
  if (/开始|起始|start|begin|beginn/i.test(name)) return 'start'
  return /结束|截止|\bend|ende$/i.test(name) ? 'end' : undefined
}

const units: readonly (readonly [RegExp, MeteringOptions['unit']])[] = [
  [/\bMW\b|兆瓦(?!时)/i, 'mw'],
  [/kWh|千瓦时|\b度\b/i, 'kwh'],
  [/\bkW\b|千瓦(?!时)/i, 'kw'],
  [/\bW\b|(?<![千兆])瓦(?!时)/i, 'w'],
]

/** The unit a heading such as `总有功功率（kw）` or `Power (MW)` states. */
export function unitOf(name: string): MeteringOptions['unit'] | undefined {
  return units.find(([pattern]) => pattern.test(name.replaceAll(/[（）]/g, ' ')))?.[1]
}

/** Columns of a wide file by quarter-hour of the day, and what their names say of it. */
export interface QuarterColumns {
  /** 96 columns */
  readonly columns: readonly number[]
  /** undefined for P1 … P96, which do not say */
  readonly side: StampSide | undefined
}

export const wideHeaders = '00:00 … 23:45, 00:15 … 24:00 or P1 … P96'
const quartersPerDay = 96

/** Whether the header has many columns named by quarter-hours, complete or not. */
export function isWide(header: readonly string[]): boolean {
  return named(header).size >= 40 || numbered(header).size >= 40
}

/** @returns undefined where the columns are not exactly the 96 quarter-hours of a day */
export function quarterColumns(header: readonly string[]): QuarterColumns | undefined {
  const numbers = numbered(header)
  if (numbers.size >= 40) return pick(numbers, 1, 1, undefined)
  const clocks = named(header)
  const midnight = clocks.get(0)
  if (midnight !== undefined && endsTheDay(header, clocks, midnight)) {
    clocks.delete(0)
    clocks.set(1440, midnight)
  }
  return clocks.has(0) ? pick(clocks, 0, 15, 'start') : pick(clocks, 15, 15, 'end')
}

/** In 00:15, 00:30, … 23:45, 00:00 the midnight that stands last is that of the day's end. */
function endsTheDay(
  header: readonly string[],
  clocks: ReadonlyMap<number, number>,
  midnight: number,
): boolean {
  const places = [...clocks.values()]
  const standsLast = midnight === Math.max(...places) && clocks.get(15) === Math.min(...places)
  return standsLast && !clocks.has(1440) && /^[\d:：]+$/.test(header[midnight]!)
}

function pick(
  columns: ReadonlyMap<number, number>,
  first: number,
  step: number,
  side: StampSide | undefined,
): QuarterColumns | undefined {
  const found = Array.from({ length: quartersPerDay }, (_, quarter) => columns.get(first + quarter * step))
  if (columns.size !== quartersPerDay || found.includes(undefined)) return undefined
  return { columns: found as number[], side }
}

/** Columns named by a time of day; a name that comes twice spoils the count. */
function named(header: readonly string[]): Map<number, number> {
  return columnsBy(header, parseClock)
}

function numbered(header: readonly string[]): Map<number, number> {
  return columnsBy(header, (name) => (/^P\d{1,3}$/i.test(name) ? Number(name.slice(1)) : undefined))
}

function columnsBy(
  header: readonly string[],
  read: (name: string) => number | undefined,
): Map<number, number> {
  const columns = new Map<number, number>()
  header.forEach((name, at) => {
    const key = read(name)
    if (key !== undefined) columns.set(columns.has(key) ? -1 - at : key, at)
  })
  return columns
}

/** The columns a fault lists. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => name || '(unnamed)')
  return shown.join(' | ') + (names.length > shown.length ? ` | … ${names.length} in all` : '')
}

/** Intervals without a value: refused with their place, or filled as asked. */
import { isoStart, type Calendar } from '../../base/calendar.ts'
import { intervalsPerDay } from '../../base/units.ts'
import type { Notes } from './notes.ts'
import type { MeteringRepairs } from './options.ts'
import type { Placement } from './placement.ts'

/** Fills or refuses every stretch of missing values; `powerKw` is changed in place. */
export function closeGaps(
  placement: Placement,
  how: MeteringRepairs['gaps'],
  calendar: Calendar,
  notes: Notes,
): void {
  const { powerKw } = placement
  for (let first = 0; first < powerKw.length; first++) {
    if (!isMissing(placement, first)) continue
    let end = first
    while (end < powerKw.length && isMissing(placement, end)) end++
    const isFilled =
      how === 'interpolate'
        ? interpolate(powerKw, first, end)
        : how === 'previous-day' && copyDayBefore(powerKw, first, end)
    const line = lineBefore(placement, first)
    if (isFilled) notes.mended('gap', line, end - first)
    else notes.fault(line, 'gap', wantedFor(how), spanOf(calendar, first, end))
    first = end - 1
  }
}

function isMissing({ powerKw, refused }: Placement, interval: number): boolean {
  return Number.isNaN(powerKw[interval]!) && refused[interval] === 0
}

function wantedFor(how: MeteringRepairs['gaps']): string {
  if (how === 'previous-day') return 'a day before to take values from'
  return how === 'interpolate' ? 'a value to start from' : 'a value for every quarter-hour'
}

/** A straight line between the neighbours; at an end of the run the one neighbour's value. */
function interpolate(powerKw: Float64Array, first: number, end: number): boolean {
  const left = powerKw[first - 1] ?? Number.NaN
  const right = powerKw[end] ?? Number.NaN
  const from = Number.isNaN(left) ? right : left
  const to = Number.isNaN(right) ? left : right
  if (Number.isNaN(from)) return false
  for (let interval = first; interval < end; interval++) {
    const share = (interval - first + 1) / (end - first + 1)
    powerKw[interval] = from + share * (to - from)
  }
  return true
}

/** The same quarters of the day before, which may have been filled themselves. */
function copyDayBefore(powerKw: Float64Array, first: number, end: number): boolean {
  if (first < intervalsPerDay) return false
  for (let interval = first; interval < end; interval++) {
    powerKw[interval] = powerKw[interval - intervalsPerDay]!
  }
  return true
}

/** The line of an empty cell, or the last one read before the gap; 1, the header, where none was. */
function lineBefore({ lineOf }: Placement, first: number): number {
  for (let interval = first; interval >= 0; interval--) if (lineOf[interval]! > 0) return lineOf[interval]!
  return 1
}

function spanOf(calendar: Calendar, first: number, end: number): string {
  const at = (interval: number) => isoStart(calendar, interval).slice(0, 16).replace('T', ' ')
  return `none from ${at(first)} until ${at(end)} (${end - first})`
}

/** The course of a day at work, and of days on which less is done. */
import { intervalsPerDay } from '../../base/units.ts'
import type { LoadArchetype } from './archetype.ts'

/** Level of each quarter of a workday, 1 at full work; starts are moved by some quarters, round midnight. */
export function workdayProfile(
  { blocks, dips, nightShare }: LoadArchetype,
  shiftQuarters: number,
): Float64Array {
  const plain = new Float64Array(intervalsPerDay).fill(nightShare.value)
  for (const { fromHour, toHour, level } of blocks) plain.fill(level, fromHour * 4, toHour * 4)
  for (const { fromHour, toHour, level } of dips) {
    for (let quarter = fromHour * 4; quarter < toHour * 4; quarter++) plain[quarter] = plain[quarter]! * level
  }
  return plain.map((_, quarter) => plain[(quarter - shiftQuarters + intervalsPerDay) % intervalsPerDay]!)
}

/**
 * A day with a share of a workday's energy: its base runs on and its work shrinks; where even the base is too much,
 * the day is flat.
 *
 *     level(q) = base + a · (workday(q) − night),   mean of level = share · mean of workday
 */
export function dayProfile(workday: Float64Array, nightShare: number, share: number): Float64Array {
  let sum = 0
  for (let quarter = 0; quarter < intervalsPerDay; quarter++) sum += workday[quarter]!
  const mean = sum / intervalsPerDay
  const wanted = share * mean
  const base = Math.min(nightShare, wanted)
  const activity = mean > nightShare ? (wanted - base) / (mean - nightShare) : 0
  const profile = new Float64Array(intervalsPerDay)
  for (let quarter = 0; quarter < intervalsPerDay; quarter++) {
    profile[quarter] = base + activity * (workday[quarter]! - nightShare)
  }
  return profile
}

import { expect, test } from 'vitest'
import { dataFile, isMissing } from '../data.ts'
import { italyFolder, readItaly, zones } from './italy-data.ts'
import { compareLoop, variants } from './italy-loop.ts'
import { clearItaly } from './italy.ts'

const missing = isMissing(italyFolder)
const hours = missing ? [] : readItaly()
const sample = missing ? undefined : clearItaly(hours)

test('the Italian day-ahead market: every published zonal price supports our clearing', (context) => {
  if (!sample) return context.skip(`${dataFile(italyFolder)} is missing`)
  expect(hours.length).toBe(48)
  expect(hours.every(({ buses }) => buses.length === zones.length)).toBe(true)
  expect([...sample.outcomes.values()].every(({ proved }) => proved)).toBe(true)
  expect(sample.zoneHours.filter(({ outside }) => outside > 0)).toEqual([])
  const single = sample.zoneHours.filter(({ ours }) => ours.low === ours.high)
  expect(single.length).toBeGreaterThan(250)
  expect(single.filter(({ ours, publishedPrice }) => ours.price !== publishedPrice)).toEqual([])
})

test('the Italian day-ahead market: flows differ by shares of ties alone', (context) => {
  if (!sample) return context.skip(`${dataFile(italyFolder)} is missing`)
  const apart = sample.linkHours.map(({ ours, published }) => Math.abs(ours - published))
  expect(apart.filter((mwh) => mwh < 0.0005).length).toBeGreaterThanOrEqual(277)
  expect(Math.max(...apart)).toBeLessThan(1.457)
})

test('the Italian day-ahead market: with its loop closed HiGHS finds the same welfare and prices', (context) => {
  if (!sample) return context.skip(`${dataFile(italyFolder)} is missing`)
  const [limited, open] = variants
  const split = hours.filter(({ day, hour }) => day === '2025-04-17' && hour >= 9 && hour <= 12)
  for (const hour of split) {
    expect(compareLoop(hour, limited!.roomOf(hour, hours))).toEqual({ welfareGained: 0, pricesMoved: 0 })
  }
  // And it sees a difference where there is one.
  expect(compareLoop(split[2]!, open!.roomOf(split[2]!, hours)).welfareGained).toBeGreaterThan(1000)
})

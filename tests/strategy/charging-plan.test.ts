import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomStream } from '../../src/base/random.ts'
import { chargeOnArrival, serviceOf, siteLoadWh } from '../../src/assets/charging/schedule.ts'
import type { ChargingSession } from '../../src/assets/charging/sessions.ts'
import { planCharging, type ChargingTask } from '../../src/strategy/charging-plan.ts'
import { someSessions } from '../assets/some-sessions.ts'
import { solve, term } from './linear-program.ts'

const intervals = 60
const prices = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: intervals, maxLength: intervals })
const sites = fc.option(fc.integer({ min: 0, max: 30 })).map((limit) => limit ?? Infinity)

function costOf(task: ChargingTask, load: Int32Array): number {
  return load.reduce((sum, energyWh, interval) => sum + energyWh * task.priceTicks[interval]!, 0)
}

/** Most energy, then least cost, as a linear program: a Wh not charged costs more than any price. */
function optimum({ sessions, siteWh, priceTicks }: ChargingTask): { chargedWh: number; cost: number } {
  const missing = 10_000
  const cells = sessions.flatMap(({ arrival, departure }, at) =>
    Array.from({ length: departure - arrival }, (_, since) => ({ at, interval: arrival + since })),
  )
  const name = (cell: { at: number; interval: number }) => `c${cell.at}_${cell.interval}`
  if (cells.length === 0) return { chargedWh: 0, cost: 0 }
  const used = new Set(cells.map((cell) => cell.interval))
  const sum = (own: typeof cells) => own.map((cell) => term(1, name(cell))).join(' ')
  const solved = solve({
    sense: 'Minimize',
    objective: cells.map((cell) => term(priceTicks[cell.interval]! - missing, name(cell))),
    rows: [
      ...sessions.map(({ energyWh }, at) => `${sum(cells.filter((cell) => cell.at === at))} <= ${energyWh}`),
      ...(siteWh === Infinity
        ? []
        : [...used].map(
            (interval) => `${sum(cells.filter((cell) => cell.interval === interval))} <= ${siteWh}`,
          )),
    ],
    bounds: cells.map((cell) => `0 <= ${name(cell)} <= ${sessions[cell.at]!.powerWh}`),
  })
  expect(solved.status).toBe('Optimal')
  const chargedWh = cells.reduce((all, cell) => all + solved.valueOf(name(cell)), 0)
  return { chargedWh, cost: solved.objective + missing * chargedWh }
}

test('planCharging() is what HiGHS finds: the most energy at the least cost, with and without a site limit', () => {
  let limited = 0
  fc.assert(
    fc.property(someSessions({ most: 12 }), prices, sites, (sessions, priceTicks, siteWh) => {
      const task = { sessions, siteWh, priceTicks }
      const schedule = planCharging(task)
      const load = siteLoadWh(sessions, schedule, intervals)
      const best = optimum(task)
      expect(serviceOf(sessions, schedule).chargedWh).toBe(Math.round(best.chargedWh))
      expect(costOf(task, load)).toBeCloseTo(best.cost, 4)
      if (load.some((energyWh) => energyWh === siteWh && energyWh > 0)) limited++
    }),
    { numRuns: 300 },
  )
  expect(limited).toBeGreaterThan(80)
})

test('planCharging() at a crowded site, where who charges first decides who can charge at all', () => {
  // Long stays fill the cheap hours unless they make room for short ones: augmenting paths over several intervals.
  for (let seed = 1; seed <= 60; seed++) {
    const { uniform } = randomStream(seed, 'crowded')
    const whole = (most: number) => Math.floor(uniform() * most)
    const sessions: ChargingSession[] = Array.from({ length: 14 }, (_, vehicle) => {
      const arrival = whole(30)
      return {
        vehicle,
        arrival,
        departure: arrival + 1 + whole(vehicle % 2 === 0 ? 4 : 28),
        energyWh: whole(40),
        powerWh: 1 + whole(9),
      }
    }).sort((a, b) => a.arrival - b.arrival)
    const priceTicks = Array.from({ length: intervals }, () => whole(5))
    const task = { sessions, siteWh: 4 + whole(8), priceTicks }
    const schedule = planCharging(task)
    const best = optimum(task)
    expect(serviceOf(sessions, schedule).chargedWh, `seed ${seed}`).toBe(Math.round(best.chargedWh))
    expect(costOf(task, siteLoadWh(sessions, schedule, intervals)), `seed ${seed}`).toBeCloseTo(best.cost, 4)
  }
})

test('planCharging() keeps the site, gives no less energy than charging on arrival, and at no higher cost for the same', () => {
  fc.assert(
    fc.property(someSessions(), prices, sites, (sessions, priceTicks, siteWh) => {
      const task = { sessions, siteWh, priceTicks }
      const planned = planCharging(task)
      const plain = chargeOnArrival(sessions, siteWh)
      const load = siteLoadWh(sessions, planned, intervals)
      expect(load.every((energyWh) => energyWh <= siteWh)).toBe(true)
      const [after, before] = [serviceOf(sessions, planned), serviceOf(sessions, plain)]
      expect(after.chargedWh).toBeGreaterThanOrEqual(before.chargedWh)
      if (after.chargedWh > before.chargedWh) return
      expect(costOf(task, load)).toBeLessThanOrEqual(costOf(task, siteLoadWh(sessions, plain, intervals)))
    }),
  )
})

test('planCharging() moves a night’s charging into the valley, by hand', () => {
  const truck: ChargingSession = { vehicle: 0, arrival: 0, departure: 6, energyWh: 20, powerWh: 8 }
  const plan = planCharging({ sessions: [truck], siteWh: Infinity, priceTicks: [9, 9, 4, 3, 3, 5] })
  expect([...plan.chargeWh[0]!]).toEqual([0, 0, 4, 8, 8, 0])
})

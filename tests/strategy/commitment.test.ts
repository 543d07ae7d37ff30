import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomStream } from '../../src/base/random.ts'
import {
  bestLoad,
  dispatch,
  heatWhOf,
  type DispatchedUnit,
} from '../../src/strategy/cogeneration-dispatch.ts'
import { commit, type RunningState, type StartRules } from '../../src/strategy/commitment.ts'
import { solve, term } from './linear-program.ts'

const rules = fc.record({
  startCost: fc.integer({ min: 0, max: 60 }),
  leastOn: fc.integer({ min: 1, max: 4 }),
  leastOff: fc.integer({ min: 1, max: 4 }),
})
const from = fc.record({ isOn: fc.boolean(), since: fc.integer({ min: 1, max: 5 }) })

/** Worth of a sequence, or −∞ where it breaks the least times. */
function worthOf(
  isOn: readonly number[],
  values: ArrayLike<number>,
  { startCost, leastOn, leastOff }: StartRules,
  from: RunningState,
): number {
  let [state, since, worth] = [from.isOn ? 1 : 0, from.since, 0]
  for (const [interval, on] of isOn.entries()) {
    if (on !== state) {
      if (since < (state === 1 ? leastOn : leastOff)) return -Infinity
      if (on === 1) worth -= startCost
      ;[state, since] = [on, 0]
    }
    since++
    if (on === 1) worth += values[interval]!
  }
  return worth
}

test('commit() is the best of all sequences of on and off', () => {
  const values = fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 1, maxLength: 9 })
  fc.assert(
    fc.property(values, rules, from, (given, rules, from) => {
      let best = -Infinity
      for (let bits = 0; bits < 2 ** given.length; bits++) {
        const isOn = given.map((_, at) => (bits >> at) & 1)
        best = Math.max(best, worthOf(isOn, given, rules, from))
      }
      const found = commit(Float64Array.from(given), rules, from)
      expect(found.worth).toBe(best)
      expect(worthOf([...found.isOn], given, rules, from)).toBe(best)
    }),
    { numRuns: 250 },
  )
})

test('commit() stands still where it cannot run, and says where that breaks its rules', () => {
  const free = { startCost: 5, leastOn: 1, leastOff: 1 }
  const values = Float64Array.from([10, -Infinity, 10])
  expect([...commit(values, free, { isOn: true, since: 9 }).isOn]).toEqual([1, 0, 1])
  const bound = { startCost: 0, leastOn: 4, leastOff: 1 }
  expect(() => commit(values, bound, { isOn: true, since: 1 })).toThrow(/obeys the least times/)
})

/** Unit commitment as the mixed-integer program it is: load, on, start and stop of every interval. */
function program(unit: DispatchedUnit, heatWh: Float64Array, priceTicks: Float64Array, from: RunningState) {
  const { leastWh, mostWh, fuelTicks, heatTicks, rules } = unit
  const each = [...heatWh.keys()]
  const rows = each.flatMap((t) => {
    const before = t === 0 ? '' : `- on${t - 1}`
    const was = t === 0 && from.isOn ? 1 : 0
    const recent = (name: string, length: number) =>
      each.filter((at) => at > t - length && at <= t).map((at) => term(1, `${name}${at}`))
    return [
      `on${t} ${before} - st${t} + sp${t} = ${was}`,
      `e${t} - ${mostWh} on${t} <= 0`,
      `e${t} - ${leastWh} on${t} >= 0`,
      // Heat that is used: no more than asked for, no more than comes with the load.
      `h${t} - e${t} <= 0`,
      `${recent('st', rules.leastOn).join(' ')} - on${t} <= 0`,
      `${recent('sp', rules.leastOff).join(' ')} + on${t} <= 1`,
    ]
  })
  const heldFor = from.isOn ? rules.leastOn - from.since : rules.leastOff - from.since
  const held = each.filter((t) => t < heldFor).map((t) => `on${t} = ${from.isOn ? 1 : 0}`)
  return solve({
    sense: 'Maximize',
    objective: each.flatMap((t) => [
      term(priceTicks[t]! - fuelTicks, `e${t}`),
      term(heatTicks, `h${t}`),
      term(-rules.startCost, `st${t}`),
    ]),
    rows: [...rows, ...held],
    bounds: each.flatMap((t) => [
      `0 <= e${t} <= ${mostWh}`,
      `0 <= h${t} <= ${Math.max(0, heatWh[t]!)}`,
      ...(heatWh[t]! < 0 ? [`on${t} <= 0`] : []),
    ]),
    binaries: each.flatMap((t) => [`on${t}`, `st${t}`, `sp${t}`]),
  })
}

test('dispatch() earns what HiGHS finds for the mixed-integer program, on 20 stretches of prices and heat', () => {
  let starts = 0
  for (let seed = 1; seed <= 20; seed++) {
    const { uniform } = randomStream(seed, 'dispatch')
    const whole = (low: number, high: number) => low + Math.floor(uniform() * (high - low + 1))
    const length = whole(12, 28)
    const mostWh = 750
    const unit: DispatchedUnit = {
      mostWh,
      leastWh: whole(150, 500),
      fuelTicks: whole(30, 60),
      heatTicks: whole(0, 25),
      rules: { startCost: whole(0, 40_000), leastOn: whole(1, 10), leastOff: whole(1, 8) },
    }
    const level = whole(30, 60)
    const priceTicks = Float64Array.from({ length }, (_, t) =>
      Math.max(0, Math.round(level + 25 * Math.sin((2 * Math.PI * t) / 24) + 10 * uniform())),
    )
    const stops = whole(0, length)
    const heatWh = Float64Array.from({ length }, (_, t) => (t >= stops && t < stops + 3 ? -1 : whole(0, 900)))
    const from = { isOn: uniform() < 0.5 && stops > 12, since: whole(1, 12) }
    const plan = dispatch(unit, heatWh, priceTicks, from)
    const solved = program(unit, heatWh, priceTicks, from)
    expect(solved.status, `seed ${seed}`).toBe('Optimal')
    expect(Math.abs(plan.worth - solved.objective), `seed ${seed}`).toBeLessThan(
      1e-6 * Math.max(1, Math.abs(solved.objective)),
    )
    const runs = [from.isOn ? 1 : 0, ...plan.energyWh].map((energyWh) => (energyWh > 0 ? 1 : 0))
    starts += runs.filter((on, t) => t > 0 && on === 1 && runs[t - 1] === 0).length
    for (const energyWh of plan.energyWh) {
      expect(energyWh === 0 || (energyWh >= unit.leastWh && energyWh <= mostWh)).toBe(true)
    }
  }
  expect(starts).toBeGreaterThan(8)
})

const unit: DispatchedUnit = {
  leastWh: 300,
  mostWh: 750,
  fuelTicks: 4500,
  heatTicks: 1000,
  rules: { startCost: 1_000_000, leastOn: 1, leastOff: 1 },
}

test('bestLoad() follows the heat between fuel less credit and fuel, and runs full above the fuel, by hand', () => {
  // At 0.40 CNY a kWh loses 0.05 without its heat and gains 0.05 with it.
  expect(bestLoad(unit, 500, 4000)).toEqual({ energyWh: 500, value: 500 * -500 + 500 * 1000 })
  expect(bestLoad(unit, 100, 4000)).toEqual({ energyWh: 300, value: 300 * -500 + 100 * 1000 })
  expect(bestLoad(unit, 900, 4000).energyWh).toBe(750)
  expect(bestLoad(unit, 100, 5000)).toEqual({ energyWh: 750, value: 750 * 500 + 100 * 1000 })
  expect(bestLoad(unit, 500, 3000).energyWh).toBe(300)
})

test('dispatch() runs through a short loss to save a start, and not through a long one, by hand', () => {
  // Each good interval earns 750 · 5000 = 3.75 million Wh·tick, each bad one loses 300 · 1,500 = 0.45 million.
  const good = 9500
  const bad = 3000
  const heat = (length: number) => new Float64Array(length)
  const plan = (...prices: number[]) => {
    const found = dispatch(unit, heat(prices.length), Float64Array.from(prices), { isOn: true, since: 9 })
    return [...found.energyWh]
  }
  expect(plan(good, bad, bad, good)).toEqual([750, 300, 300, 750])
  expect(plan(good, bad, bad, bad, good)).toEqual([750, 0, 0, 0, 750])
})

test('heatWhOf() marks the days of the overhaul', () => {
  const share = new Float64Array(192).fill(0.5)
  const heat = heatWhOf({ share, isReady: Uint8Array.from([1, 0]) }, 750)
  expect([heat[0], heat[95], heat[96], heat[191]]).toEqual([375, 375, -1, -1])
})

import { expect, test } from 'vitest'
import { randomStream } from '../../src/base/random.ts'
import {
  compressorWh,
  cooledC,
  coolingKPerWh,
  keptShare,
  warmedC,
  type ColdStore,
} from '../../src/assets/cold-store.ts'
import { ColdPlanner, type ColdTask } from '../../src/strategy/cold-plan.ts'
import { solve, term } from './linear-program.ts'

function someTask(seed: number, intervals: number): ColdTask {
  const { uniform } = randomStream(seed, 'cold-plan')
  const between = (low: number, high: number) => low + uniform() * (high - low)
  const store: ColdStore = {
    compressorKw: between(20, 300),
    cop: between(1.5, 4),
    capacityKwhPerK: between(40, 400),
    conductanceKwPerK: between(2, 6),
    lowestC: -24,
    highestC: between(-23.5, -18),
    goodsHeatKw: 0,
    workFromHour: 0,
    workToHour: 0,
  }
  const level = between(-5, 30)
  const tempC = between(store.lowestC, store.highestC)
  return {
    store,
    tempC,
    endC: between(tempC, store.highestC),
    airTempC: Float64Array.from({ length: intervals }, (_, t) => level + 5 * Math.sin(t / 15)),
    heatKw: Float64Array.from({ length: intervals }, () => between(0, 80)),
    priceTicks: Float64Array.from({ length: intervals }, () => Math.floor(between(0, 12_000))),
  }
}

/** The same store as a linear program in temperatures, without a chain and without rounding. */
function optimum({ store, tempC, endC, airTempC, heatKw, priceTicks }: ColdTask, intervals: number) {
  const [kept, perWh] = [keptShare(store), coolingKPerWh(store)]
  const each = Array.from({ length: intervals }, (_, t) => t)
  // x = highest − T, in kelvins above 0; energies in kWh.
  const losses = each.map((t) => warmedC(store, store.highestC, airTempC[t]!, heatKw[t]!) - store.highestC)
  return solve({
    sense: 'Minimize',
    objective: each.map((t) => term(priceTicks[t]!, `e${t}`)),
    rows: each.map((t) => {
      const before = t === 0 ? '' : term(-kept, `x${t - 1}`)
      const start = t === 0 ? kept * (store.highestC - tempC) : 0
      return `x${t} ${before} ${term(-perWh * 1000, `e${t}`)} = ${start - losses[t]!}`
    }),
    bounds: each.flatMap((t) => [
      `0 <= e${t} <= ${compressorWh(store) / 1000}`,
      `${t === intervals - 1 ? store.highestC - endC : 0} <= x${t} <= ${store.highestC - store.lowestC}`,
    ]),
  })
}

test('plan() costs what HiGHS finds for the store, and holds the band: 75 horizons', () => {
  let [solvedCases, warmings] = [0, 0]
  for (let seed = 1; seed <= 75; seed++) {
    const intervals = [8, 24, 96][seed % 3]!
    const task = someTask(seed, intervals)
    const solved = optimum(task, intervals)
    const energyWh = new ColdPlanner(intervals).plan(task)
    let { tempC } = task
    let [worstK, cost] = [0, 0]
    energyWh.forEach((each, t) => {
      tempC = cooledC(task.store, tempC, { airTempC: task.airTempC[t]!, heatKw: task.heatKw[t]! }, each)
      worstK = Math.max(worstK, tempC - task.store.highestC)
      cost += (each / 1000) * task.priceTicks[t]!
      expect(each).toBeGreaterThanOrEqual(0)
      expect(each).toBeLessThanOrEqual(compressorWh(task.store))
    })
    if (solved.status !== 'Optimal') {
      // Too small a compressor: then the plan is warm as well.
      expect(Math.max(worstK, tempC - task.endC), `seed ${seed}`).toBeGreaterThan(0)
      warmings++
      continue
    }
    solvedCases++
    // Whole Wh of the chain: a plan may miss the edge by what a few Wh cool.
    const fewWh = 3 * intervals * coolingKPerWh(task.store)
    expect(worstK, `seed ${seed}`).toBeLessThan(fewWh)
    expect(tempC - task.endC, `seed ${seed}`).toBeLessThan(fewWh)
    const tolerance = 1e-6 * solved.objective + (3 * intervals * 12_000) / 1000
    expect(Math.abs(cost - solved.objective), `seed ${seed}`).toBeLessThan(tolerance)
  }
  expect([solvedCases > 45, warmings > 5]).toEqual([true, true])
})

test('plan() cools in the valley before a dear hour, by hand', () => {
  const store: ColdStore = {
    compressorKw: 100,
    cop: 2,
    capacityKwhPerK: 1000,
    conductanceKwPerK: 1e-6,
    lowestC: -22,
    highestC: -20,
    goodsHeatKw: 0,
    workFromHour: 0,
    workToHour: 0,
  }
  // 80 kW of heat are 20 kWh a quarter-hour, 10 kWh of electricity at a COP of 2; the compressor can do 25 kWh. The plan
  // takes 25 and 15 in the two cheap intervals and nothing in the two dear ones.
  const energyWh = new ColdPlanner(4).plan({
    store,
    tempC: -20,
    endC: -20,
    airTempC: [-20, -20, -20, -20],
    heatKw: [80, 80, 80, 80],
    priceTicks: [3000, 3001, 9000, 9000],
  })
  expect([...energyWh].map((each) => Math.round(each / 100) / 10)).toEqual([25, 15, 0, 0])
})

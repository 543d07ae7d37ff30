import { expect, test } from 'vitest'
import { dispatch } from '../../src/strategy/cogeneration-dispatch.ts'
import { Baselines } from '../../src/simulation/baselines.ts'
import { dispatchYear } from '../../src/simulation/dispatch-desk.ts'
import type { SimulationResult } from '../../src/simulation/result.ts'
import { Progress, runMarket } from '../../src/simulation/run-market.ts'
import type { RunState } from '../../src/simulation/run-state.ts'
import { simulate } from '../../src/simulation/simulate.ts'
import { buildWorld, makeSellers, type World } from '../../src/simulation/world.ts'
import { minimal, zoneOf } from './zones.ts'

const park = 'scenarios/flexible-park.yaml'

async function run(file: string, ...set: string[]): Promise<SimulationResult> {
  const answer = await simulate(zoneOf(file, ...set), { version: 'test', readFile: () => undefined })
  if (!answer.ok) throw new Error(JSON.stringify(answer.faults))
  return answer.value
}

function worldOf(...set: string[]): World {
  const built = buildWorld(zoneOf(park, ...set), () => undefined)
  if (!built.ok) throw new Error(JSON.stringify(built.faults))
  return built.value
}

/** Both runs of a world, with all their books. */
async function bothRuns(world: World): Promise<{ before: RunState; after: RunState }> {
  const variant = {
    regime: world.zone.wheeling.regime,
    storage: true,
    cogeneration: true,
    cogenerationOutsideE8: null,
    tallies: true,
    tradeList: false,
  }
  const market = await runMarket(world, variant, new Progress(1, undefined))
  return { before: new Baselines(world).of('as-named', null).state, after: market.state }
}

const world = worldOf()
const { before, after } = await bothRuns(world)
const result = await run(park)
const { main } = result
const machines = main.machines!
const sum = (column: ArrayLike<number>) => Array.prototype.reduce.call(column, (a, b) => a + b, 0) as number
const pvUnits = world.zone.pvUnits.length

test('money sums to 0 and energy is conserved in both runs, whatever machines decide', () => {
  expect(main.ledger.residualE11).toBe(0n)
  expect(main.accounts.reduce((total, { changeE11 }) => total + changeE11, 0n)).toBe(0n)
  for (const [state, which] of [
    [before, 'before'],
    [after, 'after'],
  ] as const) {
    const turnedDown = machines.curtailed.reduce((total, unit) => total + unit[`${which}Wh`], 0)
    const sent = state.sellers.reduce((total, { meteredWh }) => total + sum(meteredWh), 0) - turnedDown
    const bought = state.world.buyers.reduce((total, { meteredWh }) => total + sum(meteredWh), 0)
    expect(state.importWh - state.exportWh).toBe(bought - sent)
  }
})

test('the arcs carry what the meters show: at the root, import and export of the zone', () => {
  const { energy, grid } = main
  expect([grid.before.upWh[0], grid.before.downWh[0]]).toEqual([energy.exportBeforeWh, energy.importBeforeWh])
  expect([grid.after.upWh[0], grid.after.downWh[0]]).toEqual([energy.exportAfterWh, energy.importAfterWh])
})

test('the columns of the report hold what was decided', () => {
  expect(sum(main.columns.loadWh)).toBe(main.energy.loadWh)
  expect(sum(main.columns.pvWh)).toBe(main.energy.pvWh)
  expect(sum(main.columns.cogenerationWh)).toBe(main.energy.cogenerationWh)
  expect(sum(main.columns.importWh)).toBe(main.energy.importAfterWh)
})

test('loads serve in the market as they do without it, and cost their contract no less', () => {
  const [depot, store] = machines.loads
  for (const year of [depot!.uncontrolled, depot!.before, depot!.after]) {
    expect(year.service).toMatchObject({ kind: 'charging', shortSessions: 0, shortWh: 0 })
    expect(year.energyWh).toBe(depot!.uncontrolled.energyWh)
  }
  for (const year of [store!.before, store!.after]) expect(year.service).toMatchObject({ warmIntervals: 0 })
  // Without the market the contract's prices are all that counts; with it they are not.
  expect(store!.before.contractE11).toBeLessThanOrEqual(store!.after.contractE11)
  expect(store!.before.contractE11).toBeLessThan(store!.uncontrolled.contractE11)
})

test('a depot with one price at all hours charges when its neighbours’ sun is cheap, once there is a market', () => {
  const noonShare = (state: RunState) => {
    const column = state.world.buyers[1]!.meteredWh
    const noon = column.filter((_, interval) => interval % 96 >= 40 && interval % 96 < 56)
    return sum(noon) / sum(column)
  }
  expect(noonShare(after)).toBeGreaterThan(noonShare(before) + 0.1)
})

test('a dispatched unit keeps its load and least times, and its fuel is what it burns, in both runs', () => {
  const { dispatch: unit } = world.zone.cogenerations[0]!
  const heatWh = world.series.heatWh[0]!
  for (const [state, told] of [
    [before, machines.units[0]!.before],
    [after, machines.units[0]!.after],
  ] as const) {
    const { meteredWh } = state.sellers[pvUnits]!
    let [isOn, since, starts, cost] = [true, 999, 0, 0]
    meteredWh.forEach((energyWh, interval) => {
      expect(energyWh === 0 || (energyWh >= unit!.leastWh && energyWh <= unit!.mostWh)).toBe(true)
      if (energyWh > 0 !== isOn) {
        expect(since).toBeGreaterThanOrEqual(isOn ? unit!.rules.leastOn : unit!.rules.leastOff)
        if (!isOn) {
          starts++
          cost += unit!.rules.startCost
        }
        isOn = !isOn
        since = 0
      }
      since++
      cost += energyWh * unit!.fuelTicks - Math.min(energyWh, heatWh[interval]!) * unit!.heatTicks
    })
    expect(told).toEqual({
      generatedWh: sum(meteredWh),
      starts,
      runningIntervals: meteredWh.filter((energyWh) => energyWh > 0).length,
      fuelE11: BigInt(cost) * 10_000n,
    })
  }
  expect(machines.units[0]!.before.starts).toBeGreaterThan(3)
})

test.each([
  ['a unit', []],
  // Its plan idles between dear hours for nothing; one taken to stand still then would pay a start for each.
  ['a unit without a least load', ['min_load_share=0', 'dispatch.start_cost_cny=2000']],
])('planned day by day, %s earns nearly what one plan for all days earns', (_, set) => {
  const days = worldOf('calendar.to=2027-05-31', ...set.map((each) => `participants.cogeneration.0.${each}`))
  const { dispatch: unit } = days.zone.cogenerations[0]!
  const heatWh = days.series.heatWh[0]!
  const { outsideE8 } = makeSellers(days, null)[pvUnits]!
  const priceTicks = outsideE8.map((e8) => e8 / 10_000)
  const whole = dispatch(unit!, heatWh, priceTicks, { isOn: true, since: 96 })
  const rolling = dispatchYear(unit!, heatWh, outsideE8)
  let [worth, wasOn] = [0, true]
  rolling.forEach((energyWh, t) => {
    worth += energyWh * (priceTicks[t]! - unit!.fuelTicks) + Math.min(energyWh, heatWh[t]!) * unit!.heatTicks
    if (energyWh > 0 && !wasOn) worth -= unit!.rules.startCost
    wasOn = energyWh > 0
  })
  expect(worth).toBeLessThanOrEqual(whole.worth + 1e-3)
  expect(worth).toBeGreaterThan(0.99 * whole.worth)
})

test('PV is turned down just where it earns too little outside, and sold instead where a neighbour buys', () => {
  const { surplusWh } = world.meter
  const [unit] = machines.curtailed
  const cheap = (interval: number) => world.upstreamE8[interval]! < 31_000_000
  const idle = surplusWh[1]!.filter((_, interval) => cheap(interval))
  expect(unit).toMatchObject({ id: 'plant-spot', beforeWh: sum(idle) })
  expect(unit!.afterWh).toBeLessThan(0.9 * unit!.beforeWh)
  const pv = main.pv[1]!
  expect(pv.generatedWh).toBe(sum(surplusWh[1]!) - unit!.afterWh)
  // It never sells below what a kWh must earn: each half of the saving is the seller's.
  const [fedIn, sold] = [after.fedInWh, after.soldWh].map((column) =>
    sum(column.subarray(after.months, 2 * after.months)),
  )
  expect(fedIn! + sold!).toBe(pv.generatedWh)
  expect(Number(pv.incomeAfterE11) / 1e8 / (fedIn! + sold!)).toBeGreaterThan(0.31)
})

test('a scenario without such machines has no word of them in its results', async () => {
  const plain = await run(minimal)
  expect('machines' in plain.main).toBe(false)
  expect(plain.main.accounts.map(({ account }) => account)).not.toContain('fuel')
})

test('parks that may not feed in lose just what neighbours do not buy', async () => {
  const noExport = await run(
    park,
    'participants.pv_plants.0.outside={ price_cny_per_kwh: 0 }',
    'participants.pv_plants.0.curtail_below_cny_per_kwh=0.0001',
  )
  const [first] = noExport.main.machines!.curtailed
  const pv = noExport.main.pv[0]!
  expect(pv.tradedWh).toBeGreaterThan(10_000_000)
  expect(first!.beforeWh).toBe(pv.generatedWh + first!.afterWh)
  expect(pv.incomeBeforeE11).toBe(0n)
  expect(pv.generatedWh).toBe(pv.tradedWh)
})
